//! Somebody with the real replica and no browser, who comes back by themselves, from where they were.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use stonechat_shared::replica::{Change, Output};
use stonechat_shared::{Command, CommandId, Frame, Replica, RoomName, Seq};

use crate::line::{Line, Person};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long an opening may take before another is tried.
const OPENING: Duration = Duration::from_secs(2);
/// Between two tries to connect: a client that never pauses takes the server's processor while it starts.
const PAUSE: Duration = Duration::from_millis(5);
/// Pings that may be missing before a connection counts as dead.
const MISSED_PINGS: u32 = 3;

/// One person in the lobby.
#[derive(Debug)]
pub struct Client {
    addr: SocketAddr,
    person: Person,
    name: String,
    replica: Replica,
    line: Option<Line>,
    posts: usize,
    resets: usize,
    connections: usize,
}

/// One message as everybody must see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub seq: Seq,
    pub id: CommandId,
    pub text: String,
}

impl Client {
    /// Somebody new by this name. `server` is where they get their name from, `addr` is where they talk: a proxy, say.
    pub fn comes_in(server: SocketAddr, addr: SocketAddr, name: &str) -> Self {
        let person = Person::signs_in(server, name);
        let mut replica = Replica::new();
        let nothing = replica.open(&lobby());
        assert!(nothing.commands.is_empty(), "nobody is connected yet");
        let name = name.to_owned();
        Self { addr, person, name, replica, line: None, posts: 0, resets: 0, connections: 0 }
    }

    /// Says something, without waiting for what comes of it.
    pub fn says(&mut self, text: &str) {
        self.posts += 1;
        let id = CommandId::from(format!("{}-{}", self.name, self.posts).as_str());
        let out = self.replica.post(&lobby(), id, text.to_owned(), None, now());
        self.obey(out);
    }

    /// Takes in what comes, and comes back where the connection is lost, until this is true.
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < PATIENCE, "{} waited {} s for {what}: {self:?}", self.name, PATIENCE.as_secs());
            self.takes_in_one();
        }
    }

    /// Until nothing that was said is unconfirmed and everything up to here was heard.
    pub fn until_heard(&mut self, seq: Seq) {
        self.until("everything to be heard", |client| client.is_settled() && client.cursor() >= seq);
    }

    /// Whether everything that was said stands in the log.
    pub fn is_settled(&self) -> bool {
        self.replica.outbox().all().is_empty()
    }

    pub fn cursor(&self) -> Seq {
        self.replica.room(&lobby()).map_or(0, |room| room.cursor())
    }

    /// What stands in the room, as far as it was heard.
    pub fn heard(&self) -> Vec<Said> {
        let messages = self.replica.room(&lobby()).into_iter().flat_map(|room| room.messages());
        messages
            .map(|message| Said {
                seq: message.seq,
                id: message.id.clone().unwrap_or_default(),
                text: message.text.clone(),
            })
            .collect()
    }

    /// How often the room was read anew instead of from the cursor on. The first time is one.
    pub fn resets(&self) -> usize {
        self.resets
    }

    /// How often a connection was opened.
    pub fn connections(&self) -> usize {
        self.connections
    }

    /// Whether there is no connection now.
    pub fn has_lost_its_connection(&self) -> bool {
        self.line.is_none()
    }

    fn takes_in_one(&mut self) {
        let Some(line) = &mut self.line else { return self.connects() };
        // Silence that is longer than the server promised is as good as an end.
        let Some(frame) = line.hears() else { return self.loses_the_connection() };
        if let Frame::Welcome(welcome) = &frame {
            line.ends_after(Duration::from_millis(welcome.ping_ms) * MISSED_PINGS);
        }
        if let Frame::Error(refusal) = &frame {
            assert!(refusal.code.passes(), "{}: {refusal:?}", self.name);
        }
        let out = self.replica.receive(frame, now());
        self.obey(out);
    }

    fn obey(&mut self, out: Output) {
        self.resets += out.changes.iter().filter(|change| matches!(change, Change::Reset(_))).count();
        for command in out.commands {
            self.sends(&command);
        }
    }

    fn sends(&mut self, command: &Command) {
        if self.line.as_mut().is_some_and(|line| !line.says(command)) {
            self.loses_the_connection();
        }
    }

    fn loses_the_connection(&mut self) {
        self.line = None;
        let out = self.replica.disconnected();
        self.obey(out);
    }

    fn connects(&mut self) {
        self.line = Line::open_within(OPENING, self.addr, Some(&self.person));
        match self.line {
            Some(_) => self.connections += 1,
            None => std::thread::sleep(PAUSE),
        }
    }
}

fn lobby() -> RoomName {
    RoomName::from("lobby")
}

/// By this machine's clock, in Unix milliseconds.
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
