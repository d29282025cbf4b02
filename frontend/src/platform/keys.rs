//! What a key press means.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

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

/// This letter with Ctrl, or with ⌘.
pub(crate) fn is_with_command(event: &KeyboardEvent, letter: &str) -> bool {
    (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case(letter)
}

/// `?` pressed anywhere but in a field.
pub(crate) fn asks_for_keys(event: &KeyboardEvent) -> bool {
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| ["INPUT", "TEXTAREA", "SELECT"].contains(&element.tag_name().as_str()));
    event.key() == "?" && !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !typing
}

/// A plain click on a link; every other one (new tab, new window, download) is the browser's.
pub(crate) fn is_plain_click(event: &Event) -> bool {
    let Some(event) = event.dyn_ref::<MouseEvent>() else { return false };
    event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key()
}
