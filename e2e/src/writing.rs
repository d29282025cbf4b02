//! People who write and read without a browser while the server dies under them, and what must be true afterwards.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use serde_json::Value;
use stonechat_shared::{Command, CommandId, Event, Frame, Kind, Seq};

use crate::line::{Line, Person};
use crate::plain_http;

/// Commands on their way at once: enough that a dying server always has some in each state.
const AHEAD: usize = 16;

/// What everybody can see of a test that goes on.
#[derive(Debug, Default)]
pub struct Stage {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_up: bool,
    is_over: bool,
    answered: u64,
}

impl Stage {
    /// The server is there, or is not.
    pub fn is_up(&self, is_up: bool) {
        self.change(|state| state.is_up = is_up);
    }

    /// Nobody writes anything new any more.
    pub fn is_over(&self) {
        self.change(|state| state.is_over = true);
    }

    /// Waits until so many more posts were answered.
    pub fn waits_for(&self, more: u64) {
        let state = self.state.lock().expect("nobody panics holding it");
        let until = state.answered + more;
        drop(self.changed.wait_while(state, |state| state.answered < until).expect("nobody panics holding it"));
    }

    fn waits_for_the_server(&self) {
        let state = self.state.lock().expect("nobody panics holding it");
        drop(self.changed.wait_while(state, |state| !state.is_up).expect("nobody panics holding it"));
    }

    fn ends(&self) -> bool {
        self.state.lock().expect("nobody panics holding it").is_over
    }

    fn change(&self, f: impl FnOnce(&mut State)) {
        f(&mut self.state.lock().expect("nobody panics holding it"));
        self.changed.notify_all();
    }
}

/// What one writer was told: each id, and the seq that it was answered with.
pub type Answers = BTreeMap<String, Seq>;

/// Writes line after line until the stage is over and everything is answered. What has no answer is sent again, in order.
pub fn writes(stage: &Arc<Stage>, server: SocketAddr, person: Person, name: &str) -> JoinHandle<(Person, Answers)> {
    let (stage, name) = (Arc::clone(stage), name.to_owned());
    std::thread::spawn(move || {
        let (mut answers, mut open, mut count) = (Answers::new(), VecDeque::new(), 0);
        loop {
            stage.waits_for_the_server();
            let Some(mut line) = Line::open(server, Some(&person)) else { continue };
            let mut alive = open.iter().all(|command| line.says(command));
            while alive {
                while alive && open.len() < AHEAD && !stage.ends() {
                    count += 1;
                    let id = format!("{name}-{count}");
                    let (id, text) = (id.as_str().into(), text_of(&id));
                    open.push_back(Command::Post { id, room: "lobby".into(), text, reply: None, files: Vec::new() });
                    alive = open.back().is_some_and(|command| line.says(command));
                }
                if open.is_empty() {
                    return (person, answers);
                }
                match line.hears() {
                    Some(Frame::Ok { id, seq, .. }) => {
                        open.retain(|command| command.id() != Some(&id));
                        let seq = seq.expect("a post has a seq");
                        let before = answers.insert(id.to_string(), seq);
                        assert!(before.is_none_or(|before| before == seq), "{id} was answered {before:?} and {seq}");
                        stage.change(|state| state.answered += 1);
                    }
                    Some(Frame::Error(refusal)) => panic!("refused: {refusal:?}"),
                    Some(_) => {}
                    None => alive = false,
                }
            }
        }
    })
}

/// Reads along in the lobby until it has seen `until` (asked anew each time), and answers every event in the order in
/// which they came.
pub fn follows(
    stage: &Arc<Stage>,
    server: SocketAddr,
    until: impl Fn() -> Option<Seq> + Send + 'static,
) -> JoinHandle<Vec<Event>> {
    let stage = Arc::clone(stage);
    std::thread::spawn(move || {
        let (mut seen, mut epoch) = (Vec::<Event>::new(), None);
        loop {
            stage.waits_for_the_server();
            let Some(mut line) = Line::open(server, None) else { continue };
            let after = Some(seen.len() as Seq);
            if !line.says(&Command::Join { room: "lobby".into(), after, epoch: epoch.clone() }) {
                continue;
            }
            while let Some(frame) = line.hears() {
                match frame {
                    Frame::Joined(joined) => {
                        assert!(joined.messages.is_none(), "the log goes on where it was: {joined:?}");
                        epoch = Some(joined.epoch);
                    }
                    Frame::Events { events, .. } => {
                        for event in events {
                            assert_eq!(event.seq, seen.len() as Seq + 1, "no hole and nothing twice");
                            seen.push(event);
                        }
                    }
                    Frame::Ping { .. } => drop(line.says(&Command::Pong)),
                    Frame::Welcome(_)
                    | Frame::Ok { .. }
                    | Frame::Error(_)
                    | Frame::Presence(_)
                    | Frame::Typing { .. }
                    | Frame::Read { .. }
                    | Frame::Room(_)
                    | Frame::Gone { .. }
                    | Frame::Heads { .. }
                    | Frame::Settings
                    | Frame::Pong { .. }
                    | Frame::Bye { .. }
                    | Frame::Unknown => {}
                }
                if until().is_some_and(|head| seen.len() as Seq >= head) {
                    return seen;
                }
            }
        }
    })
}

/// What stands in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    id: String,
    user: String,
    text: String,
}

/// Reads the whole lobby anew: each message, by its seq.
pub fn reads_all(server: SocketAddr) -> BTreeMap<Seq, Stands> {
    let mut all = BTreeMap::new();
    loop {
        let after = all.keys().next_back().copied().unwrap_or(0);
        let path = format!("/api/rooms/lobby/messages?after={after}&limit=200");
        let page = plain_http::json(server, "GET", &path, "", &Value::Null).expect("the server answers");
        let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
        for message in page["messages"].as_array().expect("a page has messages") {
            let seq = message["seq"].as_u64().expect("a message has a seq");
            let (id, user, text) = (text(&message["id"]), text(&message["user"]["id"]), text(&message["text"]));
            all.insert(seq, Stands { id, user, text });
        }
        if page["more"] != true {
            assert_eq!(page["head"].as_u64(), Some(all.len() as Seq), "every seq is a message, without a hole");
            return all;
        }
    }
}

/// Every answered post stands once, as it was written, with the seq that was told; each writer's in the order of their
/// writing; and who followed saw the same in the same order.
pub fn check(writers: &[(Person, Answers)], seen: &[Event], all: &BTreeMap<Seq, Stands>) {
    let mut places: HashMap<(&str, &str), Seq> = HashMap::new();
    for (seq, message) in all {
        let before = places.insert((&message.user, &message.id), *seq);
        assert_eq!(before, None, "{} stands twice", message.id);
    }
    for (person, answers) in writers {
        for (id, seq) in answers {
            assert_eq!(places.get(&(person.id.as_str(), id.as_str())), Some(seq), "{id} was answered {seq}");
        }
        let theirs: Vec<&Stands> = all.values().filter(|message| message.user == person.id).collect();
        for message in &theirs {
            assert_eq!(message.text, text_of(&message.id), "{} stands as it was written", message.id);
        }
        let number = |message: &&Stands| message.id.rsplit('-').next().and_then(|number| number.parse::<u64>().ok());
        let numbers: Vec<u64> = theirs.iter().filter_map(number).collect();
        assert!(numbers.is_sorted(), "a writer's lines stand in the order of their writing");
        assert_eq!(numbers.len(), answers.len(), "everything that was sent was answered in the end");
    }
    let followed = seen.iter().map(|event| {
        let Kind::Post { text, .. } = &event.kind else { panic!("nobody did anything but write: {event:?}") };
        (event.seq, event.id.as_ref().map(CommandId::as_str), text.as_str())
    });
    let anew = all.iter().map(|(seq, message)| (*seq, Some(message.id.as_str()), message.text.as_str()));
    assert!(followed.eq(anew), "who followed saw the same as who reads anew");
}

/// What a writer says under this id.
fn text_of(id: &str) -> String {
    id.replace('-', " says ")
}

#[cfg(test)]
mod tests;
