//! What a browser and an operator fetch: the page, headers, health, metrics, languages.

use serde_json::json;

use crate::support::{Client, Server};

#[test]
fn the_page_is_served_at_the_root_and_at_every_room_and_message() {
    let server = Server::start();
    let root = server.get("/");
    assert_eq!((root.status, root.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(root.text().to_lowercase().contains("<!doctype html>"));
    for place in ["/r/lobby", "/r/lobby/1041"] {
        assert_eq!(server.get(place).text(), root.text(), "{place}");
    }
}

#[test]
fn a_page_that_is_the_same_is_answered_in_a_line() {
    let server = Server::start();
    let etag = server.get("/").header("etag").to_owned();
    assert!(etag.ends_with('"'), "{etag}");
    for asked in [etag.clone(), format!("\"other\", {etag}"), etag.trim_start_matches("W/").to_owned()] {
        let same = server.ask("GET", "/", &[("If-None-Match", &asked)], None);
        assert_eq!((same.status, same.body.len()), (304, 0), "{asked}");
        assert_eq!(same.header("etag"), etag);
    }
    assert_eq!(server.ask("GET", "/", &[("If-None-Match", "\"other\"")], None).status, 200);
    assert_eq!(server.get("/").header("cache-control"), "no-cache", "kept, and asked about each time");
}

#[test]
fn every_answer_has_the_headers_that_keep_a_browser_safe() {
    let server = Server::start();
    for path in ["/", "/api/rooms", "/healthz", "/no/such/page", "/api/rooms/nowhere"] {
        let answer = server.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
    assert_eq!(server.get("/api/rooms").header("cache-control"), "no-store");
}

#[test]
fn what_is_not_there_is_said_in_a_sentence() {
    let server = Server::start();
    for path in ["/no/such/page", "/../../etc/passwd", "/%2e%2e/Cargo.toml", "/api", "/api/nothing", "/files/1/2"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["message"], "There is nothing at this address.", "{path}");
    }
}

#[test]
fn a_method_that_an_address_does_not_have_is_refused() {
    let server = Server::start();
    for (method, path) in [("DELETE", "/api/rooms"), ("PUT", "/api/session"), ("POST", "/healthz")] {
        assert_eq!(server.ask(method, path, &[], None).status, 405, "{method} {path}");
    }
    assert_eq!(server.ask("HEAD", "/", &[], None).status, 200);
    assert_eq!(server.ask("POST", "/", &[], None).status, 404);
}

#[test]
fn a_running_server_is_healthy_and_ready() {
    let server = Server::start();
    assert_eq!((server.get("/healthz").status, server.get("/healthz").text()), (200, "ok\n"));
    assert_eq!((server.get("/readyz").status, server.get("/readyz").text()), (200, "ready\n"));
}

#[test]
fn metrics_count_what_happens() {
    let server = Server::start();
    let value = |name: &str| {
        let answer = server.get("/metrics");
        assert!(answer.header("content-type").starts_with("text/plain"), "as Prometheus reads it");
        let line = answer.text().lines().find_map(|line| line.strip_prefix(&format!("{name} ")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no {name} in {}", answer.text())).parse::<f64>().unwrap()
    };
    assert_eq!(value("stonechat_connections"), 0.0);
    let mut ann = Client::guest(&server);
    assert_eq!(value("stonechat_connections"), 1.0);
    let before = (value("stonechat_commits_total"), value("stonechat_committed_jobs_total"));
    ann.posts("lobby", 3);
    ann.command(json!({"type": "post", "room": "lobby", "text": ""}));
    assert_eq!(value("stonechat_commits_total"), before.0 + 3.0);
    assert_eq!(value("stonechat_committed_jobs_total"), before.1 + 3.0);
    assert_eq!(value("stonechat_refusals_total"), 1.0);
    assert_eq!(value("stonechat_frames_in_total"), 4.0);
    assert!(value("stonechat_frames_out_total") >= 5.0 && value("stonechat_bytes_out_total") > 100.0);
    for line in server.get("/metrics").text().lines() {
        assert!(line.starts_with("# ") || line.split(' ').count() == 2, "{line}");
    }
}

#[test]
fn people_are_told_in_their_language() {
    let server = Server::start();
    let zh = ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8");
    let mut ann = Client::open(&server, "/ws", &[zh]);
    let empty = json!({"type": "post", "room": "lobby", "text": ""});
    assert_eq!(ann.command(empty.clone())["message"], "内容是空的，请先写点什么。");
    let mut ben = Client::open(&server, "/ws?lang=zh", &[("Accept-Language", "en")]);
    assert_eq!(ben.command(empty.clone())["message"], "内容是空的，请先写点什么。", "what the page says counts first");
    let mut cat = Client::open(&server, "/ws", &[("Accept-Language", "fr")]);
    assert_eq!(cat.command(empty)["message"], "There is nothing in it. Write something first.");
    let answer = server.ask("GET", "/api/rooms/nowhere", &[zh], None);
    assert_eq!(answer.json()["message"], "没有这个房间。请检查名称，或新建一个。");
}
