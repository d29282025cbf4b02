//! Where one writes in a field. The browser counts in UTF-16 units.

use wasm_bindgen::prelude::*;
use web_sys::{HtmlTextAreaElement, InputEvent};

use super::document;
use super::dom::{El, Event};

/// The text in front of the caret, and what follows it; nothing while a part of the text is chosen.
pub(crate) fn around(field: &El) -> Option<(String, String)> {
    let area = field.raw().dyn_ref::<HtmlTextAreaElement>()?;
    let at = area.selection_start().ok()??;
    let end = area.selection_end().ok()??;
    let text: Vec<u16> = area.value().encode_utf16().collect();
    let (before, after) = text.split_at_checked(at as usize)?;
    (at == end).then(|| (String::from_utf16_lossy(before), String::from_utf16_lossy(after)))
}

/// Writes where the caret is, in the place of that much text in front of it. As if it had been typed: it can be undone,
/// and whoever listens to the field hears of it.
pub(crate) fn write(field: &El, in_place_of: &str, text: &str) {
    let Some(area) = field.raw().dyn_ref::<HtmlTextAreaElement>() else { return };
    field.focus();
    let end = area.selection_end().ok().flatten().unwrap_or_default();
    let start = if in_place_of.is_empty() {
        area.selection_start().ok().flatten().unwrap_or(end)
    } else {
        end.saturating_sub(in_place_of.encode_utf16().count() as u32)
    };
    let _ = area.set_selection_range(start, end);
    if !type_in(text) {
        let _ = area.set_range_text_with_start_and_end_and_mode(text, start, end, "end");
        if let Ok(event) = Event::new("input") {
            let _ = area.dispatch_event(&event);
        }
    }
}

/// Whether the event belongs to a composition of an input method that goes on.
pub(crate) fn is_composing(event: &Event) -> bool {
    event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing)
}

/// The one way to write that can be undone. It is an old one, and no browser has to have it.
fn type_in(text: &str) -> bool {
    let document = document();
    let Ok(command) = js_sys::Reflect::get(&document, &"execCommand".into()) else { return false };
    let Some(command) = command.dyn_ref::<js_sys::Function>() else { return false };
    let done = command.call3(&document, &"insertText".into(), &JsValue::FALSE, &text.into());
    done.is_ok_and(|done| done.is_truthy())
}
