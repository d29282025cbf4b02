//! One connection: the server's session at one end, what is under way in both directions, and somebody or nobody at the
//! other end.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use futures_util::FutureExt as _;
use stonechat_server::app::App;
use stonechat_server::caller::Caller;
use stonechat_server::refusal::Lang;
use stonechat_server::session::{Manner, Out, Session};
use stonechat_shared::frame::{Frame, User};
use stonechat_shared::ids::Millis;
use stonechat_shared::{Command, RoomName, Seq};
use tokio::time::Instant;

use super::host::PING_MS;
use super::scene::Scene;
use super::weather::Trouble;

/// Frames that the socket takes before its other end has read any: small, so that readers are slow now and then.
const WINDOW: usize = 6;

#[derive(Debug)]
pub(crate) struct Line {
    user: User,
    session: Option<Session>,
    /// Somebody listens at the client's end.
    pub(crate) held: bool,
    /// Commands under way, each with its time of arrival.
    up: VecDeque<(Millis, String)>,
    /// Frames under way; nothing stands for the end of the connection.
    down: VecDeque<(Millis, Option<Frame>)>,
    /// Nothing arrives any more.
    hole: bool,
    /// The session may have something to say.
    awake: bool,
    /// It carries one command and is closed with its answer.
    one_shot: bool,
    /// How far each room was told on this connection.
    told: BTreeMap<RoomName, Seq>,
    welcomed: bool,
    /// When the server's end learns that nobody is at the other.
    cut_at: Option<Millis>,
    /// Since when nothing was read of what the server wrote.
    stalled_since: Option<Millis>,
}

impl Line {
    pub(crate) async fn open(app: &Arc<App>, user: User, manner: Manner) -> Self {
        let caller = Caller {
            user: Some(user.clone()),
            session: None,
            lang: Lang::En,
            address: [127, 0, 0, 1].into(),
            version: true,
            claims: None,
            flow: Arc::default(),
        };
        let session = Session::open(Arc::clone(app), user.clone(), &caller, manner).await;
        Self {
            user,
            session: Some(session.expect("there is no limit on connections")),
            held: manner == Manner::Whole,
            up: VecDeque::new(),
            down: VecDeque::new(),
            hole: false,
            awake: true,
            one_shot: manner == Manner::News,
            told: BTreeMap::new(),
            welcomed: manner == Manner::News,
            cut_at: None,
            stalled_since: None,
        }
    }

    pub(crate) fn user(&self) -> &User {
        &self.user
    }

    /// The client's end sends a command.
    pub(crate) fn send(&mut self, command: &Command, scene: &mut Scene) {
        // What is sent first arrives first.
        let at = self.up.back().map_or(0, |(at, _)| *at).max(scene.arrival());
        self.up.push_back((at, command.encode()));
    }

    /// What has arrived at the client's end; nothing for the end of the connection.
    pub(crate) fn arrived(&mut self, scene: &Scene) -> Option<Option<Frame>> {
        let due = !self.hole && self.down.front().is_some_and(|(at, _)| *at <= scene.now());
        due.then(|| self.down.pop_front()).flatten().map(|(_, frame)| frame)
    }

    /// The client lets go of its end. What it sent may still arrive, all of it or the first part.
    pub(crate) fn let_go(&mut self, scene: &mut Scene) {
        self.held = false;
        self.down.clear();
        let last = self.up.len();
        self.up.truncate(if self.hole { 0 } else { scene.dice.up_to(last) });
        let late = scene.dice.below(4_000);
        self.up.iter_mut().for_each(|(at, _)| *at += late);
        self.cut_at = Some(scene.now() + late + scene.dice.below(10_000));
    }

    /// The server's end is gone. The first part of what it said may still arrive, and so may the end of it.
    pub(crate) fn reset(&mut self, scene: &mut Scene) {
        self.session = None;
        self.up.clear();
        let last = self.down.len();
        self.down.truncate(scene.dice.up_to(last));
        if scene.dice.chance(700) {
            let at = self.down.back().map_or(0, |(at, _)| *at).max(scene.arrival());
            self.down.push_back((at, None));
        } else {
            self.hole = true;
        }
    }

    /// Whoever waited behind a fault is told now.
    pub(crate) fn heal(&mut self, scene: &Scene) {
        if self.hole || !self.held {
            (self.session, self.hole) = (None, false);
            self.up.clear();
            self.down = [(scene.now(), None)].into();
        }
    }

    pub(crate) fn fall_silent(&mut self) {
        self.hole = true;
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.session.is_none() && !self.held
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.held && self.session.is_some() && self.up.is_empty() && self.down.is_empty()
    }

    /// The server's end takes in what arrived and says what it has to say. Answers the commands that will be repeated.
    pub(crate) async fn serve(&mut self, scene: &mut Scene) -> Vec<Command> {
        let mut repeats = Vec::new();
        if !self.held {
            self.down.clear();
        }
        let now = scene.now();
        while let Some(session) = self.session.as_mut().filter(|session| session.listens())
            && !self.hole
            && self.down.len() < WINDOW
            && let Some((_, text)) = self.up.pop_front_if(|(at, _)| *at <= now)
        {
            scene.trace.note(&format!("> {} {} {}", now, self.user.name, masked(&text)));
            session.receive(&text).await;
            if let Ok(command) = Command::decode(&text)
                && command.id().is_some()
                && !self.one_shot
                && scene.strikes(Trouble::Repeat)
            {
                repeats.push(command);
            }
            self.say(scene).await;
        }
        if let Some(session) = &self.session {
            let woken = session.reader().woken().now_or_never().is_some();
            self.awake |= woken || session.ping_at() <= Instant::now();
        }
        if self.awake {
            self.say(scene).await;
        }
        self.end_in_time(now);
        repeats
    }

    /// Says what there is to say, until there is nothing or the socket is full.
    async fn say(&mut self, scene: &mut Scene) {
        while self.down.len() < WINDOW {
            let Some(session) = &mut self.session else { return };
            match session.next().await {
                Some(Out::Frame(text)) => {
                    scene.trace.note(&format!("< {} {} {}", scene.now(), self.user.name, masked(&text)));
                    let frame = self.check(&text, scene);
                    let is_events = matches!(frame, Frame::Events { .. });
                    if !is_events || !scene.strikes(Trouble::LostEvents) {
                        let at = self.down.back().map_or(0, |(at, _)| *at).max(scene.arrival());
                        self.down.push_back((at, Some(frame)));
                    }
                }
                Some(Out::Bye(text, code)) => {
                    scene.trace.note(&format!("bye {code}"));
                    let frame = Frame::decode(&text).expect("the server says frames");
                    let at = self.down.back().map_or(0, |(at, _)| *at).max(scene.arrival());
                    self.down.extend([(at, Some(frame)), (at, None)]);
                    self.session = None;
                }
                None => {
                    self.awake = false;
                    return;
                }
            }
        }
    }

    /// The server's end goes when it hears that the other has, when nobody reads, or when its one answer is given.
    fn end_in_time(&mut self, now: Millis) {
        let Some(session) = &self.session else { return };
        let full = self.down.len() >= WINDOW;
        self.stalled_since = full.then(|| self.stalled_since.unwrap_or(now));
        let stalled = self.stalled_since.is_some_and(|since| now > since + 2 * PING_MS);
        let done = self.one_shot && self.up.is_empty() && session.reader().is_settled();
        if self.cut_at.is_some_and(|at| at <= now) || stalled || done {
            self.session = None;
            self.up.clear();
            self.down.push_back((now, None));
        }
    }

    /// What must hold of everything that the server says, whether it arrives or not.
    fn check(&mut self, text: &str, scene: &mut Scene) -> Frame {
        scene.ledger.check_silence(text, "a frame");
        let frame = Frame::decode(text).expect("the server says frames");
        let name = |id| (self.user.id.clone(), id);
        assert!(self.welcomed || matches!(frame, Frame::Welcome(_)), "the first frame is {text}");
        match &frame {
            Frame::Welcome(welcome) => {
                assert_eq!(welcome.user, self.user);
                self.welcomed = true;
            }
            Frame::Joined(joined) => {
                self.told.insert(joined.room.clone(), joined.after.unwrap_or(joined.head));
            }
            Frame::Events { room, events } => {
                let told = self.told.get_mut(room).expect("a room is joined before it is heard");
                for event in events {
                    *told += 1;
                    assert_eq!(event.seq, *told, "{room}: what is told has no hole");
                }
            }
            Frame::Ok { id, room, seq, .. } => scene.ledger.ok(name(id.clone()), room, *seq),
            Frame::Error(refusal) => {
                if let Some(id) = refusal.id.clone().filter(|_| !refusal.code.passes()) {
                    scene.ledger.refuse(name(id));
                }
            }
            Frame::Ping { .. }
            | Frame::Presence(_)
            | Frame::Typing { .. }
            | Frame::Read { .. }
            | Frame::Room(_)
            | Frame::Gone { .. }
            | Frame::Heads { .. }
            | Frame::Settings
            | Frame::Pong { .. }
            | Frame::Bye { .. } => {}
            Frame::Unknown => panic!("nobody knows {text}"),
        }
        frame
    }
}

/// Without the name of the logs, which the server chose by a chance that is not ours.
fn masked(text: &str) -> String {
    const EPOCH: &str = "\"epoch\":\"";
    let parts = text.split_once(EPOCH).and_then(|(before, rest)| Some((before, rest.split_once('"')?.1)));
    parts.map_or_else(|| text.to_owned(), |(before, after)| format!("{before}{EPOCH}\"{after}"))
}
