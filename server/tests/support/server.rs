//! A server of a test's own: started, stopped, killed, and started again on the same data.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::Ended;
use super::{Answer, Process};

#[derive(Debug)]
pub(crate) struct Server {
    process: Option<Process>,
    settings: Vec<String>,
    data: PathBuf,
    pub(crate) port: u16,
    /// Goes with the server.
    _folder: Option<TempDir>,
}

/// Somebody with a session.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) token: String,
}

impl Server {
    /// One without limits on rates and the number of connections.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// One with these settings; those that are not named are as in [`Server::start`].
    pub(crate) fn with(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let data = folder.path().join("data");
        let mut server = Self::on(&data, settings);
        server._folder = Some(folder);
        server
    }

    /// One on this data folder.
    pub(crate) fn on(data: &Path, settings: &[&str]) -> Self {
        let mut all: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let free = [("--post-rate", "0"), ("--search-rate", "0"), ("--connections-per-ip", "0")];
        for (name, value) in [("--addr", "127.0.0.1:0")].into_iter().chain(free) {
            if !settings.contains(&name) {
                all.extend([name.to_owned(), value.to_owned()]);
            }
        }
        all.extend(["--data".to_owned(), data.to_str().expect("the path is plain").to_owned()]);
        let mut server = Self { process: None, settings: all, data: data.to_owned(), port: 0, _folder: None };
        server.begin();
        server
    }

    /// Starts it, on another port, with the same data.
    pub(crate) fn begin(&mut self) {
        let mut process = Process::serve(self.settings.iter().map(String::as_str));
        let Some(line) = process.line() else { panic!("the server did not start:\n{}", process.log()) };
        let port = line.strip_prefix("Stonechat listens on http://127.0.0.1:").and_then(|port| port.parse().ok());
        self.port = port.unwrap_or_else(|| panic!("the first line names no address: {line}"));
        self.process = Some(process);
    }

    /// Asks it to go, and waits until it is gone.
    pub(crate) fn stop(&mut self) -> Ended {
        self.terminate();
        self.end()
    }

    /// Asks it to go.
    pub(crate) fn terminate(&mut self) {
        self.running().terminate();
    }

    pub(crate) fn end(&mut self) -> Ended {
        let ended = self.running().end();
        self.process = None;
        ended
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.running().kill();
        self.end();
    }

    pub(crate) fn restart(&mut self) {
        assert_eq!(self.stop().code, Some(0), "a server that was asked to stop ends well");
        self.begin();
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    pub(crate) fn log(&self) -> String {
        self.process.as_ref().map(Process::log).unwrap_or_default()
    }

    pub(crate) fn file_limits(&self) -> (String, String) {
        self.process.as_ref().expect("the server is running").file_limits()
    }

    pub(crate) fn memory(&self) -> u64 {
        self.process.as_ref().expect("the server is running").memory()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    pub(crate) fn get_as(&self, person: &Person, path: &str) -> Answer {
        self.ask("GET", path, &[("Authorization", &person.bearer())], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[], Some(body.to_string()))
    }

    pub(crate) fn post_as(&self, person: &Person, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[("Authorization", &person.bearer())], Some(body.to_string()))
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        Answer::to(self.port, method, path, headers, body.as_deref().unwrap_or_default().as_bytes())
    }

    /// Uploads these bytes under this name.
    pub(crate) fn upload(&self, person: &Person, name: &str, bytes: &[u8]) -> Answer {
        let named: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let headers = [("Authorization", person.bearer())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Answer::to(self.port, "POST", &format!("/api/files?name={named}"), &headers, bytes)
    }

    /// The same, where it must be taken: what the server says of it.
    pub(crate) fn uploaded(&self, person: &Person, name: &str, bytes: &[u8]) -> Value {
        let answer = self.upload(person, name, bytes);
        assert_eq!(answer.status, 201, "{name}: {}", answer.text());
        answer.json()
    }

    /// Signs somebody new in.
    pub(crate) fn person(&self, name: &str) -> Person {
        let answer = self.post("/api/session", &json!({"name": name}));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let session = answer.json();
        let text = |value: &Value| value.as_str().expect("it is a string").to_owned();
        Person { id: text(&session["user"]["id"]), name: name.to_owned(), token: text(&session["token"]) }
    }

    fn running(&mut self) -> &mut Process {
        self.process.as_mut().expect("the server is running")
    }
}

impl Person {
    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}
