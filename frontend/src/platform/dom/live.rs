//! What follows a signal: attributes, text, and parts of the page that are made anew. Each takes any closure and boxes
//! it first, so that the code behind is in the program once.

use std::cell::RefCell;

use leptos::prelude::*;
use web_sys::Node;

use super::{El, document};

/// Runs now and again after each change of what it read, until its owner is gone.
pub(crate) fn watch(f: impl Fn() + 'static) {
    follow(Box::new(f));
}

impl El {
    /// An attribute that follows.
    pub(crate) fn live_set(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.follow_set(name, Box::new(value));
        self
    }

    /// An attribute that is there or not.
    pub(crate) fn live_flag(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.follow_flag(name, Box::new(on));
        self
    }

    pub(crate) fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.follow_text(Box::new(text));
        self
    }

    /// A part that is made anew whenever what it read has changed.
    pub(crate) fn part(self, make: impl Fn() -> Option<El> + 'static) -> Self {
        self.follow_part(Box::new(make));
        self
    }

    fn follow_set(&self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
        let element = self.clone();
        follow(Box::new(move || element.put(name, value().as_deref())));
    }

    fn follow_flag(&self, name: &'static str, on: Box<dyn Fn() -> bool>) {
        let element = self.clone();
        follow(Box::new(move || element.put(name, on().then_some(""))));
    }

    fn follow_text(&self, text: Box<dyn Fn() -> String>) {
        let node = document().create_text_node("");
        self.append(&node);
        follow(Box::new(move || node.set_data(&text())));
    }

    fn follow_part(&self, make: Box<dyn Fn() -> Option<El>>) {
        // Nothing to see: where the part stands, and stands again.
        let place = document().create_text_node("");
        self.append(&place);
        let place: Node = place.into();
        let shown = RefCell::new(None::<El>);
        follow(Box::new(move || {
            let next = make();
            if let Some(before) = shown.take() {
                before.remove();
            }
            if let (Some(parent), Some(next)) = (place.parent_node(), &next) {
                let _ = parent.insert_before(next.raw(), Some(&place));
            }
            shown.replace(next);
        }));
    }
}

fn follow(f: Box<dyn Fn()>) {
    let effect = RenderEffect::new(move |_: Option<()>| f());
    // Its owner ends it.
    StoredValue::new_local(effect);
}
