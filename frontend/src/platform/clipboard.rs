//! What is copied from the page.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use super::{document, window};

/// Puts a text into the clipboard; answers whether it is there now.
pub(crate) async fn put(text: &str) -> bool {
    let is_there = match asked(text) {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    };
    is_there || selected(text).unwrap_or(false)
}

fn asked(text: &str) -> Result<Promise, JsValue> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
    write.call1(&clipboard, &text.into())?.dyn_into()
}

/// The old way: a page without TLS, as on a network at home, has no clipboard of its own.
fn selected(text: &str) -> Result<bool, JsValue> {
    let document = document();
    let had_focus = document.active_element();
    // What is outside of an open dialog cannot be selected.
    let dialog = document.query_selector("dialog:modal")?;
    let place = dialog.or_else(|| document.body().map(Into::into)).ok_or(JsValue::NULL)?;
    let field: HtmlTextAreaElement = document.create_element("textarea")?.dyn_into()?;
    field.set_class_name("vh");
    field.set_value(text);
    place.append_child(&field)?;
    field.select();
    let copy: Function = Reflect::get(&document, &"execCommand".into())?.dyn_into()?;
    let copied = copy.call1(&document, &"copy".into());
    field.remove();
    if let Some(element) = had_focus.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.focus()?;
    }
    Ok(copied?.is_truthy())
}
