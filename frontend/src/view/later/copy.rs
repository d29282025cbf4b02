//! Copying: what was asked for, and what came of it.

use crate::locales::Phrase;
use crate::platform::{clipboard, task};
use crate::state::Chat;

/// As much as is still read, and marked with a pointer, in a passing note.
const BY_HAND: usize = 200;

/// Copies a text, and says so in these words, unless the browser does not let the page.
pub(super) fn copy(chat: Chat, text: String, done: Phrase) {
    task::spawn(async move {
        let is_there = clipboard::put(&text).await;
        let words = chat.words_now();
        chat.notify(match (is_there, text.len() <= BY_HAND) {
            (true, _) => done(words).to_owned(),
            (false, true) => (words.later().copy_this)(&text),
            (false, false) => words.later().copy_by_hand.to_owned(),
        });
    });
}
