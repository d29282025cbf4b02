//! What a browser keeps between two starts.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::browser::{Browser, Look, firefox_binary};
use crate::driver::Driver;
use crate::evidence::target;
use crate::plain_http;
use crate::server::fresh_folder;

/// Starts until Firefox has everything that it keeps for the next: after the second nothing is new.
const STARTS: usize = 2;

/// A folder of a browser's own. Dropped, it is gone.
#[derive(Debug)]
pub struct Profile(PathBuf);

impl Profile {
    /// As of a browser that was never used, but for Firefox that was started before: half of what a page of its costs goes
    /// into a first start, which has nothing to do with us.
    pub fn fresh(browser: Browser) -> Self {
        let profile = Self(fresh_folder());
        if browser == Browser::Firefox {
            copy(&started_firefox(), &profile.0).expect("the folder for temporary files can be written");
        }
        profile
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // Best effort: it is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The profile of a Firefox of this version that was started and ended. The first test that asks makes it, and the others
/// wait for it.
fn started_firefox() -> PathBuf {
    let folder = target().join("e2e-firefox").join(stamp());
    let ready = folder.join("ready");
    let lock = folder.with_extension("lock");
    fs::create_dir_all(folder.parent().unwrap_or(&folder)).expect("the target folder can be written");
    let lock = File::create(lock).expect("the target folder can be written");
    lock.lock().expect("the target folder can be locked");
    if !ready.exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the target folder can be written");
        for _ in 0..STARTS {
            start_and_end(&folder);
        }
        fs::write(ready, "").expect("the target folder can be written");
    }
    folder
}

fn start_and_end(folder: &Path) {
    let driver = Driver::start(Browser::Firefox);
    let capabilities = Value::Object(Browser::Firefox.capabilities(Look::default(), folder));
    let asked = json!({ "capabilities": { "alwaysMatch": capabilities } });
    let answer = plain_http::json(driver.addr(), "POST", "/session", "", &asked);
    let session = answer.as_ref().and_then(|answer| answer["value"]["sessionId"].as_str());
    let session = session.unwrap_or_else(|| panic!("Firefox does not start: {answer:?}\n{}", driver.said()));
    let ended = plain_http::json(driver.addr(), "DELETE", &format!("/session/{session}"), "", &Value::Null);
    assert!(ended.is_some(), "Firefox does not end: {}", driver.said());
}

/// Another version keeps other things.
fn stamp() -> String {
    let binary = firefox_binary().and_then(|binary| fs::canonicalize(binary).ok());
    let changed = binary.and_then(|binary| fs::metadata(binary).and_then(|it| it.modified()).ok());
    let since = changed.and_then(|changed| changed.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or_else(|| "any".to_owned(), |since| since.as_secs().to_string())
}

/// Files and folders; a lock, which is a link, is nobody else's.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, to) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &to)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
