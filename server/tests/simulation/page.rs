//! One open page: the replica in it, its connection, and the pages of history that it asked for.

use stonechat_server::store::{Range, history};
use stonechat_shared::frame::User;
use stonechat_shared::ids::Millis;
use stonechat_shared::page::History;
use stonechat_shared::replica::{Ask, Output, Pending};
use stonechat_shared::{Replica, RoomName, UserId};

use super::client::{Client, Heard};
use super::host::{Host, ROOMS};
use super::network::Network;
use super::scene::Scene;
use super::weather::Trouble;

/// Messages in a page of history: few, so that there are several.
const HISTORY: usize = 20;

#[derive(Debug)]
pub(crate) struct Page {
    /// The tab that it stands in: what its outbox is kept under.
    pub(crate) tab: u32,
    pub(crate) replica: Replica,
    pub(crate) client: Client,
    /// In the browser's memory, where nothing runs.
    pub(crate) asleep: bool,
    questions: Vec<Question>,
}

/// A page of history on its way.
#[derive(Debug)]
struct Question {
    room: RoomName,
    ask: Ask,
    /// When it reaches the server, and then when the answer comes.
    at: Millis,
    /// Nothing until the server has seen it; then its answer, where there was one.
    answer: Option<Option<History>>,
}

impl Page {
    /// Opens in a tab, with what was kept there, and for whom.
    pub(crate) fn open(tab: u32, kept: Vec<Pending>, known_as: Option<UserId>, scene: &mut Scene) -> (Self, Output) {
        let (replica, client) = (Replica::new(), Client::default());
        let mut page = Self { tab, replica, client, asleep: false, questions: Vec::new() };
        if let Some(author) = known_as {
            page.replica.known_as(author);
        }
        for room in ROOMS {
            if scene.dice.chance(800) {
                page.look_at(&room.into());
            }
        }
        let out = page.replica.restore(kept, scene.now());
        (page, out)
    }

    /// Opens a room while there is no connection.
    fn look_at(&mut self, room: &RoomName) {
        assert_eq!(self.replica.open(room), Output::default(), "without a connection there is nothing to say");
    }

    pub(crate) fn is_open(&self) -> bool {
        true
    }

    pub(crate) fn is_awake(&self) -> bool {
        !self.asleep
    }

    /// What came of the next thing that arrived, or of time; nothing where nothing did.
    pub(crate) fn hear(&mut self, network: &mut Network, scene: &mut Scene) -> Option<Output> {
        let now = scene.now();
        match self.client.hear(network, scene) {
            Some(Heard::Frame(frame)) => Some(self.replica.receive(frame, now)),
            Some(Heard::Gone) => Some(self.replica.disconnected()),
            None => {
                let due = self.replica.next_tick().is_some_and(|at| at <= now);
                let out = due.then(|| self.replica.tick(now));
                assert!(self.replica.next_tick().is_none_or(|at| at > now), "no time is asked for twice");
                out.filter(|out| *out != Output::default())
            }
        }
    }

    /// Asks for what is missing before or behind what is here, as somebody does who scrolls.
    pub(crate) fn ask(&mut self, name: &RoomName, scene: &mut Scene) {
        let Some(room) = self.replica.room(name) else { return };
        let (_, gap) = room.whole_around(0);
        let seq = |index: usize| room.at(index).map(|message| message.seq);
        let mut asks: Vec<Ask> = seq(0).filter(|_| room.has_more()).map(Ask::Before).into_iter().collect();
        if let Some((last, next)) = gap.checked_sub(1).and_then(seq).zip(seq(gap)) {
            asks.extend([Ask::After(last), Ask::Before(next)]);
        }
        if !asks.is_empty() {
            let ask = asks[scene.dice.up_to(asks.len() - 1)];
            self.ask_for(name, ask, scene);
        }
    }

    /// Asks for what stands around some message far back, as somebody does who follows a link.
    pub(crate) fn look_back(&mut self, name: &RoomName, scene: &mut Scene) {
        let Some(room) = self.replica.room(name) else { return };
        let seq = 1 + scene.dice.below(room.cursor().max(1));
        if room.misses(seq) {
            self.ask_for(name, Ask::Around(seq), scene);
        }
    }

    fn ask_for(&mut self, room: &RoomName, ask: Ask, scene: &mut Scene) {
        if self.replica.room(room).is_some_and(|room| !room.is_loading()) {
            self.replica.ask_history(room, ask);
            self.questions.push(Question { room: room.clone(), ask, at: scene.arrival(), answer: None });
        }
    }

    /// Carries questions to the server and answers back.
    pub(crate) async fn read_on(&mut self, user: &User, host: &Host, scene: &mut Scene) {
        let now = scene.now();
        for question in self.questions.iter_mut().filter(|question| question.at <= now && question.answer.is_none()) {
            let mut answer = None;
            if let Some(app) = host.app().filter(|_| !scene.strikes(Trouble::NoHistory)) {
                let range = match question.ask {
                    Ask::Before(seq) => Range::Before(seq),
                    Ask::After(seq) => Range::After(seq),
                    Ask::Around(seq) => Range::Around(seq),
                };
                let (room, reader) = (question.room.clone(), user.id.clone());
                let page = move |db: &_| history::page(db, &room, range, HISTORY, &reader);
                answer = Some(app.store.read(page).await.expect("the store can be read"));
            }
            (question.answer, question.at) = (Some(answer), scene.arrival());
        }
        for question in self.questions.extract_if(.., |question| question.at <= now && question.answer.is_some()) {
            let out = self.replica.history(&question.room, question.ask, question.answer.flatten());
            assert_eq!(out.commands, [], "history asks for nothing");
        }
    }

    /// What it waits for: it should be connected, up to date in every room, and have nothing left to send.
    pub(crate) fn restless(&self, scene: &Scene) -> Option<String> {
        let behind = |room: &RoomName| {
            let known = self.replica.room(room)?;
            let there = known.is_ready() && known.cursor() == scene.ledger.head(room);
            (!there).then(|| format!("{room} is at {} of {}", known.cursor(), scene.ledger.head(room)))
        };
        let pending = self.replica.outbox().all().iter().find(|pending| !super::person::is_refused(pending));
        let waits = pending.map(|pending| format!("{pending:?}"));
        let asks = self.questions.first().map(|question| format!("{question:?}"));
        let offline = self.client.line().is_none().then(|| "it is not connected".to_owned());
        let what = offline.or_else(|| ROOMS.map(RoomName::from).iter().find_map(behind)).or(waits).or(asks)?;
        Some(format!("tab {}: {what}", self.tab))
    }
}
