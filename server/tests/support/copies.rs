//! The commands `backup` and `restore`, and what folders and files hold before and after them.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Client, Process, Server};

/// Runs `stonechat backup` or `restore`: the line that it prints, or the sentence that says why not.
pub(crate) fn run(command: &str, file: &Path, data: &Path) -> Result<String, String> {
    let mut process = Process::run([command, file.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    let line = process.line();
    let ended = process.end();
    match line {
        Some(line) => {
            assert_eq!((ended.code, ended.log.as_str()), (Some(0), ""));
            Ok(line)
        }
        None => {
            assert_eq!(ended.code, Some(1), "{}", ended.log);
            assert_eq!(ended.log.lines().count(), 1, "one line, and no more: {}", ended.log);
            assert!(ended.log.trim_end().ends_with('.'), "{}", ended.log);
            Err(ended.log)
        }
    }
}

pub(crate) fn backup(server: &Server, file: &Path) -> Result<String, String> {
    run("backup", file, server.data())
}

pub(crate) fn restore(file: &Path, server: &Server) -> Result<String, String> {
    run("restore", file, server.data())
}

pub(crate) fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monday.db");
    (folder, file)
}

/// Everything in a folder, by name.
pub(crate) fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap_or_default())).collect();
    files.sort();
    files
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

pub(crate) fn texts(file: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut statement = connection.prepare("SELECT text FROM messages ORDER BY room, seq").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// More than a small disk holds.
pub(crate) fn long_posts(server: &Server) {
    let mut client = Client::guest(server);
    for _ in 0..400 {
        client.post("lobby", &"x".repeat(4_000));
    }
}
