//! Server-sent events, as the browser receives them.

use wasm_bindgen::prelude::*;
use web_sys::MessageEvent;

/// An open stream; dropped, it is closed.
pub(crate) struct EventSource {
    source: Option<web_sys::EventSource>,
    _message: Closure<dyn Fn(MessageEvent)>,
    _error: Closure<dyn Fn()>,
}

impl EventSource {
    /// Calls with each event's data, and with nothing when the stream is broken. The browser would come back by itself;
    /// but when, whether and by which way is decided elsewhere.
    pub(crate) fn open(url: &str, f: impl Fn(Option<String>) + Clone + 'static) -> Self {
        let source = web_sys::EventSource::new(url).ok();
        let heard = f.clone();
        let message = Closure::new(move |event: MessageEvent| heard(event.data().as_string()));
        let error = Closure::new(move || f(None));
        if let Some(source) = &source {
            source.set_onmessage(Some(message.as_ref().unchecked_ref()));
            source.set_onerror(Some(error.as_ref().unchecked_ref()));
        }
        Self { source, _message: message, _error: error }
    }
}

impl Drop for EventSource {
    fn drop(&mut self) {
        if let Some(source) = &self.source {
            source.set_onmessage(None);
            source.set_onerror(None);
            source.close();
        }
    }
}
