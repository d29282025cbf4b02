//! Brings files to the server, in the order in which they were chosen.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use stonechat_shared::{File, Kind, RoomName, Seq, json, limits};

use super::Chat;
use super::tray::{Coming, Item, Load};
use crate::net::http::{self, Trouble};
use crate::platform::storage;
use crate::platform::upload::{self, Heard, Preview, Upload};

/// Files under way at the same time: the first ones are there early, and a line is full with these.
const AT_ONCE: usize = 3;

impl Chat {
    /// Bytes that a file may have. Until the server says so, whatever is too large it refuses itself.
    pub(crate) fn file_limit(self) -> u64 {
        self.with(|replica| replica.welcome().map_or(u64::MAX, |welcome| welcome.limits.file))
    }

    /// Writes a message into the room that is looked at, with the files that are there for it.
    pub(crate) fn post_with_files(self, text: String, reply: Option<Seq>) {
        let room = self.room.get_untracked();
        let files = self.take_files(&room);
        self.do_to_messages(room, Kind::Post { text, reply, files });
        // Whoever goes on typing is told again at once.
        self.core.update_value(|core| core.typing_told = 0);
        self.wrote.set(());
    }

    /// Takes files up for the next message of the room that is looked at, and answers how many of them it has no place
    /// for. `too_large` is what is said of those that the server would not take.
    pub(crate) fn attach(self, chosen: Vec<upload::File>, too_large: &str) -> usize {
        let room = self.room.get_untracked();
        let limit = self.file_limit();
        let place = limits::FILES.saturating_sub(untrack(|| self.tray().of(&room)).len());
        let excess = chosen.len().saturating_sub(place);
        let items = chosen.into_iter().take(place).map(|content| {
            let size = content.size() as u64;
            let state = if size > limit {
                Coming::Failed { sentence: too_large.to_owned(), again: false }
            } else {
                Coming::Sent(0)
            };
            Rc::new(Item {
                room: room.clone(),
                name: content.name(),
                size,
                preview: Preview::of(&content),
                state: RefCell::new(state),
                moved: ArcRwSignal::new(()),
                content,
                upload: Default::default(),
            })
        });
        self.tray().add(items.collect());
        self.upload_next();
        excess
    }

    /// Tries again what could not be brought there.
    pub(crate) fn upload_again(self, item: &Item) {
        item.set_state(Coming::Sent(0));
        self.upload_next();
    }

    /// Leaves a file out, wherever it is by now. One that is there already is forgotten by the server in a day.
    pub(crate) fn leave_out(self, item: &Rc<Item>) {
        self.tray().keep(|other| !Rc::ptr_eq(other, item));
        if untrack(|| self.load_of(&item.room)) == Load::Nothing {
            let _ = self.wait_no_more(&item.room);
        }
        self.upload_next();
    }

    fn upload_next(self) {
        let items = self.tray().all();
        let waits = |item: &&Rc<Item>| matches!(*item.state.borrow(), Coming::Sent(_));
        let under_way = items.iter().filter(|item| item.upload.borrow().is_some()).count();
        let next = items.iter().filter(waits).filter(|item| item.upload.borrow().is_none());
        for item in next.take(AT_ONCE.saturating_sub(under_way)) {
            let known = Rc::downgrade(item);
            let heard = Rc::new(move |heard| self.heard_of(&known, heard));
            let upload = Upload::start(&http::upload_url(&item.name), self.words_now().tag, &item.content, heard);
            if upload.is_none() {
                self.end(item, Err(Trouble::Unreachable));
            }
            item.upload.replace(upload);
        }
    }

    fn heard_of(self, item: &Weak<Item>, heard: Heard) {
        let Some(item) = item.upgrade() else { return };
        match heard {
            Heard::Sent(bytes) => item.set_state(Coming::Sent(bytes)),
            Heard::Ended(answer) => {
                item.upload.take();
                let file = match answer {
                    Some(answer) if answer.ok => json::read::<File>(&answer.text).map_err(|_| Trouble::Unreachable),
                    Some(answer) => Err(json::read(&answer.text).map_or(Trouble::Unreachable, Trouble::Refused)),
                    None => Err(Trouble::Unreachable),
                };
                self.end(&item, file);
                self.upload_next();
                self.send_elsewhere(&item.room);
            }
        }
    }

    fn end(self, item: &Item, file: Result<File, Trouble>) {
        item.set_state(match file {
            Ok(file) => Coming::There(file),
            Err(trouble) => Coming::Failed { sentence: self.sentence(trouble), again: true },
        });
    }

    /// Sends what waits in a room that is not looked at any more. Where it is, the composer does.
    fn send_elsewhere(self, room: &RoomName) {
        if untrack(|| self.room.get() == *room || self.load_of(room) != Load::Ready) {
            return;
        }
        let Some(reply) = self.wait_no_more(room) else { return };
        let key = storage::draft_key(room);
        let text = storage::get(&key).filter(|text| !text.trim().is_empty()).unwrap_or_default();
        let files = self.take_files(room);
        self.do_to_messages(room.clone(), Kind::Post { text, reply, files });
        storage::set(&key, "");
    }
}
