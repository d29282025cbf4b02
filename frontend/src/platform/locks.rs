//! Names that one tab holds at a time, where the browser has them: over TLS and on this machine.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::window;

/// Lets go of a name.
pub(crate) struct Held {
    release: Option<Function>,
}

/// Takes a name, as soon as nobody else holds it, until it is let go of or the page ends.
pub(crate) fn hold(name: &str) -> Held {
    let mut release = None;
    let until = Promise::new(&mut |resolve, _| release = Some(resolve));
    request(name, Closure::once_into_js(move |_: JsValue| until));
    Held { release }
}

impl Held {
    pub(crate) fn release(&self) {
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Calls once nobody holds this name; answers false where the browser cannot tell, and never calls.
pub(crate) fn when_free(name: &str, f: impl FnOnce() + 'static) -> bool {
    request(name, Closure::once_into_js(move |_: JsValue| f()))
}

fn request(name: &str, granted: JsValue) -> bool {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).unwrap_or_default();
    let request = Reflect::get(&locks, &"request".into()).ok().and_then(|request| request.dyn_into::<Function>().ok());
    // A refusal (a page without a storage of its own) is the same as having none.
    request.is_some_and(|request| request.call2(&locks, &name.into(), &granted).is_ok())
}
