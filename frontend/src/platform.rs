//! The browser, as far as it is not the socket: what the program asks of `window` and `document`, it asks here.

pub(crate) mod address;
pub(crate) mod caret;
pub(crate) mod clipboard;
pub(crate) mod dialog;
pub(crate) mod dom;
pub(crate) mod events;
pub(crate) mod fetch;
pub(crate) mod keys;
pub(crate) mod locks;
pub(crate) mod notify;
pub(crate) mod numbers;
pub(crate) mod page;
pub(crate) mod popover;
pub(crate) mod scroll;
pub(crate) mod sound;
pub(crate) mod storage;
pub(crate) mod style;
pub(crate) mod task;
pub(crate) mod time;
pub(crate) mod transfer;
pub(crate) mod upload;

fn window() -> web_sys::Window {
    web_sys::window().expect("the program runs in a page")
}

fn document() -> web_sys::Document {
    window().document().expect("a page has a document")
}
