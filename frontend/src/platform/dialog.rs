//! Native dialogs: the browser keeps the focus inside, closes on Escape and gives the focus back.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

use super::document;
use super::dom::El;

/// Opens it with the focus on what says `autofocus`: left to itself, the browser gives it to the first control, which
/// closes it.
pub(crate) fn open(dialog: &El) {
    let Some(dialog) = dialog.raw().dyn_ref::<HtmlDialogElement>() else { return };
    let _ = dialog.show_modal();
    let first = dialog.query_selector("[autofocus]").ok().flatten();
    if let Some(first) = first.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = first.focus();
    }
}

pub(crate) fn close(dialog: &El) {
    if let Some(dialog) = dialog.raw().dyn_ref::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// Gives a field the focus anew that got it back from a dialog. Chromium takes no letters for one, though it shows that it
/// has the focus, where the dialog was closed by a click.
pub(crate) fn wake_field() {
    let field = document().active_element().filter(|element| element.matches("input, textarea").unwrap_or(false));
    if let Some(field) = field.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = field.blur();
        let _ = field.focus();
    }
}
