//! Files: uploaded by somebody, sent once, and fetched by whoever may read the message.

use serde_json::{Value, json};
use stonechat_shared::{Kind, Message};

use crate::support::pictures::png;
use crate::support::{Answer, Client, Server, SmallDisk, messages};

fn post(files: &[&Value]) -> Value {
    let ids: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
    json!({"type": "post", "room": "lobby", "text": "", "files": ids})
}

fn path(file: &Value) -> String {
    format!("/files/{}", file["id"].as_str().unwrap())
}

#[test]
fn what_somebody_sends_is_in_the_message_for_everybody_and_comes_back_byte_for_byte() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let (mut client, mut ben) = (Client::of(&server, &ann), Client::guest(&server));
    ben.join("lobby");
    let paper = server.uploaded(&ann, "notes.txt", b"hello\0world");
    let id = paper["id"].as_str().unwrap();
    assert!(id.starts_with("f_") && id.len() > 30, "{id}");
    assert_eq!(paper, json!({"id": id, "name": "notes.txt", "type": "application/octet-stream", "size": 11}));
    let picture = server.uploaded(&ann, "sea.png", &png(8, 4));
    assert_eq!((&picture["type"], &picture["width"], &picture["height"]), (&json!("image/png"), &json!(8), &json!(4)));
    let ok = client.command(post(&[&paper, &picture]));
    assert_eq!((&ok["type"], &ok["seq"]), (&json!("ok"), &json!(1)));
    let events = ben.events("lobby", 1);
    let Kind::Post { text, files, .. } = &events[0].kind else { panic!("{events:?}") };
    assert_eq!((text.as_str(), serde_json::to_value(files).unwrap()), ("", json!([paper, picture])));
    client.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": "with words"}));
    client.command(json!({"type": "pin", "room": "lobby", "target": 1, "on": true}));
    for _ in 0..2 {
        let page: Vec<Message> = messages(&server.get("/api/rooms/lobby/messages").json());
        assert_eq!(serde_json::to_value(&page[0].files).unwrap(), json!([paper, picture]), "an edit keeps them");
        let pinned: Vec<Message> = messages(&server.get("/api/rooms/lobby/messages?pinned=true").json());
        assert_eq!(pinned, page, "wherever it is listed");
        let joined = Client::guest(&server).join("lobby");
        assert_eq!(joined["messages"][0]["files"], json!([paper, picture]));
        assert_eq!(server.get(&path(&paper)).body, b"hello\0world");
        server.restart();
    }
}

#[test]
fn a_file_is_its_uploaders_until_it_is_sent() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let file = server.uploaded(&ann, "a.txt", b"mine");
    assert_eq!(server.get_as(&ann, &path(&file)).body, b"mine");
    for answer in [server.get_as(&ben, &path(&file)), server.get(&path(&file)), server.get("/files/f_nothing")] {
        assert_eq!((answer.status, answer.code().as_str()), (404, "no_such_file"));
        assert_eq!(answer.json()["message"], "That file is not there, or was removed.");
    }
    Client::of(&server, &ann).command(post(&[&file]));
    assert_eq!(server.get_as(&ben, &path(&file)).body, b"mine");
    assert_eq!(server.get(&path(&file)).body, b"mine");
}

#[test]
fn where_guests_are_not_admitted_nobody_reads_a_file_without_a_session() {
    let server = Server::with(&["--guests", "false"]);
    let ann = server.person("Ann");
    let file = server.uploaded(&ann, "a.txt", b"mine");
    Client::of(&server, &ann).command(post(&[&file]));
    assert_eq!(server.get(&path(&file)).status, 404);
    assert_eq!(server.get_as(&server.person("Ben"), &path(&file)).status, 200);
}

#[test]
fn only_who_has_a_name_uploads() {
    let server = Server::start();
    let answer = Answer::to(server.port, "POST", "/api/files?name=a.txt", &[], b"hello");
    assert_eq!((answer.status, answer.code().as_str()), (401, "not_signed_in"));
    let ann = server.person("Ann");
    let foreign = [("Authorization", ann.bearer()), ("Origin", "https://evil.example".into())];
    let foreign: Vec<(&str, &str)> = foreign.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(Answer::to(server.port, "POST", "/api/files?name=a", &foreign, b"hello").status, 403);
}

#[test]
fn a_post_with_files_that_it_may_not_send_is_refused_in_a_sentence_and_uses_no_seq() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let mut client = Client::of(&server, &ann);
    let (bens, sent, mine) = (
        server.uploaded(&ben, "b.txt", b"ben's"),
        server.uploaded(&ann, "s.txt", b"sent"),
        server.uploaded(&ann, "m.txt", b"mine"),
    );
    assert_eq!(client.command(post(&[&sent]))["seq"], 1);
    let many: Vec<Value> = (0..11).map(|_| server.uploaded(&ann, "x", b"x")).collect();
    let unknown = json!({"id": "f_nothing"});
    for (command, code, word) in [
        (post(&[&mine, &bens]), "forbidden", "who uploaded"),
        (post(&[&mine, &sent]), "no_such_file", "sent already"),
        (post(&[&mine, &mine]), "no_such_file", "sent already"),
        (post(&[&unknown]), "no_such_file", "not there"),
        (post(&many.iter().collect::<Vec<_>>()), "too_long", "too many files"),
        (json!({"type": "post", "room": "lobby", "text": "", "files": []}), "empty", "nothing in it"),
        (json!({"type": "post", "room": "lobby", "text": " ", "files": [mine["id"]]}), "empty", "nothing in it"),
        (json!({"type": "post", "room": "lobby", "text": "", "files": [7]}), "bad_frame", "not a command"),
    ] {
        let refused = client.command(command.clone());
        assert_eq!(refused["code"], code, "{command}: {refused}");
        assert!(refused["message"].as_str().unwrap().contains(word), "{refused}");
    }
    assert_eq!(client.command(post(&[&mine]))["seq"], 2, "no seq was used, and the file was not either");
    let ten: Vec<&Value> = many.iter().take(10).collect();
    assert_eq!(client.command(post(&ten))["seq"], 3);
}

#[test]
fn a_post_with_files_that_is_repeated_stands_once() {
    let server = Server::start();
    let ann = server.person("Ann");
    let file = server.uploaded(&ann, "a.txt", b"mine");
    let mut command = post(&[&file]);
    command["id"] = "once".into();
    assert_eq!(Client::of(&server, &ann).command(command.clone())["seq"], 1);
    let again = Client::of(&server, &ann).command(command);
    assert_eq!(again, json!({"type": "ok", "id": "once", "room": "lobby", "seq": 1, "again": true}));
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_sent_and_leaves_nothing() {
    let server = Server::with(&["--file-limit", "1000"]);
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    assert_eq!(client.welcome["limits"], json!({"text": 4000, "frame": 65536, "file": 1000}));
    let bearer = ann.bearer();
    // It says how large it will be, and sends nothing of it.
    let headers = [("Authorization", bearer.as_str()), ("Expect", "100-continue"), ("Content-Length", "1001")];
    let early = raw(&server, &headers, b"");
    assert_eq!((early.status, early.code().as_str()), (413, "too_long"));
    assert_eq!(early.json()["message"], "That file is too large. A file may have 1000 B.");
    // It does not say, and goes on.
    let chunks = [&b"3e9\r\n"[..], &[7; 1001], b"\r\n0\r\n\r\n"].concat();
    let late = raw(&server, &[("Authorization", &bearer), ("Transfer-Encoding", "chunked")], &chunks);
    assert_eq!(late.status, 413, "{}", late.text());
    assert_eq!(server.upload(&ann, "a.txt", &[7; 1000]).status, 201, "as much as it may have");
    assert_eq!(contents(&server).len(), 1, "{:?}", contents(&server));
    assert_eq!(client.post("lobby", "all is well"), 1);
}

#[test]
fn other_routes_take_no_more_than_before() {
    let server = Server::start();
    let ann = server.person("Ann");
    let long = json!({"name": "x".repeat(70_000)});
    assert_eq!(server.post_as(&ann, "/api/session", &long).status, 413);
    assert_eq!(server.upload(&ann, "a.bin", &vec![7; 5_000_000]).status, 201);
}

#[test]
fn a_server_may_take_no_files_at_all() {
    let server = Server::with(&["--file-limit", "0"]);
    let ann = server.person("Ann");
    let refused = server.upload(&ann, "a.txt", b"a");
    assert_eq!((refused.status, refused.json()["message"].as_str()), (413, Some("This server takes no files.")));
    assert_eq!(Client::of(&server, &ann).welcome["limits"]["file"], 0);
}

#[test]
fn one_persons_files_have_so_much_place_and_what_they_remove_makes_some() {
    let server = Server::with(&["--files-per-person", "20000"]);
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let first = server.uploaded(&ann, "a", &[1; 9_000]);
    server.uploaded(&ann, "b", &[2; 9_000]);
    let refused = server.upload(&ann, "c", &[3; 9_000]);
    assert_eq!((refused.status, refused.code().as_str()), (413, "too_long"));
    assert_eq!(
        refused.json()["message"],
        "There is no more place for your files: together they may have 19 KB. Remove some of your messages first."
    );
    assert_eq!(server.upload(&ann, "c", b"a block of the disk").status, 413, "however small it is");
    server.uploaded(&ben, "c", &[3; 9_000]);
    let mut client = Client::of(&server, &ann);
    client.command(post(&[&first]));
    client.command(json!({"type": "remove", "room": "lobby", "target": 1}));
    server.uploaded(&ann, "c", &[3; 9_000]);
}

#[test]
fn many_uploads_at_once_do_not_get_past_the_quota() {
    let server = Server::with(&["--files-per-person", "50000"]);
    let ann = server.person("Ann");
    let taken: usize = std::thread::scope(|scope| {
        let (server, ann) = (&server, &ann);
        let upload = move |n: u8| server.upload(ann, "a", &[n; 9_000]).status;
        let uploads: Vec<_> = (0..8).map(|n| scope.spawn(move || upload(n))).collect();
        uploads.into_iter().map(|upload| usize::from(upload.join().unwrap() == 201)).sum()
    });
    assert_eq!(taken, 5);
}

#[test]
fn an_empty_file_is_refused() {
    let server = Server::start();
    let refused = server.upload(&server.person("Ann"), "a.txt", b"");
    assert_eq!((refused.status, refused.code().as_str()), (400, "empty"));
    assert_eq!(contents(&server), [""; 0]);
}

#[test]
fn what_is_no_picture_is_saved_and_never_shown() {
    let server = Server::start();
    let ann = server.person("Ann");
    let page = b"<!doctype html><script>alert(1)</script>";
    let drawing = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (name, bytes) in [
        ("page.html", &page[..]),
        ("page.png", page),
        ("drawing.svg", drawing),
        ("a.pdf", b"%PDF-1.7"),
        ("bitmap.bmp", b"BM\0\0\0\0"),
        ("x.png", b"\x89PNG\r\n"),
        ("app.js", b"alert(1)"),
    ] {
        let file = server.uploaded(&ann, name, bytes);
        assert_eq!((&file["type"], &file["width"]), (&json!("application/octet-stream"), &Value::Null), "{name}");
        let answer = server.get_as(&ann, &path(&file));
        assert_eq!(answer.body, bytes);
        assert_eq!(answer.header("content-type"), "application/octet-stream");
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename*=UTF-8''{name}"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        let small = server.get_as(&ann, &format!("{}?size=small", path(&file)));
        assert!(small.header("content-disposition").starts_with("attachment"));
    }
}

#[test]
fn a_name_leads_nowhere_and_hides_nothing() {
    let server = Server::start();
    let ann = server.person("Ann");
    for (name, kept) in [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.bat", "evil.bat"),
        ("annual\u{202e}fdp.exe", "annualfdp.exe"),
        ("a\r\nX-Evil: 1\0.txt", "aX-Evil: 1.txt"),
        ("", "file"),
        ("..", "file"),
        ("相片 1.txt", "相片 1.txt"),
    ] {
        let file = server.uploaded(&ann, name, b"x");
        assert_eq!(file["name"], kept);
        let answer = server.get_as(&ann, &path(&file));
        assert_eq!(answer.header("x-evil"), "");
        assert!(answer.header("content-disposition").is_ascii());
    }
    assert_eq!(server.ask("POST", "/api/files", &[("Authorization", &ann.bearer())], Some("x".into())).status, 201);
}

#[test]
fn a_browser_asks_for_a_part_and_is_told_when_it_has_the_whole_already() {
    let server = Server::start();
    let ann = server.person("Ann");
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let file = server.uploaded(&ann, "a.bin", &bytes);
    let ask = |name: &str, value: &str| {
        server.ask("GET", &path(&file), &[("Authorization", &ann.bearer()), (name, value)], None)
    };
    let whole = ask("Range", "lines=1");
    assert_eq!((whole.status, whole.body.len(), whole.header("accept-ranges")), (200, 200_000, "bytes"));
    let part = ask("Range", "bytes=100000-199998");
    assert_eq!((part.status, part.header("content-range")), (206, "bytes 100000-199998/200000"));
    assert_eq!(part.body, bytes[100_000..199_999]);
    let none = ask("Range", "bytes=200000-");
    assert_eq!((none.status, none.header("content-range")), (416, "bytes */200000"));
    let known = ask("If-None-Match", whole.header("etag"));
    assert_eq!((known.status, known.body.len()), (304, 0));
    let head = server.ask("HEAD", &path(&file), &[("Authorization", &ann.bearer())], None);
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "200000", 0));
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let server = Server::with(&["--stall-ms", "200"]);
    let ann = server.person("Ann");
    let stalled = raw(&server, &[("Authorization", &ann.bearer()), ("Content-Length", "1000")], b"some of it");
    assert_eq!((stalled.status, stalled.json()["message"].as_str()), (400, Some("The upload broke off. Try again.")));
    assert_eq!(contents(&server), [""; 0]);
}

#[test]
fn on_a_full_disk_a_file_is_refused_in_a_sentence_and_leaves_nothing() {
    let disk = SmallDisk::new();
    let mut server = Server::on(&disk.data(), &[]);
    let ann = server.person("Ann");
    let kept = server.uploaded(&ann, "kept.bin", &[1; 20_000]);
    disk.fill(100_000);
    for bytes in [vec![2; 500_000], vec![3; 150_000]] {
        let refused = server.upload(&ann, "large.bin", &bytes);
        assert_eq!((refused.status, refused.code().as_str()), (503, "overloaded"), "{}", refused.text());
        assert!(refused.json()["message"].as_str().unwrap().contains("could not save"), "{}", refused.text());
        assert_eq!(contents(&server).len(), 1, "{:?}", contents(&server));
    }
    disk.free();
    let large = server.uploaded(&ann, "large.bin", &[2; 500_000]);
    server.restart();
    assert_eq!(server.get_as(&ann, &path(&large)).body, [2; 500_000]);
    assert_eq!(server.get_as(&ann, &path(&kept)).body, [1; 20_000]);
}

#[test]
fn in_plain_text_a_file_is_named() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut plain = Client::dial(&server, "/ws/1", &[]).unwrap();
    assert_eq!(plain.line().unwrap(), "Welcome, client 1!");
    let file = server.uploaded(&ann, "notes.txt", b"x");
    Client::of(&server, &ann).command(post(&[&file]));
    assert_eq!(plain.line().unwrap(), "Ann says: [notes.txt]");
}

/// An upload that is not as long as it says, or does not say.
fn raw(server: &Server, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    Answer::to(server.port, "POST", "/api/files?name=a.txt", headers, body)
}

/// What is kept, by name.
fn contents(server: &Server) -> Vec<String> {
    crate::removed_files::contents(server.data())
}
