//! A server that cannot start says why, and what to do, in a sentence.

use std::path::Path;

use crate::support::{Client, Process, Server};

/// Runs a server that must not start, and answers what it said.
fn refused(addr: &str, data: &Path) -> String {
    let mut process = Process::serve(["--addr", addr, "--data", data.to_str().unwrap()]);
    assert_eq!(process.line(), None, "it started");
    let ended = process.end();
    assert_eq!(ended.code, Some(1), "{}", ended.log);
    assert_eq!(ended.log.lines().count(), 1, "one sentence, and no more: {}", ended.log);
    assert!(ended.log.trim_end().ends_with('.'), "{}", ended.log);
    ended.log
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_port_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let folder = folder();
    let said = refused(&addr, folder.path());
    assert!(
        said.contains(&format!("Cannot listen on {addr}")) && said.contains("choose another with --addr"),
        "{said}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and nothing was made");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let folder = folder();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "not a folder").unwrap();
    for data in [file.join("data"), file.clone(), "/proc/stonechat".into(), "/proc/1".into()] {
        let said = refused("127.0.0.1:0", &data);
        assert!(said.contains(data.to_str().unwrap()) && said.contains("Choose another with --data"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), "not a folder");
}

#[test]
fn a_data_folder_in_use_by_another_server_is_named_and_left_alone() {
    let mut server = Server::start();
    let mut ann = Client::guest(&server);
    ann.post("lobby", "one");
    let said = refused("127.0.0.1:0", server.data());
    assert!(said.contains("is in use by another server"), "{said}");
    assert_eq!(ann.post("lobby", "two"), 2);
    server.kill();
    server.begin();
    assert_eq!(Client::guest(&server).join("lobby")["head"], 2, "a killed server leaves no lock behind");
}

#[test]
fn a_database_of_a_newer_version_is_not_touched() {
    let mut server = Server::start();
    Client::guest(&server).post("lobby", "one");
    server.stop();
    let file = server.data().join("stonechat.db");
    let version = |version: u32| {
        let connection = rusqlite::Connection::open(&file).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
    };
    let known: u32 =
        rusqlite::Connection::open(&file).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    version(known + 98);
    let before = std::fs::read(&file).unwrap();
    let said = refused("127.0.0.1:0", server.data());
    assert!(said.contains(&format!("is of version {}, newer than this server", known + 98)), "{said}");
    assert!(said.contains("Use the newer server"), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), before, "not a byte is different");
    version(known);
    server.begin();
    assert_eq!(Client::guest(&server).join("lobby")["head"], 1);
}

#[test]
fn a_file_that_is_no_database_is_named_and_left_alone() {
    for content in ["this is a letter to my aunt\n".repeat(300), "short".to_owned()] {
        let folder = folder();
        let file = folder.path().join("stonechat.db");
        std::fs::write(&file, &content).unwrap();
        let said = refused("127.0.0.1:0", folder.path());
        assert!(said.contains(file.to_str().unwrap()) && said.contains("not a database"), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
    }
}

#[test]
fn a_database_that_is_a_folder_is_named() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("stonechat.db")).unwrap();
    let said = refused("127.0.0.1:0", folder.path());
    assert!(said.contains("stonechat.db cannot be opened"), "{said}");
}

#[test]
fn settings_that_make_no_sense_are_refused_before_anything_is_made() {
    let folder = folder();
    let data = folder.path().join("data");
    for setting in ["--addr=nowhere", "--post-rate=-1", "--post-rate=NaN", "--connections-per-ip=-1", "--guests=maybe"]
    {
        let mut process = Process::serve(["--data", data.to_str().unwrap(), setting]);
        assert_eq!(process.line(), None, "{setting}");
        let ended = process.end();
        assert_eq!(ended.code, Some(2), "{setting}: {}", ended.log);
        assert!(ended.log.contains(setting.split('=').next().unwrap()), "{}", ended.log);
    }
    assert!(!data.exists());
}

#[test]
fn a_data_folder_is_made_with_all_that_leads_to_it() {
    let folder = folder();
    let data = folder.path().join("a/b/c d/数据");
    let server = Server::on(&data, &[]);
    assert_eq!(Client::guest(&server).post("lobby", "hi"), 1);
    assert!(data.join("stonechat.db").exists());
}

#[test]
fn a_server_opens_as_many_files_as_the_system_lets_it_whatever_it_was_started_with() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // A child begins with our own limit. One less than it may have is what only a server that raises it gets rid of.
    let less = limit.maximum.map_or(65_536, |maximum| maximum - 1);
    setrlimit(Resource::Nofile, Rlimit { current: Some(less), maximum: limit.maximum }).unwrap();
    let (may, might) = Server::start().file_limits();
    assert_eq!(may, might);
}
