//! The release binary, on a free port with a data folder of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use crate::{evidence, plain_http};

/// What the server prints first, before the address.
const LISTENS: &str = "Stonechat listens on http://";
/// How long a test waits for a figure.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server. Dropping it stops it and removes its data.
#[derive(Debug)]
pub struct Server {
    process: Option<Child>,
    addr: SocketAddr,
    folder: PathBuf,
    options: Vec<String>,
}

impl Server {
    /// With an empty data folder and without limits, so that a test is as fast as it can be.
    pub fn start() -> Self {
        Self::start_with(&["--post-rate", "0", "--connections-per-ip", "0"])
    }

    pub fn start_with(options: &[&str]) -> Self {
        let folder = fresh_folder();
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let mut server = Self { process: None, addr: SocketAddr::from(([127, 0, 0, 1], 0)), folder, options };
        server.start_again();
        server
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// As a power cut would: no goodbye, nothing flushed.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("our own process can be killed");
            process.wait().expect("our own process can be waited for");
        }
    }

    /// As `systemctl stop` would. Returns how long it took until it was gone, which it must be by itself.
    pub fn stops(&mut self) -> Duration {
        let mut process = self.process.take().expect("the server runs");
        let start = Instant::now();
        let pid = Pid::from_child(&process);
        rustix::process::kill_process(pid, Signal::TERM).expect("our own process can be told to stop");
        let status = process.wait().expect("our own process can be waited for");
        assert!(status.success(), "the server ended with {status}: {}", self.said());
        start.elapsed()
    }

    /// On the same port with the same data. Returns when it listens.
    pub fn start_again(&mut self) {
        let mut process = self.spawn();
        let out = process.stdout.take().expect("it is piped");
        self.process = Some(process);
        let mut out = BufReader::new(out);
        let mut line = String::new();
        out.read_line(&mut line).expect("the server says where it listens");
        let addr = line.trim().strip_prefix(LISTENS).and_then(|addr| addr.trim_end_matches('/').parse().ok());
        self.addr = addr.unwrap_or_else(|| panic!("the server's first line is {line:?}; its log: {}", self.said()));
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
    }

    /// Starts, and is killed when so much time has passed, whether it listens by then or not.
    pub fn dies_while_it_starts(&mut self, after: Duration) {
        let mut process = self.spawn();
        std::thread::sleep(after);
        process.kill().expect("our own process can be killed");
        process.wait().expect("our own process can be waited for");
    }

    /// Bytes of memory that it has in use.
    pub fn memory(&self) -> u64 {
        let process = self.process.as_ref().expect("the server runs");
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
        kilobytes.unwrap_or(0_u64) * 1024
    }

    /// One of the figures at `/metrics`.
    pub fn figure(&self, name: &str) -> u64 {
        let (_, text) = plain_http::request(self.addr, "GET", "/metrics", "", "").expect("the server answers");
        let text = String::from_utf8_lossy(&text).into_owned();
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
        value.unwrap_or_else(|| panic!("{name} is a figure in {text}"))
    }

    /// Until this figure is so high, or so low.
    pub fn waits_until(&self, name: &str, is: u64) {
        let start = Instant::now();
        while self.figure(name) != is {
            assert!(start.elapsed() < PATIENCE, "{name} is {} and not {is}", self.figure(name));
        }
    }

    /// Saves everything to a file beside its data, which it answers.
    pub fn backs_up(&self) -> PathBuf {
        let file = self.folder.join("backup.db");
        self.runs("backup", &file);
        file
    }

    /// Puts what was saved in the place of its data. It must not run.
    pub fn restores(&self, file: &Path) {
        assert!(self.process.is_none(), "the server runs");
        self.runs("restore", file);
    }

    fn runs(&self, command: &str, file: &Path) {
        let data = self.folder.join("data");
        let output = Command::new(binary()).arg(command).arg(file).arg("--data").arg(data).output();
        let output = output.expect("the server's binary is there: `cargo xtask test` builds it");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn spawn(&self) -> Child {
        assert!(self.process.is_none(), "the server runs already");
        let log = std::fs::File::options().create(true).append(true).open(self.log()).expect("a log can be written");
        Command::new(binary())
            .arg("serve")
            .args(["--addr", &self.addr.to_string(), "--data"])
            .arg(self.folder.join("data"))
            .args(&self.options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the server's binary is there: `cargo xtask test` builds it")
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        if std::thread::panicking() {
            evidence::keep("server.log", &std::fs::read(self.log()).unwrap_or_default());
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// `$STONECHAT_BIN`, or where `cargo xtask build` puts it.
fn binary() -> PathBuf {
    match std::env::var_os("STONECHAT_BIN") {
        Some(path) => path.into(),
        None => evidence::target().join("release/stonechat"),
    }
}

/// A folder that nobody else has.
pub(crate) fn fresh_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("stonechat-e2e-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(&std::env::temp_dir()).join(name);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
}
