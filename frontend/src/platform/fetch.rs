//! A plain request, as the browser makes it.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use super::window;

/// The text of an answer, and whether its status says that all went well.
pub(crate) struct Fetched {
    pub(crate) ok: bool,
    pub(crate) text: String,
}

/// Has the browser send this even if the page is gone by then.
pub(crate) fn leave_behind(url: &str, body: &str) {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body.into());
    // Not a beacon: to our policy of referrers Firefox sends those as from nowhere, and the server takes nothing from there.
    let _ = Reflect::set(&init, &"keepalive".into(), &true.into());
    let _ = window().fetch_with_str_and_init(url, &init);
}

/// Asks; nothing where there is no answer.
pub(crate) async fn fetch(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Option<Fetched> {
    let set = Headers::new().ok()?;
    for (name, value) in headers {
        set.append(name, value).ok()?;
    }
    let init = RequestInit::new();
    init.set_headers(&set);
    init.set_method(method);
    if let Some(body) = body {
        init.set_body(&body.into());
    }
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &init)).await.ok()?;
    let response: Response = response.unchecked_into();
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    Some(Fetched { ok: response.ok(), text: text.as_string()? })
}
