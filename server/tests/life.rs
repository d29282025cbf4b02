//! Signs of life: the server asks, tells its heads, and lets go of who does not answer.

use serde_json::json;

use crate::support::{Client, Gone, Server};

#[test]
fn a_ping_tells_the_heads_of_the_rooms_that_one_is_in() {
    let server = Server::with(&["--ping-ms", "50"]);
    let mut ann = Client::guest(&server);
    assert_eq!(ann.want("ping"), json!({"type": "ping", "heads": {}}));
    ann.join("lobby");
    ann.posts("lobby", 2);
    ann.find(|frame| *frame == json!({"type": "ping", "heads": {"lobby": 2}}));
}

#[test]
fn who_answers_stays_and_who_does_not_is_asked_to_come_back() {
    let server = Server::with(&["--ping-ms", "50"]);
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    ann.join("lobby");
    for _ in 0..10 {
        ann.want("ping");
        ann.send(&json!({"type": "pong"}));
    }
    let (bye, gone) = ben.closed();
    assert_eq!((&bye["code"], gone), (&json!(4102), Gone(Some(4102))));
    assert!(bye["retry_ms"].is_u64(), "{bye}");
    ann.settle();
}
