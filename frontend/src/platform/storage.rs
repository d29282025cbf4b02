//! What the browser keeps for us between visits. A browser that keeps nothing (private windows, full disks) costs the
//! drafts and the choices, never the chat.

use stonechat_shared::RoomName;
use web_sys::Storage;

use super::{numbers, window};

/// `frontend/theme.js` reads this one too, before the first paint.
pub(crate) const THEME: &str = "stonechat.theme";
/// `frontend/theme.js` reads this one too, before the first paint.
pub(crate) const DENSITY: &str = "stonechat.density";
/// `frontend/theme.js` reads this one too, before the first paint.
pub(crate) const LANGUAGE: &str = "stonechat.lang";
/// Who we were last time, so that the composer is there before the server has answered.
pub(crate) const ME: &str = "stonechat.me";
/// Messages that were not confirmed when the page was left, each tab's under a key that begins with this.
const OUTBOX: &str = "stonechat.outbox.";

thread_local! {
    /// What tells this tab from others.
    static TAB: String = numbers::command_id().to_string();
}

pub(crate) fn draft_key(room: &RoomName) -> String {
    format!("stonechat.draft.{room}")
}

/// The key under which this tab keeps its outbox.
pub(crate) fn outbox_key() -> String {
    TAB.with(|tab| format!("{OUTBOX}{tab}"))
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

/// Empty is the same as not there.
pub(crate) fn set(key: &str, value: &str) {
    let Some(storage) = storage() else { return };
    let _ = if value.is_empty() { storage.remove_item(key) } else { storage.set_item(key, value) };
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
