//! What was written is found, by whoever may read it, in any script, and until it is removed.

use serde_json::{Value, json};

use crate::support::copies::{backup, folder, restore};
use crate::support::{Client, Person, Server};

/// As a part of an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn found(server: &Server, q: &str, more: &str) -> Value {
    let answer = server.get(&format!("/api/search?q={}{more}", encoded(q)));
    assert_eq!(answer.status, 200, "{q}{more}: {}", answer.text());
    answer.json()
}

fn hits(found: &Value) -> &Vec<Value> {
    found["messages"].as_array().unwrap()
}

/// `room:seq` of what is found, as it is listed.
fn places(server: &Server, q: &str, more: &str) -> Vec<String> {
    let place = |hit: &Value| format!("{}:{}", hit["room"].as_str().unwrap(), hit["seq"]);
    hits(&found(server, q, more)).iter().map(place).collect()
}

/// What is marked of the one message that is found.
fn marked(server: &Server, q: &str) -> Vec<String> {
    let found = found(server, q, "");
    assert_eq!(hits(&found).len(), 1, "{q}: {found}");
    let hit = &hits(&found)[0];
    let text: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
    let place = |mark: &Value, index: usize| usize::try_from(mark[index].as_u64().unwrap()).unwrap();
    let marks = hit["marks"].as_array().unwrap().iter();
    marks.map(|mark| text[place(mark, 0)..place(mark, 1)].iter().collect()).collect()
}

fn refused(server: &Server, query: &str) -> (u16, String) {
    let answer = server.get(&format!("/api/search?{query}"));
    assert!(answer.json()["message"].as_str().unwrap().ends_with('.'), "{}", answer.text());
    (answer.status, answer.code())
}

fn people() -> (Server, Person, Person) {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    (server, ann, ben)
}

#[test]
fn what_was_posted_is_found_as_it_stands_with_its_room_and_its_marks() {
    let (server, ann, ben) = people();
    let mut client = Client::of(&server, &ann);
    assert_eq!(client.post("lobby", "the Stone chats"), 1);
    client.command(json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": true}));
    client.command(json!({"type": "edit", "id": "e", "room": "lobby", "target": 1, "text": "a stone CHATS, stone"}));
    client.command(json!({"type": "pin", "room": "lobby", "target": 1, "on": true}));
    Client::of(&server, &ben).command(json!({"type": "post", "room": "lobby", "text": "what stone?", "reply": 1}));
    let as_history = server.get_as(&ann, "/api/rooms/lobby/messages").json();
    let mut expected = as_history["messages"].as_array().unwrap().clone();
    expected.reverse();
    for (message, marks) in expected.iter_mut().zip([json!([[5, 10]]), json!([[2, 7], [15, 20]])]) {
        message["room"] = "lobby".into();
        message["marks"] = marks;
    }
    let found = server.get_as(&ann, "/api/search?q=Stone").json();
    assert_eq!(found, json!({"messages": expected, "more": false}));
    assert_eq!(found["messages"][1]["reactions"][0]["mine"], true);
    assert_eq!(server.get("/api/search?q=Stone").json()["messages"][1]["reactions"][0]["mine"], false);
}

#[test]
fn an_edit_is_found_by_its_new_text_alone() {
    let (server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    client.post("lobby", "first words");
    client.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": "last words"}));
    assert_eq!(places(&server, "first", ""), [""; 0]);
    assert_eq!(places(&server, "last", ""), ["lobby:1"]);
    assert_eq!(places(&server, "words", ""), ["lobby:1"], "once");
}

#[test]
fn a_removed_text_is_found_no_more() {
    let (mut server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    client.post("lobby", "forgetme please");
    client.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": "forgetme now"}));
    client.command(json!({"type": "remove", "room": "lobby", "target": 1}));
    client.post("lobby", "what was that?");
    for _ in 0..2 {
        for q in ["forgetme", "please", "now", "from:ann forgetme"] {
            assert_eq!(places(&server, q, ""), [""; 0], "{q}");
        }
        assert_eq!(places(&server, "from:ann", ""), ["lobby:4"]);
        assert_eq!(places(&server, "after:2000-01-01", ""), ["lobby:4"]);
        server.restart();
    }
}

#[test]
fn the_words_of_a_removed_text_leave_the_index_on_the_disk() {
    let (mut server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    client.posts("lobby", 50);
    let secret = client.post("lobby", "Qzvexilloid Jwfjord");
    let edited = client.post("lobby", "one Qzbatholith two");
    client.posts("lobby", 50);
    client.command(json!({"type": "edit", "room": "lobby", "target": edited, "text": "Qzpalimpsest"}));
    server.restart();
    let words = ["qzvexilloid", "jwfjord", "qzpalimpsest"];
    let held = |server: &Server| -> Vec<&str> {
        let files =
            std::fs::read_dir(server.data()).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        let bytes: Vec<u8> = files.flatten().collect();
        // A word may share its beginning with the word before it, and then only its end is written.
        let holds = |word: &&str| bytes.windows(word.len() - 2).any(|window| window == &word.as_bytes()[2..]);
        words.into_iter().filter(holds).collect()
    };
    assert_eq!(held(&server), words, "they are there, and are found in this way");
    let mut client = Client::of(&server, &ann);
    for target in [secret, edited] {
        assert_eq!(client.command(json!({"type": "remove", "room": "lobby", "target": target}))["type"], "ok");
    }
    server.restart();
    assert_eq!(held(&server), [""; 0]);
}

#[test]
fn chinese_is_found_by_any_number_of_characters() {
    let (server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    client.post("lobby", "今天天气很好，我们去公园吧！");
    client.post("lobby", "明天用iPhone手机拍照");
    for q in ["气", "天气", "天气很", "今天天气很好", "很好，我们", "去公园 今天", "\"公园吧\""]
    {
        assert_eq!(places(&server, q, ""), ["lobby:1"], "{q}");
    }
    assert_eq!(places(&server, "天", ""), ["lobby:2", "lobby:1"]);
    assert_eq!(places(&server, "iphone", ""), ["lobby:2"]);
    assert_eq!(places(&server, "用IPHONE手", ""), ["lobby:2"]);
    assert_eq!(places(&server, "天今", ""), [""; 0], "in this order");
    assert_eq!(marked(&server, "天气 公园"), ["天气", "公园"]);
    assert_eq!(marked(&server, "天 好"), ["天天", "好"]);
    assert_eq!(marked(&server, "iphone手机"), ["iPhone手机"]);
}

#[test]
fn capitals_and_diacritics_make_no_difference_and_marks_stand_where_they_stand() {
    let (server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    client.post("lobby", "👩‍🚀 İzmir: die Große Straße, Cre\u{300}me brûlée, ﬁn");
    for (q, marks) in [
        ("strasse", vec!["Straße"]),
        ("STRASSE gross", vec!["Große", "Straße"]),
        ("creme", vec!["Cre\u{300}me"]),
        ("CRÈME BRULEE", vec!["Cre\u{300}me", "brûlée"]),
        ("izmir", vec!["İzmir"]),
        ("fin", vec!["ﬁn"]),
        ("🚀", vec!["🚀"]),
    ] {
        assert_eq!(marked(&server, q), marks, "{q}");
    }
}

#[test]
fn the_last_word_is_found_while_it_is_typed() {
    let (server, ann, _) = people();
    Client::of(&server, &ann).post("lobby", "Wonderful weather");
    for q in ["wo", "won", "wonderful we", "wonderful weather"] {
        assert_eq!(places(&server, q, ""), ["lobby:1"], "{q}");
    }
    for q in ["wo ", "we wonderful", "onder"] {
        assert_eq!(places(&server, q, ""), [""; 0], "{q:?}");
    }
    assert_eq!(marked(&server, "we"), ["weather"], "the whole word is marked");
}

#[test]
fn operators_narrow_a_search() {
    let (server, ann, ben) = people();
    let (mut a, mut b) = (Client::of(&server, &ann), Client::of(&server, &ben));
    a.join("garden");
    a.post("lobby", "plums are ripe");
    b.post("lobby", "which plums?");
    b.post("garden", "these plums");
    let all = ["garden:1", "lobby:2", "lobby:1"];
    for (q, expected) in [
        ("plums", &all[..]),
        ("plums from:ben", &["garden:1", "lobby:2"]),
        ("from:@BEN plums in:lobby", &["lobby:2"]),
        ("plums in:#garden", &["garden:1"]),
        ("plums in:garden in:lobby", &all),
        ("from:ben from:ann", &all),
        ("from:\"Ann\"", &["lobby:1"]),
        ("in:garden", &["garden:1"]),
        ("from:nobody plums", &[]),
        ("plums after:2026-01-01 before:9000-01-01", &all),
        ("plums before:2026-01-01", &[]),
        ("after:2026-01-01", &all),
        ("has:plums", &[]),
        ("plums from:", &all),
    ] {
        assert_eq!(places(&server, q, ""), expected, "{q}");
    }
    assert_eq!(places(&server, &format!("from:{}", ann.id), ""), ["lobby:1"]);
    assert_eq!(places(&server, "plums", "&room=garden"), ["garden:1"]);
    assert_eq!(places(&server, "plums in:lobby", "&room=garden"), ["lobby:2", "lobby:1"], "who writes it means it");
}

#[test]
fn somebody_is_found_under_the_name_of_then_and_of_now() {
    let (server, ann, _) = people();
    Client::of(&server, &ann).post("lobby", "as I was");
    assert_eq!(server.post_as(&ann, "/api/session", &json!({"name": "Zoë Lee"})).status, 200);
    Client::of(&server, &ann).post("lobby", "as I am");
    assert_eq!(places(&server, "from:ann", ""), ["lobby:1"]);
    assert_eq!(places(&server, "from:\"zoë lee\"", ""), ["lobby:2", "lobby:1"]);
    assert_eq!(places(&server, "from:\"zoe lee\"", ""), ["lobby:2"]);
}

#[test]
fn pages_lead_from_the_newest_to_the_oldest_without_a_hole() {
    let (server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    client.join("garden");
    let mut posted = Vec::new();
    for n in 0..30 {
        let room = if n % 3 == 0 { "garden" } else { "lobby" };
        posted.push(format!("{room}:{}", client.post(room, &format!("apple {n}"))));
        client.post(room, "pear");
    }
    posted.reverse();
    for q in ["apple", "apple from:ann in:garden in:lobby"] {
        let (mut seen, mut before) = (Vec::new(), String::new());
        loop {
            let more = format!("&limit=7{before}");
            seen.extend(places(&server, q, &more));
            if found(&server, q, &more)["more"] == false {
                break;
            }
            let last = seen.last().unwrap();
            before = format!("&before={last}");
        }
        assert_eq!(seen, posted, "{q}");
    }
    // Removed meanwhile, it is a place still.
    let last: Vec<&str> = posted[6].split(':').collect();
    client.command(json!({"type": "remove", "room": last[0], "target": last[1].parse::<u64>().unwrap()}));
    assert_eq!(places(&server, "apple", &format!("&limit=7&before={}", posted[6])), posted[7..14]);
    for limit in ["0", "1"] {
        assert_eq!(places(&server, "apple", &format!("&limit={limit}")).len(), 1);
    }
}

#[test]
fn a_page_has_at_most_fifty_messages() {
    let (server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    for _ in 0..51 {
        client.post("lobby", "again");
    }
    for limit in ["", "&limit=51", "&limit=18446744073709551615"] {
        let found = found(&server, "again", limit);
        assert_eq!((hits(&found).len(), &found["more"]), (50, &json!(true)), "{limit}");
    }
}

#[test]
fn what_makes_no_search_is_refused_in_a_sentence() {
    let (server, ann, _) = people();
    Client::of(&server, &ann).post("lobby", "x");
    let long = "x".repeat(201);
    let many = "x+".repeat(21);
    for (query, refusal) in [
        ("", (400, "empty")),
        ("q=", (400, "empty")),
        ("q=%22%22", (400, "empty")),
        ("room=lobby", (400, "empty")),
        (&format!("q={long}"), (413, "too_long")),
        (&format!("q={many}"), (413, "too_long")),
        ("q=before:yesterday", (400, "bad_frame")),
        ("q=x&room=nowhere", (404, "no_such_room")),
        ("q=x+in:nowhere", (404, "no_such_room")),
        ("q=x&before=nowhere:1", (404, "no_such_room")),
        ("q=x&before=lobby:2", (404, "no_such_message")),
        ("q=x&before=lobby:18446744073709551615", (404, "no_such_message")),
        ("q=x&before=7", (400, "bad_frame")),
        ("q=x&limit=-1", (400, "bad_frame")),
    ] {
        let (status, code) = refused(&server, query);
        assert_eq!((status, code.as_str()), refusal, "{query}");
    }
    let chinese = server.ask("GET", "/api/search?q=", &[("Accept-Language", "zh-CN")], None);
    assert_eq!(chinese.json()["message"], "请写下要搜索的词。");
    let closed = Server::with(&["--guests", "false"]);
    assert_eq!(refused(&closed, "q=x"), (401, "not_signed_in".to_owned()));
}

#[test]
fn nothing_that_is_typed_breaks_a_search() {
    let (server, ann, _) = people();
    Client::of(&server, &ann).post("lobby", "a * b \" c");
    for q in [
        "a*",
        "\"a",
        "a\" b",
        "NEAR(a b)",
        "a AND",
        "OR",
        "NOT a",
        "text:a",
        "^a",
        "-a",
        "a + b",
        "{",
        "a\0b",
        "' --",
        "%",
    ] {
        let answer = server.get(&format!("/api/search?q={}", encoded(q)));
        assert!([200, 400].contains(&answer.status), "{q}: {}", answer.text());
    }
    assert_eq!(server.get("/api/search?q=%ff%fe%00").status, 400);
}

#[test]
fn who_searches_too_fast_is_told_how_long_to_wait() {
    let server = Server::with(&["--search-rate", "0.2"]);
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    assert_eq!(server.get_as(&ann, "/api/search?q=x").status, 200);
    assert_eq!(server.get_as(&ann, "/api/search?q=").status, 400, "what is no search counts for nothing");
    let refused = server.get_as(&ann, "/api/search?q=x");
    assert_eq!((refused.status, refused.code().as_str()), (429, "rate_limited"));
    assert!((1..=5_000).contains(&refused.json()["retry_ms"].as_u64().unwrap()), "{}", refused.text());
    assert_eq!(server.get_as(&ben, "/api/search?q=x").status, 200, "another person is not held back");
    assert_eq!(server.get("/api/search?q=x").status, 200, "nor is somebody without a name");
    assert_eq!(server.get("/api/search?q=x").status, 429);
}

#[test]
fn a_database_of_the_first_version_is_searched() {
    let folder = tempfile::tempdir().unwrap();
    let database = rusqlite::Connection::open(folder.path().join("stonechat.db")).unwrap();
    database.execute_batch(include_str!("version_1.sql")).unwrap();
    drop(database);
    let server = Server::on(folder.path(), &[]);
    assert_eq!(places(&server, "stones", ""), ["lobby:3", "dev:1", "lobby:1"], "in the order of their times");
    assert_eq!(places(&server, "石头", ""), ["lobby:1"]);
    assert_eq!(places(&server, "from:ann stones", ""), ["lobby:3", "lobby:1"]);
    assert_eq!(places(&server, "after:2000-01-01", "&room=lobby"), ["lobby:3", "lobby:1"], "and nothing removed");
    let mut guest = Client::guest(&server);
    assert_eq!(guest.post("lobby", "more stones"), 6);
    assert_eq!(places(&server, "stones", "&limit=1"), ["lobby:6"]);
}

#[test]
fn what_was_saved_is_found_after_it_was_restored() {
    let (mut server, ann, _) = people();
    let mut client = Client::of(&server, &ann);
    client.post("lobby", "before the backup");
    client.post("lobby", "Qzvexilloid");
    client.command(json!({"type": "remove", "room": "lobby", "target": 2}));
    let (_folder, file) = folder();
    backup(&server, &file).unwrap();
    let saved = std::fs::read(&file).unwrap();
    assert!(!saved.windows(11).any(|window| window == b"qzvexilloid"), "a removed word is in no backup");
    client.post("lobby", "after the backup");
    server.stop();
    restore(&file, &server).unwrap();
    server.begin();
    assert_eq!(places(&server, "backup", ""), ["lobby:1"]);
    let mut client = Client::of(&server, &ann);
    client.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": "restored"}));
    assert_eq!((places(&server, "backup", ""), places(&server, "restored", "")), (vec![], vec!["lobby:1".to_owned()]));
}
