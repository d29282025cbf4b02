//! The page as a whole: its title, its language and look, whether it is seen, and what becomes of it.

use leptos::prelude::window_event_listener_untyped;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, VisibilityState};

use super::{document, window};

/// What a page hears about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The machine has a network again.
    Online,
    /// The machine has no network.
    Offline,
    /// The page is seen again, or was taken out of the back/forward cache.
    Shown,
    Hidden,
    /// The page is being left. An open socket would keep it out of the back/forward cache.
    Left,
}

/// Calls for as long as the page lives.
pub(crate) fn on_moment(f: impl Fn(Moment) + Clone + 'static) {
    let listen = |name: &str, moment: Moment| {
        let f = f.clone();
        // Never removed: the program ends with the page.
        let _ = window_event_listener_untyped(name, move |_| f(moment));
    };
    listen("online", Moment::Online);
    listen("offline", Moment::Offline);
    listen("focus", Moment::Shown);
    listen("blur", Moment::Hidden);
    listen("pageshow", Moment::Shown);
    listen("pagehide", Moment::Left);
    let changed = Closure::<dyn Fn()>::new(move || f(if is_visible() { Moment::Shown } else { Moment::Hidden }));
    let _ = document().add_event_listener_with_callback("visibilitychange", changed.as_ref().unchecked_ref());
    changed.forget();
}

/// Calls whenever the person does anything here.
pub(crate) fn on_touch(f: impl Fn() + Clone + 'static) {
    for name in ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"] {
        let f = f.clone();
        let _ = window_event_listener_untyped(name, move |_| f());
    }
}

/// Brings the page to the front, where the browser lets it.
pub(crate) fn raise() {
    let _ = window().focus();
}

/// The small picture that stands for the page among the browser's tabs.
pub(crate) fn set_icon(address: &str) {
    if let Ok(Some(link)) = document().query_selector("link[rel=icon]") {
        let _ = link.set_attribute("href", address);
    }
}

pub(crate) fn on_address_change(f: impl Fn() + 'static) {
    let f = std::rc::Rc::new(f);
    let again = std::rc::Rc::clone(&f);
    let _ = window_event_listener_untyped("popstate", move |_| f());
    // Not every browser says the first where only the part behind the `#` is new.
    let _ = window_event_listener_untyped("hashchange", move |_| again());
}

pub(crate) fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Somebody is looking: the page is visible and has the focus.
pub(crate) fn is_watched() -> bool {
    is_visible() && document().has_focus().unwrap_or(true)
}

/// What the machine says about its network: `false` is certain, `true` is a guess.
pub(crate) fn is_online() -> bool {
    window().navigator().on_line()
}

/// Whether an element of this id is in the page.
pub(crate) fn has(id: &str) -> bool {
    document().get_element_by_id(id).is_some()
}

/// Over which version of HTTP the page came, as the browser names it: `http/1.1`, `h2`.
pub(crate) fn http_version() -> String {
    let get = |object: &JsValue, key: &str| js_sys::Reflect::get(object, &key.into()).unwrap_or_default();
    let performance = get(&window(), "performance");
    let entries = get(&performance, "getEntriesByType");
    let entries = entries.dyn_ref::<js_sys::Function>().and_then(|f| f.call1(&performance, &"navigation".into()).ok());
    let first = entries.and_then(|entries| js_sys::Reflect::get_u32(&entries, 0).ok()).unwrap_or_default();
    if first.is_object() { get(&first, "nextHopProtocol").as_string().unwrap_or_default() } else { String::new() }
}

/// JSON with a line for each value; the text itself where it is none.
pub(crate) fn pretty(text: &str) -> String {
    let value = js_sys::JSON::parse(text).ok();
    let pretty =
        value.and_then(|value| js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &2.into()).ok());
    pretty.map_or_else(|| text.to_owned(), String::from)
}

/// Gives the focus to the element of this id.
pub(crate) fn focus_on(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// How many of the screen's pixels one of the page's is wide.
pub(crate) fn pixels() -> f64 {
    window().device_pixel_ratio()
}

pub(crate) fn set_title(title: &str) {
    document().set_title(title);
}

/// The languages that the browser asks for, the dearest first.
pub(crate) fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Sets an attribute of `<html>`; empty takes it away.
pub(crate) fn set_root(name: &str, value: &str) {
    let Some(root) = document().document_element() else { return };
    let _ = if value.is_empty() { root.remove_attribute(name) } else { root.set_attribute(name, value) };
}

/// Whether there is space for all three columns; the style sheets name the same width.
pub(crate) fn is_wide() -> bool {
    matches("(min-width: 1100px)")
}

/// Calls whenever the page may have another size.
pub(crate) fn on_resize(f: impl Fn() + 'static) {
    // Never removed: the program ends with the page.
    let _ = window_event_listener_untyped("resize", move |_| f());
}

/// Whether there is a keyboard that does not cover the page: moving the focus into a field costs nothing there.
pub(crate) fn has_keyboard() -> bool {
    matches("not (pointer: coarse)")
}

/// Whether the page is one pane at a time, as on a phone.
pub(crate) fn is_narrow() -> bool {
    matches("(width < 700px)")
}

/// Whether commands are given with ⌘ here, not with Ctrl.
pub(crate) fn is_apple() -> bool {
    window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}

/// Takes the skeleton away that stood in until the program came.
pub(crate) fn remove_skeleton() {
    if let Some(skeleton) = document().get_element_by_id("shell") {
        skeleton.remove();
    }
}

/// Shows the panel that stands ready in the page for the day the program breaks; what was typed is in the storage.
pub(crate) fn show_panic() {
    if let Some(panel) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("panic")) {
        let _ = panel.remove_attribute("hidden");
    }
}

/// For whoever opens the devtools.
pub(crate) fn log_error(text: &str) {
    leptos::logging::error!("{text}");
}
