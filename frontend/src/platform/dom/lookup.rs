//! Elements that are looked for in the page, and where they stand.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::El;
use crate::platform::document;

impl El {
    /// The first in the page that this selector fits.
    pub(crate) fn find(selector: &str) -> Option<El> {
        document().query_selector(selector).ok()?.map(El)
    }

    /// All within that this selector fits, in their order.
    pub(crate) fn all(&self, selector: &str) -> Vec<El> {
        let Ok(list) = self.0.query_selector_all(selector) else { return Vec::new() };
        let nodes = (0..list.length()).filter_map(|i| list.item(i));
        nodes.filter_map(|node| node.dyn_into::<Element>().ok()).map(El).collect()
    }

    pub(crate) fn has_focus(&self) -> bool {
        document().active_element().as_ref() == Some(&self.0)
    }

    /// Pixels that can still be scrolled down.
    pub(crate) fn below_px(&self) -> i32 {
        self.0.scroll_height() - self.0.client_height() - self.0.scroll_top()
    }

    /// Scrolls what is around it as little as it takes to see it.
    pub(crate) fn reveal(&self) {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        self.0.scroll_into_view_with_scroll_into_view_options(&nearest);
    }

    /// Lets everybody who listens know, as if the person had done it.
    pub(crate) fn fire(&self, name: &str) {
        if let Ok(event) = Event::new(name) {
            let _ = self.0.dispatch_event(&event);
        }
    }
}
