//! Notes of the system's, which the browser shows outside of the page where the person has allowed it.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{storage, window};

/// Whether they are wanted here, and allowed.
pub(crate) fn is_on() -> bool {
    storage::get(storage::POPUPS).is_some() && is_granted(&class().and_then(|class| get(&class, "permission")))
}

/// Asks the person for leave; answers whether it is given.
pub(crate) async fn ask() -> bool {
    let Some(class) = class() else { return false };
    let Some(ask) = get(&class, "requestPermission").and_then(|ask| ask.dyn_into::<Function>().ok()) else {
        return false;
    };
    let Ok(answer) = ask.call0(&class) else { return false };
    is_granted(&JsFuture::from(Promise::resolve(&answer)).await.ok())
}

/// Shows one; another of the same tag, as other tabs may show, takes its place.
pub(crate) fn show(title: &str, body: &str, tag: &str, clicked: impl FnOnce() + 'static) {
    let Some(class) = class().and_then(|class| class.dyn_into::<Function>().ok()) else { return };
    let options = Object::new();
    for (name, value) in [("body", body), ("tag", tag)] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    // Some phones have the class and refuse this; then the badge has to do.
    if let Ok(note) = Reflect::construct(&class, &Array::of2(&title.into(), &options)) {
        let shown = note.clone();
        let clicked = Closure::once_into_js(move || {
            clicked();
            if let Some(close) = get(&shown, "close").and_then(|close| close.dyn_into::<Function>().ok()) {
                let _ = close.call0(&shown);
            }
        });
        let _ = Reflect::set(&note, &"onclick".into(), &clicked);
    }
}

fn class() -> Option<JsValue> {
    get(&window(), "Notification").filter(|class| !class.is_undefined())
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok()
}

fn is_granted(permission: &Option<JsValue>) -> bool {
    permission.as_ref().and_then(JsValue::as_string).is_some_and(|permission| permission == "granted")
}
