//! The chat as the views see it: signals around the [`Replica`], which alone knows how a room's state comes about.
//!
//! However many frames arrive, the views are told once a picture: changes gather in [`Dirty`] until then ([`draw`]).

mod asks;
pub(crate) mod deeds;
pub(crate) mod draft;
mod draw;
pub(crate) mod excerpt;
mod finding;
mod keep;
mod news;
pub(crate) mod pace;
pub(crate) mod private;
pub(crate) mod rows;
pub(crate) mod settings;
pub(crate) mod span;
pub(crate) mod switching;
pub(crate) mod timeline;
pub(crate) mod tray;
mod unread;
mod uploads;

use futures_channel::mpsc::UnboundedSender;
use leptos::prelude::*;
use stonechat_shared::frame::{Code, Refusal, Role, RoomHead, User};
use stonechat_shared::ids::Millis;
use stonechat_shared::replica::{Change, Output};
use stonechat_shared::{Author, Command, CommandId, Replica, RoomName, Seq, UserId};

use crate::locales::Phrases;
pub(crate) use crate::net::{Line, Way, tap};
use crate::net::{News, Order, Places};
use crate::platform::{address, numbers, page, storage, task, time};
use deeds::Context;
use draw::Dirty;

/// How often the server is told that we type; it lets "is typing" stand for a little longer than this.
const TYPING_MS: Millis = 3_000;
/// How long "I have read up to here" waits for more to be read.
const READ_MS: u64 = 1_000;
/// How long a refusal that belongs to no message is shown.
const NOTICE_MS: u64 = 6_000;

/// A handle on everything; as cheap to copy as a number.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    core: StoredValue<Core, LocalStorage>,
    pub(crate) words: RwSignal<&'static Phrases>,
    pub(crate) line: RwSignal<Line>,
    pub(crate) me: RwSignal<Option<User>>,
    pub(crate) server: RwSignal<String>,
    pub(crate) rooms: RwSignal<Vec<RoomHead>>,
    /// Told when the settings may be others now.
    pub(crate) settings_told: RwSignal<()>,
    /// The room that is looked at.
    pub(crate) room: RwSignal<RoomName>,
    /// The server has no such room.
    pub(crate) missing: RwSignal<bool>,
    /// Told when the room's messages may have changed; they are read with [`Chat::with`].
    pub(crate) log: RwSignal<()>,
    pub(crate) outbox: RwSignal<()>,
    pub(crate) presence: RwSignal<()>,
    /// Who else is typing.
    pub(crate) typists: RwSignal<Vec<Author>>,
    /// A sentence of the server that belongs to no message.
    pub(crate) notice: RwSignal<Option<String>>,
    /// What a screen reader says next.
    pub(crate) announcement: RwSignal<String>,
    /// Whether somebody looks at the page.
    pub(crate) watched: RwSignal<bool>,
    /// What others wrote here since nobody looks.
    pub(crate) unseen: RwSignal<usize>,
    /// Told when the person has written: they want to see it.
    pub(crate) wrote: RwSignal<()>,
    /// What the composer is for.
    pub(crate) context: RwSignal<Option<Context>>,
    /// Messages that are removed in a moment, and when that was wanted.
    pub(crate) going: RwSignal<Vec<(RoomName, Seq, Millis)>>,
    /// A message that is to be shown.
    pub(crate) sought: RwSignal<Option<Seq>>,
    /// From this message on all is to be new again.
    pub(crate) kept_new: RwSignal<Option<Seq>>,
}

struct Core {
    replica: Replica,
    orders: UnboundedSender<Order>,
    dirty: Dirty,
    redraw_asked: bool,
    tick_asked: Option<Millis>,
    typing_told: Millis,
    /// Read up to here, and not yet told.
    read: Option<(RoomName, Seq)>,
    news: news::News,
    /// Whose outboxes in other tabs were looked for.
    met_as: Option<UserId>,
    /// The outboxes of other tabs that are known and not gone.
    met: Vec<String>,
    /// Rooms of which the person does not want to be told.
    muted: Vec<RoomName>,
    /// The list of rooms was asked for because this one was not in it.
    listed_for: Option<RoomName>,
    /// The list is being asked for, or was a moment ago.
    counting: bool,
}

impl Chat {
    pub(crate) fn new(orders: UnboundedSender<Order>, words: &'static Phrases) -> Self {
        let room = address::room();
        let mut replica = Replica::new();
        let nothing_to_send_yet = replica.open(&room);
        debug_assert!(nothing_to_send_yet.commands.is_empty());
        let me = keep::me();
        if let Some(me) = &me {
            replica.known_as(me.id.clone());
        }
        storage::hold_outbox();
        let core = Core {
            replica,
            orders,
            dirty: Dirty::default(),
            redraw_asked: false,
            tick_asked: None,
            typing_told: 0,
            read: None,
            news: news::News::default(),
            met_as: None,
            met: Vec::new(),
            muted: Vec::new(),
            listed_for: None,
            counting: false,
        };
        Self {
            core: StoredValue::new_local(core),
            words: RwSignal::new(words),
            line: RwSignal::new(Line::Connecting),
            me: RwSignal::new(me),
            server: RwSignal::new("stonechat".to_owned()),
            rooms: RwSignal::new(Vec::new()),
            settings_told: RwSignal::new(()),
            room: RwSignal::new(room),
            missing: RwSignal::new(false),
            log: RwSignal::new(()),
            outbox: RwSignal::new(()),
            presence: RwSignal::new(()),
            typists: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            watched: RwSignal::new(page::is_watched()),
            unseen: RwSignal::new(0),
            wrote: RwSignal::new(()),
            context: RwSignal::new(None),
            going: RwSignal::new(Vec::new()),
            sought: RwSignal::new(address::message()),
            kept_new: RwSignal::new(None),
        }
    }

    /// Looks into the replica. To hear of changes, track the signal that belongs to what is read.
    pub(crate) fn with<T>(self, f: impl FnOnce(&Replica) -> T) -> T {
        self.core.with_value(|core| f(&core.replica))
    }

    /// The title of the room that is looked at; its name until the title is known.
    pub(crate) fn title(self) -> String {
        self.line_of_room().map_or_else(|| self.room.get().to_string(), |head| self.name_of(&head))
    }

    /// Whether we have a name of our own, and may write under it.
    pub(crate) fn is_named(self) -> bool {
        self.me.with(|me| me.as_ref().is_some_and(|me| me.role != Role::Guest))
    }

    /// Whether there is such a room in the list.
    pub(crate) fn knows_room(self, name: &str) -> bool {
        self.with(|replica| replica.heads().iter().any(|head| head.room.as_str() == name))
    }

    pub(crate) fn me_now(self) -> Option<User> {
        self.me.get_untracked()
    }

    pub(crate) fn is_named_now(self) -> bool {
        untrack(|| self.is_named())
    }

    /// Whether the server takes files; where it did not say yet, it may.
    pub(crate) fn takes_files(self) -> bool {
        // Told along with what else the server says of itself.
        self.server.track();
        self.with(|replica| replica.welcome().is_none_or(|welcome| welcome.limits.file != 0))
    }

    /// Takes in what the connection has to say.
    pub(crate) fn hear(self, news: News) {
        match news {
            News::Line(line) => self.line.set(line),
            News::Frame(frame) => self.take_in(frame),
            News::Lost => {
                // Who was typing is told again by the next connection, and by nobody until then.
                self.typists.set(Vec::new());
                self.change(Replica::disconnected);
            }
        }
    }

    /// Where the replica stands, for a connection that says so as it opens.
    pub(crate) fn places(self) -> Places {
        self.with(Replica::places)
    }

    /// The person does not want to wait for the next try.
    pub(crate) fn try_now(self) {
        self.order(Order::TryNow);
    }

    /// Asks the server for a sign of life, to measure how long that takes.
    pub(crate) fn ping(self, id: CommandId) {
        self.order(Order::Send(Command::Ping { id }));
    }

    pub(crate) fn order(self, order: Order) {
        // The other end lives as long as the page.
        self.core.with_value(|core| core.orders.unbounded_send(order).ok());
    }

    /// Writes a message into the room that is looked at.
    pub(crate) fn post(self, text: String, reply: Option<Seq>) {
        let room = self.room.get_untracked();
        self.change(|replica| replica.post(&room, numbers::command_id(), text, reply, time::now()));
        // Whoever goes on typing is told again at once.
        self.core.update_value(|core| core.typing_told = 0);
        self.wrote.set(());
    }

    pub(crate) fn retry(self, id: &CommandId) {
        self.change(|replica| replica.retry(id, time::now()));
    }

    pub(crate) fn discard(self, id: &CommandId) {
        self.change(|replica| replica.discard(id, time::now()));
    }

    /// Goes to a room. Rooms that were looked at stay joined: coming back shows them at once.
    pub(crate) fn go(self, room: &RoomName) {
        if self.room.get_untracked() != *room {
            address::go(room);
            self.show(room.clone());
        }
    }

    /// The address has changed: shows its room.
    pub(crate) fn follow_address(self) {
        let (room, message) = (address::room(), address::message());
        if room != self.room.get_untracked() {
            self.show(room);
        }
        self.sought.set(message);
    }

    /// Shows a message of the room that is looked at, and where it stands.
    pub(crate) fn seek(self, seq: Seq) {
        self.sought.set(Some(seq));
    }

    fn show(self, room: RoomName) {
        self.missing.set(false);
        self.unseen.set(0);
        self.context.set(None);
        self.announcement.set(String::new());
        self.room.set(room.clone());
        self.change(|replica| replica.open(&room));
        self.core.update_value(|core| {
            core.news.restart();
            core.dirty =
                Dirty { log: true, outbox: true, presence: true, typing: true, ..std::mem::take(&mut core.dirty) };
        });
        self.ask_redraw();
    }

    /// The person is typing.
    pub(crate) fn typing(self) {
        let now = time::now();
        let due = self.core.try_update_value(|core| {
            let due = core.typing_told + TYPING_MS <= now;
            if due {
                core.typing_told = now;
            }
            due
        });
        if due == Some(true) && self.line.get_untracked().is_connected() {
            self.order(Order::Send(Command::Typing { room: self.room.get_untracked() }));
        }
    }

    /// The person has seen this room up to here.
    pub(crate) fn saw(self, room: RoomName, seq: Seq) {
        let before = self.core.try_update_value(|core| core.read.replace((room.clone(), seq))).flatten();
        let is_first = before.is_none();
        if let Some((other, seq)) = before.filter(|(other, _)| *other != room) {
            // Seen a moment before the person went on.
            self.change(|replica| replica.read(&other, seq));
        }
        if is_first {
            task::spawn(async move {
                time::sleep(READ_MS).await;
                if let Some((room, seq)) = self.core.try_update_value(|core| core.read.take()).flatten() {
                    self.change(|replica| replica.read(&room, seq));
                }
            });
        }
    }

    /// Somebody looks at the page again, or nobody does.
    pub(crate) fn watch(self) {
        let watched = page::is_watched();
        if watched {
            self.unseen.set(0);
        }
        if self.watched.get_untracked() != watched {
            self.watched.set(watched);
        }
    }

    /// Shows a sentence for a while.
    pub(crate) fn notify(self, sentence: String) {
        self.notice.set(Some(sentence.clone()));
        task::spawn(async move {
            time::sleep(NOTICE_MS).await;
            if self.notice.with_untracked(|shown| shown.as_ref() == Some(&sentence)) {
                self.notice.set(None);
            }
        });
    }

    /// Every change of the replica goes through here.
    fn change(self, f: impl FnOnce(&mut Replica) -> Output) {
        if let Some(output) = self.core.try_update_value(|core| f(&mut core.replica)) {
            self.carry_out(output);
        }
    }

    /// What came of a change: its commands go out, its changes are drawn.
    fn carry_out(self, Output { commands, changes }: Output) {
        // What is sent is kept first: whatever happens to the page from here on, it is not lost.
        if changes.contains(&Change::Outbox) {
            self.keep_outbox();
        }
        commands.into_iter().for_each(|command| self.order(Order::Send(command)));
        let room = self.room.get_untracked();
        for change in changes {
            if let Some(refusal) = self.core.try_update_value(|core| core.dirty.note(change, &room)).flatten() {
                self.refused(refusal);
            }
        }
        self.ask_redraw();
        self.ask_tick();
    }

    fn refused(self, refusal: Refusal) {
        let here = refusal.room.as_ref().is_none_or(|room| *room == self.room.get_untracked());
        if refusal.code == Code::NoSuchRoom && here {
            self.missing.set(true);
        } else {
            self.notify(refusal.message);
        }
    }

    /// Comes back when a message that was asked to wait may go out.
    fn ask_tick(self) {
        let at = self.core.try_update_value(|core| {
            let next = core.replica.next_tick();
            (next != core.tick_asked).then(|| core.tick_asked = next).and(next)
        });
        if let Some(at) = at.flatten() {
            task::spawn(async move {
                time::sleep(at.saturating_sub(time::now())).await;
                // A timer may be early by a moment: then it is asked for again.
                self.core.update_value(|core| core.tick_asked = None);
                self.change(|replica| replica.tick(time::now()));
            });
        }
    }

    /// The words of the page, for something that is said once.
    pub(crate) fn words_now(self) -> &'static Phrases {
        self.words.get_untracked()
    }

    /// The language of the page, from now on and at the next visit.
    pub(crate) fn speak(self, words: &'static Phrases) {
        storage::set(storage::LANGUAGE, words.tag);
        page::set_root("lang", words.tag);
        self.words.set(words);
        // The server's sentences come in this language with the next connection.
        self.order(Order::Renew);
    }
}
