//! Files that a person brings: dropped, pasted, or chosen in a field.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{File, Node};

use super::dom::{El, Event};

/// What a drop carries.
pub(crate) const DROP: &str = "dataTransfer";
/// What a paste carries.
pub(crate) const PASTE: &str = "clipboardData";

/// The files that an event carries.
pub(crate) fn files(event: &Event, carrier: &str) -> Vec<File> {
    listed(&get(event, carrier))
}

/// The files that were chosen in a field, which may then choose the same ones again.
pub(crate) fn chosen(field: &El) -> Vec<File> {
    let files = listed(field.raw());
    field.set_value("");
    files
}

/// Whether files hover over the page: which, is only told when they are dropped.
pub(crate) fn brings_files(event: &Event) -> bool {
    Array::from(&get(&get(event, DROP), "types")).includes(&"Files".into(), 0)
}

/// Whether a text was copied along with the files, as spreadsheets do: then it is the text that was meant.
pub(crate) fn brings_text(event: &Event) -> bool {
    Array::from(&get(&get(event, PASTE), "types")).includes(&"text/plain".into(), 0)
}

/// Whether what hovers has left the element, and not only gone over to another part of it.
pub(crate) fn has_left(event: &Event, element: &El) -> bool {
    let to = get(event, "relatedTarget");
    !element.raw().contains(to.dyn_ref::<Node>())
}

fn listed(of: &JsValue) -> Vec<File> {
    let files = get(of, "files");
    if files.is_object() {
        Array::from(&files).iter().filter_map(|file| file.dyn_into().ok()).collect()
    } else {
        Vec::new()
    }
}

fn get(of: &JsValue, key: &str) -> JsValue {
    Reflect::get(of, &key.into()).unwrap_or_default()
}
