//! What a person likes, kept for all their browsers.

use serde_json::{Value, json};

use crate::support::{Answer, Client, Person, Server};

fn put(server: &Server, person: &Person, body: &str) -> Answer {
    server.ask("PUT", "/api/settings", &[("Authorization", &person.bearer())], Some(body.into()))
}

fn defaults() -> Value {
    json!({"theme": "system", "density": "comfortable", "clock": "auto", "notify": "mentions"})
}

#[test]
fn settings_are_the_same_in_every_browser_and_outlive_a_restart() {
    let mut server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    assert_eq!(server.get_as(&ann, "/api/settings").json(), defaults());
    let (mut client, mut other) = (Client::of(&server, &ann), Client::of(&server, &ben));
    let chosen = json!({
        "language": "zh", "theme": "dark", "density": "compact", "clock": "24", "notify": "all",
        "rooms": {"lobby": {"muted": true}, "dev": {"notify": "none"}},
    });
    let put_it = put(&server, &ann, &chosen.to_string());
    assert_eq!((put_it.status, put_it.json()), (200, chosen.clone()));
    assert_eq!(client.want("settings"), json!({"type": "settings"}), "her connections hear that they changed");
    other.settle();
    assert!(!other.has_waiting("settings"));
    for _ in 0..2 {
        assert_eq!(server.get_as(&ann, "/api/settings").json(), chosen);
        assert_eq!(server.get_as(&ben, "/api/settings").json(), defaults());
        server.restart();
    }
    let fewer = json!({"theme": "light", "rooms": {"lobby": {"muted": false}}, "later": [1]});
    let mut kept = defaults();
    kept["theme"] = "light".into();
    assert_eq!(put(&server, &ann, &fewer.to_string()).json(), kept, "what is left out is as nobody chose it");
}

#[test]
fn what_is_no_setting_is_refused_and_changes_nothing() {
    let server = Server::start();
    let ann = server.person("Ann");
    let many: serde_json::Map<String, Value> =
        (0..501).map(|n| (format!("room-{n}"), json!({"muted": true}))).collect();
    for (body, status) in [
        ("".into(), 400),
        ("7".into(), 400),
        (json!({"theme": "pink"}).to_string(), 400),
        (json!({"clock": 24}).to_string(), 400),
        (json!({"notify": null}).to_string(), 400),
        (json!({"language": ""}).to_string(), 400),
        (json!({"language": "zh; rm"}).to_string(), 400),
        (json!({"rooms": {"No Room": {}}}).to_string(), 400),
        (json!({"rooms": {"lobby": {"muted": 1}}}).to_string(), 400),
        (json!({"rooms": many}).to_string(), 400),
        (format!("{{\"x\":\"{}\"}}", "x".repeat(70_000)), 413),
    ] {
        let refused = put(&server, &ann, &body);
        assert_eq!(refused.status, status, "{body:.80}");
    }
    assert_eq!(server.get_as(&ann, "/api/settings").json(), defaults());
    for method in ["GET", "PUT"] {
        assert_eq!(server.ask(method, "/api/settings", &[], Some("{}".into())).code(), "not_signed_in");
    }
}
