//! Files that go with the next message of a room: on their way to the server, or there. They are brought there by
//! `uploads`. A first visit does without either: only what is fetched later asks for them.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::{File, RoomName, Seq};

use super::Chat;
use super::deeds::Context;
use crate::platform::upload::{self, Preview, Upload};

/// One file.
pub(crate) struct Item {
    pub(crate) room: RoomName,
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) preview: Option<Preview>,
    pub(super) state: RefCell<Coming>,
    /// Told when that is another one.
    pub(super) moved: ArcRwSignal<()>,
    pub(super) content: upload::File,
    pub(super) upload: RefCell<Option<Upload>>,
}

/// How far a file has come.
#[derive(Clone, Debug)]
pub(crate) enum Coming {
    /// So many bytes.
    Sent(u64),
    There(File),
    Failed {
        sentence: String,
        /// Whether it may be tried again.
        again: bool,
    },
}

/// What a message would have with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    Nothing,
    Coming,
    /// One of them could not be brought here.
    Failed,
    Ready,
}

thread_local! {
    /// The files of all rooms.
    static ITEMS: RefCell<Vec<Rc<Item>>> = const { RefCell::new(Vec::new()) };
    /// What tells of them, for as long as the page lives: no part of it owns this.
    static TRAY: Tray = Tray::new();
}

/// Which files there are, and where a message waits for them.
#[derive(Clone)]
pub(crate) struct Tray {
    /// Told when there are others.
    changed: ArcRwSignal<()>,
    /// Where a message is to go out as soon as its files are there, and what it answers: 0 for nothing.
    waiting: ArcRwSignal<Vec<(RoomName, Seq)>>,
}

impl Item {
    /// Tracked.
    pub(crate) fn state(&self) -> Coming {
        self.moved.track();
        self.state.borrow().clone()
    }

    pub(super) fn set_state(&self, state: Coming) {
        self.state.replace(state);
        self.moved.set(());
    }
}

impl Tray {
    fn new() -> Self {
        Self { changed: ArcRwSignal::new(()), waiting: ArcRwSignal::new(Vec::new()) }
    }

    /// Those of a room, in their order. Tracked.
    pub(crate) fn of(&self, room: &RoomName) -> Vec<Rc<Item>> {
        self.changed.track();
        ITEMS.with_borrow(|items| items.iter().filter(|item| item.room == *room).cloned().collect())
    }

    pub(super) fn all(&self) -> Vec<Rc<Item>> {
        ITEMS.with_borrow(Clone::clone)
    }

    pub(super) fn add(&self, items: Vec<Rc<Item>>) {
        ITEMS.with_borrow_mut(|all| all.extend(items));
        self.changed.set(());
    }

    /// Keeps those for which this is true.
    pub(super) fn keep(&self, stays: impl Fn(&Rc<Item>) -> bool) {
        let before = ITEMS.take();
        ITEMS.set(before.iter().filter(|item| stays(item)).cloned().collect());
        self.changed.set(());
    }
}

impl Chat {
    pub(crate) fn tray(self) -> Tray {
        TRAY.with(Clone::clone)
    }

    /// Of the room that is looked at. What is written anew keeps the files that it has.
    pub(crate) fn load(self) -> Load {
        if matches!(self.context.get(), Some(Context::Edit(_))) {
            Load::Nothing
        } else {
            self.load_of(&self.room.get())
        }
    }

    pub(super) fn load_of(self, room: &RoomName) -> Load {
        let mut load = Load::Nothing;
        for item in self.tray().of(room) {
            load = match (item.state(), load) {
                (Coming::Failed { .. }, _) | (_, Load::Failed) => Load::Failed,
                (Coming::Sent(_), _) | (_, Load::Coming) => Load::Coming,
                (Coming::There(_), Load::Nothing | Load::Ready) => Load::Ready,
            };
        }
        load
    }

    /// Takes those that are there, for a message.
    pub(super) fn take_files(self, room: &RoomName) -> Vec<File> {
        let items = untrack(|| self.tray().of(room));
        if !items.is_empty() {
            self.tray().keep(|item| item.room != *room);
        }
        let there =
            |item: Rc<Item>| if let Coming::There(file) = &*item.state.borrow() { Some(file.clone()) } else { None };
        items.into_iter().filter_map(there).collect()
    }

    /// A message of this room goes out when its files are there.
    pub(crate) fn wait_for_files(self, reply: Option<Seq>) {
        let room = self.room.get_untracked();
        let _ = self.wait_no_more(&room);
        self.tray().waiting.update(|waiting| waiting.push((room, reply.unwrap_or_default())));
    }

    /// It does not any more; answers what it was to answer, where it was.
    pub(crate) fn wait_no_more(self, room: &RoomName) -> Option<Option<Seq>> {
        let found =
            self.tray().waiting.with_untracked(|all| all.iter().find(|(of, _)| of == room).map(|(_, seq)| *seq))?;
        self.tray().waiting.update(|waiting| waiting.retain(|(of, _)| of != room));
        Some((found != 0).then_some(found))
    }

    /// Whether a message of this room waits for its files.
    pub(crate) fn waits_for_files(self) -> bool {
        let room = self.room.get();
        self.tray().waiting.with(|waiting| waiting.iter().any(|(of, _)| *of == room))
    }
}
