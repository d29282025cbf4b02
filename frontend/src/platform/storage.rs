//! What the browser keeps for us between visits. A browser that keeps nothing (private windows, full disks) costs the
//! drafts and the choices, never the chat.

use std::cell::RefCell;

use leptos::prelude::window_event_listener_untyped;
use stonechat_shared::RoomName;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};

use super::locks::{self, Held};
use super::{numbers, window};

/// `frontend/theme.js` reads this one too, before the first paint.
pub(crate) const THEME: &str = "stonechat.theme";
/// `frontend/theme.js` reads this one too, before the first paint.
pub(crate) const DENSITY: &str = "stonechat.density";
/// `frontend/theme.js` reads this one too, before the first paint.
pub(crate) const LANGUAGE: &str = "stonechat.lang";
/// `12` or `24`, where the language does not decide how hours are counted.
pub(crate) const CLOCK: &str = "stonechat.clock";
/// Something was chosen here that the server has not taken: as long as there is no name to keep it under, for one.
pub(crate) const UNTOLD: &str = "stonechat.untold";
/// Whether this browser shows notes of the system's.
pub(crate) const POPUPS: &str = "stonechat.popups";
/// Whether this browser makes a sound.
pub(crate) const SOUND: &str = "stonechat.sound";
/// What the last sound was made for, so that of several tabs one makes it.
pub(crate) const SOUNDED: &str = "stonechat.sounded";
/// Who we were last time, so that the composer is there before the server has answered.
pub(crate) const ME: &str = "stonechat.me";
/// Messages that were not confirmed when the page was left, each tab's under a key that begins with this.
const OUTBOX: &str = "stonechat.outbox.";

thread_local! {
    /// What tells this tab from others.
    static TAB: String = numbers::command_id().to_string();
    /// Held for as long as this tab sends what is in its outbox: who gets the name finds the tab gone.
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

pub(crate) fn draft_key(room: &RoomName) -> String {
    format!("stonechat.draft.{room}")
}

/// The key under which this tab keeps its outbox.
pub(crate) fn outbox_key() -> String {
    TAB.with(|tab| format!("{OUTBOX}{tab}"))
}

/// A key that no tab looks after: whoever the outbox under it belongs to takes it up when they are back.
pub(crate) fn free_outbox_key() -> String {
    format!("{OUTBOX}{}", numbers::command_id())
}

/// This tab looks after its outbox from now on; answers false where it did already.
pub(crate) fn hold_outbox() -> bool {
    HELD.with_borrow_mut(|held| {
        let is_new = held.is_none();
        held.get_or_insert_with(|| locks::hold(&outbox_key()));
        is_new
    })
}

/// This tab may be gone for good: others look after its outbox. A name that is held would keep the page out of the
/// back/forward cache.
pub(crate) fn release_outbox() {
    HELD.with_borrow_mut(|held| held.take().iter().for_each(Held::release));
}

/// Calls with the key whenever another tab has written down what waits there.
pub(crate) fn on_foreign_outbox(f: impl Fn(&str) + 'static) {
    // Never removed: the program ends with the page.
    let _ = window_event_listener_untyped("storage", move |event| {
        let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
        if let Some(key) = key.filter(|key| key.starts_with(OUTBOX)) {
            f(&key);
        }
    });
}

/// The keys of what other tabs, and earlier visits in this one, have left.
pub(crate) fn foreign_outboxes() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let own = outbox_key();
    (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok()?)
        .filter(|key| key.starts_with(OUTBOX) && *key != own)
        .collect()
}

pub(crate) fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Empty is the same as not there. Answers whether it is kept.
pub(crate) fn set(key: &str, value: &str) -> bool {
    match storage() {
        None => value.is_empty(),
        Some(storage) if value.is_empty() => storage.remove_item(key).is_ok(),
        Some(storage) => storage.set_item(key, value).is_ok(),
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
