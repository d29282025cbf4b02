//! Style sheets that are fetched when what they are for is first opened.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::document;

/// Where on its link it is kept when a sheet will be there.
const LOADED: &str = "loaded";

/// A style sheet that is on its way, or there.
pub(crate) struct Style {
    link: Element,
    loaded: Promise,
}

/// Begins to fetch a style sheet of our own, unless that was done before.
pub(crate) fn fetch(name: &'static str) -> Option<Style> {
    let document = document();
    if let Some(link) = document.get_element_by_id(name) {
        let loaded = Reflect::get(&link, &LOADED.into()).ok()?.dyn_into().ok()?;
        return Some(Style { link, loaded });
    }
    let link = document.create_element("link").ok()?;
    let loaded = Promise::new(&mut |done, failed| {
        let _ = link.add_event_listener_with_callback("load", &done);
        let _ = link.add_event_listener_with_callback("error", &failed);
    });
    for (attribute, value) in [("id", name), ("rel", "stylesheet"), ("href", &format!("/{name}"))] {
        link.set_attribute(attribute, value).ok()?;
    }
    Reflect::set(&link, &LOADED.into(), &loaded).ok()?;
    document.head()?.append_child(&link).ok()?;
    Some(Style { link, loaded })
}

impl Style {
    /// Waits for it. What could not be fetched is forgotten: the next time it is tried again.
    pub(crate) async fn arrives(self) -> bool {
        let arrived = JsFuture::from(self.loaded).await.is_ok();
        if !arrived {
            self.link.remove();
        }
        arrived
    }
}
