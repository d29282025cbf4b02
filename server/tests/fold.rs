//! The invariant: folding the events after N into the messages at N gives the messages at the head, field for field.

use serde_json::{Value, json};
use stonechat_shared::{Event, Message, UserId};

use crate::support::{Client, Person, Random, Server, messages};

/// Fits into one page of history, so that a page is the whole room.
const POSTS: usize = 200;
const COMMANDS: u64 = 1_200;
const SNAPSHOTS: u64 = 6;

/// A room as somebody saw it at one moment.
struct Seen {
    by: usize,
    head: u64,
    messages: Vec<Message>,
}

#[test]
fn a_replay_over_an_old_snapshot_gives_the_new_one() {
    for seed in [1, 2] {
        let mut server = Server::start();
        let people = ["Ann", "Ben", "Cat"].map(|name| server.person(name));
        let seen = live(&server, &people, &mut Random(seed));
        check(&server, &people, &seen, seed);
        server.restart();
        check(&server, &people, &seen, seed);
        server.kill();
        server.begin();
        check(&server, &people, &seen, seed);
    }
}

/// Lets people do all there is to do, at random, and looks at the room now and then.
fn live(server: &Server, people: &[Person; 3], random: &mut Random) -> Vec<Seen> {
    let mut clients = people.each_ref().map(|person| Client::of(server, person));
    let mut seen = Vec::new();
    let mut posts = Vec::new();
    for n in 0..COMMANDS {
        if n % (COMMANDS / SNAPSHOTS) == 0 {
            seen.extend((0..people.len()).map(|by| look(server, people, by)));
        }
        let mut command = anything(random, &posts);
        command["id"] = format!("r{n}").into();
        let who = usize::try_from(random.below(3)).unwrap();
        // Seldom: it leaves little to happen to.
        if n % 311 == 310 {
            let id = format!("r{n}");
            command = json!({"type": "purge", "id": id, "room": "lobby", "user": people[who].id});
        }
        if command["type"] == "post" && random.below(3) == 0 {
            let files = (0..=random.below(3)).map(|n| server.uploaded(&people[who], &format!("{n}.txt"), b"paper"));
            command["files"] = files.map(|file| file["id"].clone()).collect();
        }
        let answer = clients[who].command(command.clone());
        if command["type"] == "post" {
            posts.extend(answer["seq"].as_u64());
        }
        assert_ne!(answer["code"], "bad_frame", "{command}");
    }
    seen
}

/// Something about one of the newest messages, or now and then about none.
fn anything(random: &mut Random, posts: &[u64]) -> Value {
    let newest = &posts[posts.len().saturating_sub(20)..];
    let target = if newest.is_empty() || random.below(20) == 0 { random.below(2_000) } else { *random.pick(newest) };
    let (on, may_post) = (random.below(3) > 0, posts.len() < POSTS);
    let text = *random.pick(&["hi", "a \"quoted\" line\nand another", "你好，世界", "👩‍🚀", "x\u{0}y", "\u{2028}"]);
    match random.below(20) {
        0..=5 if may_post => json!({"type": "post", "room": "lobby", "text": text}),
        6..=7 if may_post => json!({"type": "post", "room": "lobby", "text": text, "reply": target}),
        0..=10 => json!({"type": "edit", "room": "lobby", "target": target, "text": text}),
        11 => json!({"type": "remove", "room": "lobby", "target": target}),
        12..=17 => {
            let emoji = random.pick(&["👍", "❤️", "🎉"]);
            json!({"type": "react", "room": "lobby", "target": target, "emoji": emoji, "on": on})
        }
        18 => json!({"type": "set", "room": "lobby", "title": text, "topic": text}),
        _ => json!({"type": "pin", "room": "lobby", "target": target, "on": on}),
    }
}

fn look(server: &Server, people: &[Person; 3], by: usize) -> Seen {
    let page = server.get_as(&people[by], "/api/rooms/lobby/messages?limit=200").json();
    assert_eq!(page["more"], false, "the page is the whole room");
    Seen { by, head: page["head"].as_u64().unwrap(), messages: messages(&page) }
}

fn check(server: &Server, people: &[Person; 3], seen: &[Seen], seed: u64) {
    let now = [0, 1, 2].map(|by| look(server, people, by));
    assert!(now[0].head > 500, "a room where much happened");
    for old in seen {
        let mut client = Client::of(server, &people[old.by]);
        client.send(&json!({"type": "join", "room": "lobby", "after": old.head}));
        assert_eq!(client.want("joined")["after"], old.head);
        let events = if old.head < now[0].head { client.events("lobby", now[0].head) } else { Vec::new() };
        let reader = UserId::from(people[old.by].id.as_str());
        let folded = fold(old.messages.clone(), &events, &reader);
        assert_eq!(folded, now[old.by].messages, "seed {seed}: from {} as {}", old.head, people[old.by].name);
        let joined = client.join("lobby");
        let newest = folded.len().saturating_sub(50);
        assert_eq!(messages(&joined), folded[newest..], "seed {seed}: and as the snapshot has it");
    }
}

fn fold(mut messages: Vec<Message>, events: &[Event], reader: &UserId) -> Vec<Message> {
    for event in events {
        let about = messages.iter_mut().filter(|message| event.kind.is_about(message));
        let changed = about.map(|message| message.apply(event, Some(reader))).count();
        assert!(event.kind.target().is_none() || changed == 1, "an event is about a message that is there");
        messages.extend(Message::posted(event));
    }
    messages
}
