//! The binary as a child process: what it prints, and how it ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use tempfile::NamedTempFile;

use super::PATIENCE;

#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// The lines of its standard output; disconnected when it has ended. Locked, so that threads can share a server.
    lines: Mutex<Receiver<String>>,
    /// Its standard error.
    log: NamedTempFile,
    ended: bool,
}

/// How a server ended: its exit code, none after `kill -9`, and what it wrote to its standard error.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) log: String,
}

impl Process {
    /// Runs `stonechat serve` with these settings, and with none from the environment.
    pub(crate) fn serve<'a>(settings: impl IntoIterator<Item = &'a str>) -> Self {
        Self::run(std::iter::once("serve").chain(settings))
    }

    /// Runs `stonechat` with these arguments, and with no settings from the environment.
    pub(crate) fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stonechat"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("STONECHAT_")) {
            command.env_remove(name);
        }
        let log = tempfile::Builder::new().append(true).tempfile().expect("a temporary file can be made");
        let mut child = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.as_file().try_clone().expect("a file can be shared"))
            .spawn()
            .expect("the server's binary can be run");
        let output = child.stdout.take().expect("it was asked for");
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines: Mutex::new(lines), log, ended: false }
    }

    /// The next line on its standard output; `None` once it has ended.
    pub(crate) fn line(&mut self) -> Option<String> {
        match self.lines.get_mut().expect("nobody panics holding it").recv_timeout(PATIENCE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the server neither printed a line nor ended:\n{}", self.log()),
        }
    }

    pub(crate) fn terminate(&mut self) {
        let pid = self.child.id().to_string();
        let status = Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status();
        assert!(status.expect("a shell can be run").success(), "the server has gone already:\n{}", self.log());
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child can be killed");
    }

    /// Waits until it has ended. Whatever happened to it: it did not panic.
    pub(crate) fn end(&mut self) -> Ended {
        while let Some(line) = self.line() {
            assert!(!line.is_empty(), "an empty line on standard output");
        }
        let code = self.child.wait().expect("a child can be waited for").code();
        self.ended = true;
        let log = self.log();
        assert!(!log.contains("panicked"), "the server panicked:\n{log}");
        Ended { code, log }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).expect("the server logs in UTF-8")
    }

    /// How many files it may have open, and how many its starter would let it have, as the system names them.
    pub(crate) fn file_limits(&self) -> (String, String) {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).expect("it is running");
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("there is such a limit");
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// Bytes of memory that it has in use.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it is running");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a process has memory");
        let kilobytes = line.split_whitespace().nth(1).expect("it has a number");
        kilobytes.parse::<u64>().expect("it is a number") * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // It may be gone already: that is for `end` to say.
        drop(self.child.kill());
        if std::thread::panicking() {
            drop(self.child.wait());
            eprintln!("The server's log:\n{}", self.log());
        } else {
            self.end();
        }
    }
}
