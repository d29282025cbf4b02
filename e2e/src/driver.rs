//! chromedriver and geckodriver: one process a page, on a port that it chooses itself.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::browser::Browser;

/// How long a driver may take to start on a busy machine.
const STARTS: Duration = Duration::from_secs(30);

/// How often one is started anew that ended at once. chromedriver takes a free port of IPv6 and then the same one of
/// IPv4, and ends where anybody has it; on a busy machine that happens once in some thousand starts.
const ATTEMPTS: usize = 5;

/// How much of its talk is kept for the case of failure.
const TALK: usize = 2_000;

/// A running driver. Dropping it stops it and the browser that it started.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    addr: SocketAddr,
    said: Arc<Mutex<Vec<String>>>,
}

impl Driver {
    pub fn start(browser: Browser) -> Self {
        let mut ends = Vec::new();
        for _ in 0..ATTEMPTS {
            match Self::attempt(browser) {
                Ok(driver) => return driver,
                Err(said) => ends.push(said),
            }
        }
        panic!("the driver ended {ATTEMPTS} times before it named its port: {ends:#?}");
    }

    /// What it said, where it ended before it named its port.
    fn attempt(browser: Browser) -> Result<Self, Vec<String>> {
        let mut command = match browser {
            Browser::Chromium => {
                let mut command = Command::new("chromedriver");
                command.arg("--port=0");
                command
            }
            Browser::Firefox => {
                let mut command = Command::new("geckodriver");
                // The second port is for WebDriver BiDi; its default would be taken by the next driver.
                command.args(["--port", "0", "--websocket-port", "0"]);
                command
            }
        };
        let process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap_or_else(
                |error| panic!("{:?} does not start: {error}; `cargo xtask test` fetches it", command.get_program()),
            );
        let said = Arc::new(Mutex::new(Vec::new()));
        // Built before its port is known, so that it is stopped whatever happens.
        let mut driver = Self { process, addr: SocketAddr::from(([127, 0, 0, 1], 0)), said };
        let (found, port) = mpsc::channel();
        listen(driver.process.stdout.take().expect("it is piped"), driver.said.clone(), found.clone());
        listen(driver.process.stderr.take().expect("it is piped"), driver.said.clone(), found);
        match port.recv_timeout(STARTS) {
            Ok(port) => driver.addr.set_port(port),
            // Both pipes are closed: it ended.
            Err(RecvTimeoutError::Disconnected) => return Err(driver.lines()),
            Err(RecvTimeoutError::Timeout) => {
                panic!("the driver named no port within {} s: {:?}", STARTS.as_secs(), driver.lines())
            }
        }
        Ok(driver)
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The last of what the driver and its browser printed, the page's console in Firefox included.
    pub fn said(&self) -> String {
        self.lines().join("\n")
    }

    fn lines(&self) -> Vec<String> {
        self.said.lock().map(|lines| lines.clone()).unwrap_or_default()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Keeps what is said, and sends the port that is named in it.
fn listen(stream: impl Read + Send + 'static, said: Arc<Mutex<Vec<String>>>, found: mpsc::Sender<u16>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if let Some(port) = port(&line) {
                let _ = found.send(port);
            }
            if let Ok(mut said) = said.lock() {
                if said.len() >= TALK {
                    said.remove(0);
                }
                said.push(line);
            }
        }
    });
}

/// `ChromeDriver was started successfully on port 41233.` and `… Listening on 127.0.0.1:41233`.
fn port(line: &str) -> Option<u16> {
    let (_, after) =
        line.split_once("started successfully on port ").or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    after.trim().trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_drivers_name_their_port() {
        assert_eq!(super::port("ChromeDriver was started successfully on port 41233."), Some(41233));
        assert_eq!(super::port("1763863812\tgeckodriver\tINFO\tListening on 127.0.0.1:4444"), Some(4444));
        assert_eq!(super::port("Only local connections are allowed."), None);
    }
}
