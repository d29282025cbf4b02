//! A file on its way to the server. A request of the older kind: only it says how far it has come.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
pub(crate) use web_sys::File;
use web_sys::{ProgressEvent, Url, XmlHttpRequest};

use super::fetch::Fetched;

/// What becomes of an upload.
pub(crate) enum Heard {
    /// So many bytes are on their way or there.
    Sent(u64),
    /// Nothing where there was no answer.
    Ended(Option<Fetched>),
}

/// Dropped, it ends.
pub(crate) struct Upload {
    request: XmlHttpRequest,
    _progress: Closure<dyn Fn(ProgressEvent)>,
    end: Closure<dyn Fn()>,
}

impl Upload {
    /// What is told is told through a box: what the browser calls is a root of the first program, and would take what a
    /// later part does into it.
    pub(crate) fn start(url: &str, language: &str, file: &File, heard: Rc<dyn Fn(Heard)>) -> Option<Self> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", url).ok()?;
        request.set_request_header("Accept-Language", language).ok()?;
        let told = Rc::clone(&heard);
        let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            told(Heard::Sent(event.loaded() as u64));
        });
        let asked = request.clone();
        let end = Closure::<dyn Fn()>::new(move || {
            let text = asked.response_text().ok().flatten().unwrap_or_default();
            let status = asked.status().unwrap_or(0);
            heard(Heard::Ended((status != 0).then_some(Fetched { ok: (200..300).contains(&status), text })));
        });
        let upload = request.upload().ok()?;
        upload.add_event_listener_with_callback("progress", progress.as_ref().unchecked_ref()).ok()?;
        request.add_event_listener_with_callback("loadend", end.as_ref().unchecked_ref()).ok()?;
        request.send_with_opt_blob(Some(file)).ok()?;
        Some(Self { request, _progress: progress, end })
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // What is over cannot be ended any more, and says nothing about it.
        let end = self.end.as_ref().unchecked_ref();
        let _ = self.request.remove_event_listener_with_callback("loadend", end);
        let _ = self.request.abort();
    }
}

/// An address under which the page itself shows a file that is here only.
pub(crate) struct Preview(pub(crate) String);

impl Preview {
    pub(crate) fn of(file: &File) -> Option<Self> {
        let shows = ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&file.type_().as_str());
        if shows { Url::create_object_url_with_blob(file).ok().map(Self) } else { None }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}
