//! What a key press means.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

use super::page;

/// The code of every key that an input method takes for itself. Safari reports the Enter that ends a composition only
/// after `compositionend`, with `isComposing` false: this code is how it can still be told.
const INPUT_METHOD: u32 = 229;

/// Enter, meant as "send": not a line break, and not the end of an input method's composition.
pub(crate) fn sends(event: &Event) -> bool {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return false };
    event.key() == "Enter" && !event.shift_key() && !event.is_composing() && event.key_code() != INPUT_METHOD
}

/// This key and nothing else, outside of an input method's composition.
pub(crate) fn is(event: &Event, key: &str) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|event| {
        let held = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        event.key() == key && !held && !event.is_composing() && event.key_code() != INPUT_METHOD
    })
}

/// Whether a key is held down, and this is not its first stroke.
pub(crate) fn is_repeated(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(KeyboardEvent::repeat)
}

/// What can be asked for by keys wherever the focus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shortcut {
    /// Ctrl Shift F, or ⌘ Shift F.
    Inspector,
    /// `?`, but not in a field.
    Keys,
    /// `/`, but not in a field.
    Search,
    /// Ctrl K, on Apple's machines ⌘ K: there Ctrl K deletes to the end of the line.
    Switcher,
}

pub(crate) fn shortcut(event: &KeyboardEvent) -> Option<Shortcut> {
    let is_typing = || {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        target.is_some_and(|element| ["INPUT", "TEXTAREA", "SELECT"].contains(&element.tag_name().as_str()))
    };
    let (control, meta) = (event.ctrl_key(), event.meta_key());
    if event.alt_key() || event.is_composing() {
        return None;
    }
    match event.key().as_str() {
        "?" if !control && !meta && !is_typing() => Some(Shortcut::Keys),
        "/" if !control && !meta && !is_typing() => Some(Shortcut::Search),
        "f" | "F" if (control || meta) && event.shift_key() => Some(Shortcut::Inspector),
        "k" | "K" if control != meta && meta == page::is_apple() && !event.shift_key() => Some(Shortcut::Switcher),
        _ => None,
    }
}

/// Whether an input method is not done with what it puts into a field.
pub(crate) fn is_composing(event: &Event) -> bool {
    js_sys::Reflect::get(event, &"isComposing".into()).is_ok_and(|value| value.is_truthy())
}

/// A key that writes something, but for the space that presses a button.
pub(crate) fn is_letter(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|event| {
        let held = event.ctrl_key() || event.meta_key() || event.alt_key();
        !held && event.key() != " " && event.key().chars().count() == 1
    })
}

/// A plain click on a link; every other one (new tab, new window, download) is the browser's.
pub(crate) fn is_plain_click(event: &Event) -> bool {
    let Some(event) = event.dyn_ref::<MouseEvent>() else { return false };
    event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key()
}
