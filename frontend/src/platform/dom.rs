//! Elements. `view!` gives each element a type of its own, and the compiler writes out how each of them is built,
//! updated and moved: measured here, that was half of what a visitor loads. These are all of one type. What makes them
//! live is Leptos: its signals say when, and its owners clean up.

mod live;
mod lookup;

pub(crate) use live::watch;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
pub(crate) use web_sys::Event;
use web_sys::{Element, HtmlElement, HtmlInputElement, Node};

use super::document;

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element of the page. A copy is the same element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct El(Element);

pub(crate) fn el(tag: &str) -> El {
    El(document().create_element(tag).expect("the tags are HTML's own"))
}

pub(crate) fn svg(tag: &str) -> El {
    El(document().create_element_ns(Some(SVG), tag).expect("the tags are SVG's own"))
}

/// A call that an element makes, until this is dropped: the element may live longer.
struct Listening {
    element: Element,
    name: String,
    f: Closure<dyn Fn(Event)>,
    first: bool,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let f = self.f.as_ref().unchecked_ref();
        let _ = self.element.remove_event_listener_with_callback_and_bool(&self.name, f, self.first);
    }
}

/// Puts an element at the end of the page.
pub(crate) fn mount(element: &El) {
    if let Some(body) = document().body() {
        let _ = body.append_child(&element.0);
    }
}

impl El {
    pub(crate) fn class(self, names: &str) -> Self {
        self.set("class", names)
    }

    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        // Fails for names that are not names, and these are all written in this program.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Sets an attribute where there is a value for it.
    pub(crate) fn set_some(self, name: &str, value: Option<&str>) -> Self {
        self.put(name, value);
        self
    }

    /// An attribute that is there or not.
    pub(crate) fn flag(self, name: &str, on: bool) -> Self {
        self.set_some(name, on.then_some(""))
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.append(&document().create_text_node(text));
        self
    }

    pub(crate) fn child(self, child: El) -> Self {
        self.append(&child.0);
        self
    }

    pub(crate) fn child_some(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Calls for as long as the part of the page that this belongs to.
    pub(crate) fn on(self, name: &str, f: impl Fn(Event) + 'static) -> Self {
        self.listen(name, Closure::wrap(Box::new(f)), false);
        self
    }

    /// The same, before what is in the element hears of it.
    pub(crate) fn on_first(self, name: &str, f: impl Fn(Event) + 'static) -> Self {
        self.listen(name, Closure::wrap(Box::new(f)), true);
        self
    }

    pub(crate) fn on_click(self, f: impl Fn() + 'static) -> Self {
        self.on("click", move |_| f())
    }

    /// A custom property of the style: the page's policy allows no `style` attribute.
    pub(crate) fn style(self, name: &str, value: &str) -> Self {
        if let Some(element) = self.0.dyn_ref::<HtmlElement>() {
            let _ = element.style().set_property(name, value);
        }
        self
    }

    /// What a field holds.
    pub(crate) fn value(&self) -> String {
        self.property("value").as_string().unwrap_or_default()
    }

    pub(crate) fn set_value(&self, value: &str) {
        self.set_property("value", &value.into());
    }

    pub(crate) fn set_checked(&self, checked: bool) {
        self.set_property("checked", &checked.into());
    }

    /// Chooses all that a field holds: what is typed next takes its place.
    pub(crate) fn select(&self) {
        if let Some(field) = self.0.dyn_ref::<HtmlInputElement>() {
            field.select();
        }
    }

    pub(crate) fn focus(&self) {
        if let Some(element) = self.0.dyn_ref::<HtmlElement>() {
            let _ = element.focus();
        }
    }

    /// As if a person did.
    pub(crate) fn click(&self) {
        if let Some(element) = self.0.dyn_ref::<HtmlElement>() {
            element.click();
        }
    }

    /// Sets or takes away an attribute.
    pub(crate) fn put(&self, name: &str, value: Option<&str>) {
        let _ = match value {
            Some(value) => self.0.set_attribute(name, value),
            None => self.0.remove_attribute(name),
        };
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.0.get_attribute(name)
    }

    /// By a pointer over it, or by the focus within.
    pub(crate) fn is_pointed_at(&self) -> bool {
        self.0.matches(":hover, :focus-within").unwrap_or(false)
    }

    /// What is written in it.
    pub(crate) fn content(&self) -> String {
        self.0.text_content().unwrap_or_default()
    }

    /// The element around which something happened, or that one itself, where this selector fits it.
    pub(crate) fn around(event: &Event, selector: &str) -> Option<El> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        target.closest(selector).ok()?.map(El)
    }

    /// The nearest element around this one that the selector fits.
    pub(crate) fn outer(&self, selector: &str) -> Option<El> {
        self.0.closest(selector).ok()?.map(El)
    }

    /// What has the focus, where that is this one or in it.
    pub(crate) fn focused(&self) -> Option<El> {
        let focused = document().active_element()?;
        self.0.contains(Some(&focused)).then_some(El(focused))
    }

    /// Whether it is in the page.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_connected()
    }

    /// Scrolls what is around it as little as shows it.
    pub(crate) fn come_into_view(&self) {
        self.scroll_to(web_sys::ScrollLogicalPosition::Nearest);
    }

    /// Scrolls what is around it until it is on top there.
    pub(crate) fn come_to_top(&self) {
        self.scroll_to(web_sys::ScrollLogicalPosition::Start);
    }

    fn scroll_to(&self, edge: web_sys::ScrollLogicalPosition) {
        let how = web_sys::ScrollIntoViewOptions::new();
        how.set_block(edge);
        self.0.scroll_into_view_with_scroll_into_view_options(&how);
    }

    /// The next sibling of this class, or the one before.
    pub(crate) fn beside(&self, class: &str, after: bool) -> Option<El> {
        let step = |from: &Element| if after { from.next_element_sibling() } else { from.previous_element_sibling() };
        let mut found = step(&self.0);
        while let Some(other) = found {
            if other.class_list().contains(class) {
                return Some(El(other));
            }
            found = step(&other);
        }
        None
    }

    pub(crate) fn last_of_class(&self, class: &str) -> Option<El> {
        let last = El(self.0.last_element_child()?);
        if last.0.class_list().contains(class) { Some(last) } else { last.beside(class, false) }
    }

    /// The first child of this class.
    pub(crate) fn child_of_class(&self, class: &str) -> Option<El> {
        let children = self.0.children();
        (0..children.length()).filter_map(|i| children.item(i)).find(|child| child.class_list().contains(class)).map(El)
    }

    /// Empties it but for this child.
    pub(crate) fn clear_around(&self, kept: Option<&El>) {
        let mut next = self.0.first_child();
        while let Some(node) = next {
            next = node.next_sibling();
            if !kept.is_some_and(|kept| kept.is(Some(&node))) {
                let _ = self.0.remove_child(&node);
            }
        }
    }

    /// How many elements are in it.
    pub(crate) fn len(&self) -> usize {
        self.0.child_element_count() as usize
    }

    pub(crate) fn remove_first(&self) {
        if let Some(first) = self.0.first_element_child() {
            first.remove();
        }
    }

    /// Whether it is scrolled to its end.
    pub(crate) fn is_at_the_end(&self) -> bool {
        self.0.scroll_height() - self.0.client_height() - self.0.scroll_top() < 8
    }

    pub(crate) fn to_the_end(&self) {
        self.0.set_scroll_top(self.0.scroll_height());
    }

    pub(crate) fn clear(&self) {
        self.0.set_text_content(None);
    }

    pub(crate) fn remove(&self) {
        self.0.remove();
    }

    /// Puts a child before another, or at the end.
    pub(crate) fn insert(&self, child: &El, before: Option<&Node>) {
        let _ = self.0.insert_before(&child.0, before);
    }

    pub(crate) fn first(&self) -> Option<Node> {
        self.0.first_child()
    }

    pub(crate) fn next(&self) -> Option<Node> {
        self.0.next_sibling()
    }

    pub(crate) fn is(&self, node: Option<&Node>) -> bool {
        node.is_some_and(|node| self.0.is_same_node(Some(node)))
    }

    pub(crate) fn raw(&self) -> &Element {
        &self.0
    }

    fn append(&self, node: &Node) {
        let _ = self.0.append_child(node);
    }

    fn listen(&self, name: &str, f: Closure<dyn Fn(Event)>, first: bool) {
        let _ = self.0.add_event_listener_with_callback_and_bool(name, f.as_ref().unchecked_ref(), first);
        // Its owner drops it.
        StoredValue::new_local(Listening { element: self.0.clone(), name: name.to_owned(), f, first });
    }

    fn property(&self, name: &str) -> JsValue {
        js_sys::Reflect::get(&self.0, &name.into()).unwrap_or_default()
    }

    fn set_property(&self, name: &str, value: &JsValue) {
        let _ = js_sys::Reflect::set(&self.0, &name.into(), value);
    }
}
