//! Keeps the reader where they read. A timeline is anchored to a message, not to pixels: whatever is put above it,
//! taken away or resized, the message at the top of the view stays at its place, and a reader at the bottom stays there.
//!
//! The browsers' own scroll anchoring is switched off in the style sheet: they differ in when it applies, and two
//! anchors pull against each other.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, MutationObserver, MutationObserverInit, ResizeObserver};

/// As near to the bottom as this counts as being there: half a line.
const BOTTOM_PX: f64 = 12.0;
/// Less than this is rounding, not a person scrolling.
const ROUNDING_PX: f64 = 1.5;
/// What stays above a row that is put to the top: what was read last.
const TOP_PX: f64 = 64.0;
/// The class of what can be an anchor.
const MESSAGE: &str = "message";

pub(crate) struct Keeper {
    scroller: Element,
    /// Whether the reader is at the bottom and wants to stay there.
    following: Cell<bool>,
    /// Whether the last row is the newest message: only then is the bottom of the rows a place to stay at.
    complete: Cell<bool>,
    /// A reader at the bottom holds still for a moment: nothing moves, and then they follow again.
    held: Cell<bool>,
    anchor: RefCell<Option<Anchor>>,
    /// Where we or the reader scrolled to last.
    top: Cell<f64>,
}

/// A message, and how far below the top edge of the view it begins and ends.
struct Anchor {
    message: Element,
    start: f64,
    end: f64,
}

/// Where in the view a row is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Top,
    Middle,
}

/// Which edge of the anchor stays where it is.
#[derive(Clone, Copy, Debug)]
enum Edge {
    /// When the view changes its size: every line may break elsewhere, and what was on top stays on top.
    Start,
    /// When the rows change: the anchor may lose its header to history in front of it, and what is read stands below.
    End,
}

impl Keeper {
    /// `settled` is called whenever the rows have changed and the place was restored.
    pub(crate) fn new(scroller: Element, settled: impl Fn() + 'static) -> Rc<Self> {
        let keeper = Rc::new(Self {
            scroller: scroller.clone(),
            following: Cell::new(true),
            complete: Cell::new(true),
            held: Cell::new(false),
            anchor: RefCell::new(None),
            top: Cell::new(0.0),
        });
        let callback = |edge: Edge, settled: Rc<dyn Fn()>| {
            let keeper = Rc::downgrade(&keeper);
            Closure::<dyn Fn()>::new(move || {
                if let Some(keeper) = keeper.upgrade() {
                    keeper.restore(edge);
                    settled();
                }
            })
            // The observers live as long as the elements that they observe, and need it as long.
            .into_js_value()
        };
        let settled: Rc<dyn Fn()> = Rc::new(settled);
        let resized = callback(Edge::Start, Rc::clone(&settled));
        let changed = callback(Edge::End, settled);
        // The size of the view first: what it changes is settled by then.
        observe_size(&resized, Some(scroller.clone()));
        observe_size(&changed, scroller.first_element_child());
        if let Ok(mutations) = MutationObserver::new(changed.unchecked_ref()) {
            let rows = MutationObserverInit::new();
            rows.set_child_list(true);
            rows.set_subtree(true);
            let _ = mutations.observe_with_options(&scroller, &rows);
        }
        keeper
    }

    pub(crate) fn is_following(&self) -> bool {
        self.following.get()
    }

    /// Says whether the last row is the newest message.
    pub(crate) fn set_complete(&self, complete: bool) {
        self.complete.set(complete);
        self.following.set(self.following.get() && complete);
    }

    /// From now on at the bottom.
    pub(crate) fn follow(&self) {
        self.complete.set(true);
        self.held.set(false);
        self.following.set(true);
        self.restore(Edge::End);
    }

    /// From now on not at the bottom.
    pub(crate) fn leave(&self) {
        self.following.set(false);
        self.held.set(false);
    }

    /// A reader at the bottom stays where they are until [`Keeper::release`]; answers whether there is one.
    pub(crate) fn hold_still(&self) -> bool {
        if self.following.replace(false) {
            self.held.set(true);
            self.remember();
        }
        self.held.get()
    }

    /// Back to the bottom, unless the reader has gone elsewhere meanwhile; answers whether they are there.
    pub(crate) fn release(&self) -> bool {
        let follows = self.held.get();
        if follows {
            self.follow();
        }
        follows
    }

    /// Where a row is: above the view, in it or below; nothing where it is not in the page.
    pub(crate) fn place_of(&self, selector: &str) -> Option<Ordering> {
        let (start, end) = self.edges_of(&self.scroller.query_selector(selector).ok()??);
        Some(if end <= 0.0 {
            Ordering::Less
        } else if start < f64::from(self.scroller.client_height()) {
            Ordering::Equal
        } else {
            Ordering::Greater
        })
    }

    /// Puts a row into the view. In the middle it has the focus, and shines for a moment.
    pub(crate) fn show(&self, selector: &str, place: Place) {
        let Ok(Some(row)) = self.scroller.query_selector(selector) else { return };
        let (start, end) = self.edges_of(&row);
        let middle = f64::from(self.scroller.client_height()) / 2.0;
        let by = match place {
            Place::Top => start - TOP_PX,
            Place::Middle => (start + end) / 2.0 - middle,
        };
        self.scroller.set_scroll_top(self.scroller.scroll_top() + by.round() as i32);
        self.moved();
        if place == Place::Top {
            return;
        }
        let _ = row.set_attribute("data-flash", "");
        if let Some(row) = row.dyn_ref::<web_sys::HtmlElement>() {
            let _ = row.focus();
        }
    }

    /// Pixels of rows above and below the view.
    pub(crate) fn margins(&self) -> (f64, f64) {
        let top = f64::from(self.scroller.scroll_top());
        (top, f64::from(self.scroller.scroll_height() - self.scroller.client_height()) - top)
    }

    /// The scroller moved: by the reader, or as the echo of a restore.
    pub(crate) fn moved(&self) {
        self.notice();
        self.remember();
    }

    /// Takes in what the reader scrolled since we looked last. The event that says so comes with the next picture;
    /// rows that arrive before it must not undo it.
    fn notice(&self) {
        let (top, below) = self.margins();
        let by = top - self.top.replace(top);
        if by < 0.0 && below < 1.0 {
            // Nobody scrolls up to the very bottom: rows went away, and the browser had to.
            return;
        }
        if below <= BOTTOM_PX {
            self.following.set(self.complete.get() && !self.held.get());
        } else if by < -ROUNDING_PX {
            // Only upwards: rows that were added below do not mean that the reader left.
            self.following.set(false);
            self.held.set(false);
        }
        if let Some(anchor) = &mut *self.anchor.borrow_mut() {
            anchor.start -= by;
            anchor.end -= by;
        }
    }

    fn restore(&self, edge: Edge) {
        self.notice();
        if self.is_following() {
            self.scroller.set_scroll_top(self.scroller.scroll_height());
            self.remember();
        } else if !self.put_back(edge) {
            self.remember();
        }
        self.top.set(f64::from(self.scroller.scroll_top()));
    }

    /// Puts the anchor back to its place, where it is still in the page. At the very top that may have to wait until
    /// there is something above to scroll into: the place stays what it was.
    fn put_back(&self, edge: Edge) -> bool {
        let mut anchor = self.anchor.borrow_mut();
        let Some(anchor) = anchor.as_mut().filter(|anchor| anchor.message.is_connected()) else { return false };
        let (start, end) = self.edges_of(&anchor.message);
        let drift = match edge {
            Edge::Start => start - anchor.start,
            Edge::End => end - anchor.end,
        };
        (anchor.start, anchor.end) = (start - drift, end - drift);
        if drift.abs() >= 1.0 {
            self.scroller.set_scroll_top(self.scroller.scroll_top() + drift.round() as i32);
        }
        true
    }

    /// The first message that can be seen is the anchor.
    fn remember(&self) {
        let messages = self.scroller.get_elements_by_class_name(MESSAGE);
        let (mut low, mut high) = (0, messages.length());
        while low < high {
            let middle = low + (high - low) / 2;
            let above = messages.item(middle).is_some_and(|message| self.edges_of(&message).1 <= 0.0);
            if above { low = middle + 1 } else { high = middle }
        }
        *self.anchor.borrow_mut() = messages.item(low).map(|message| {
            let (start, end) = self.edges_of(&message);
            Anchor { message, start, end }
        });
    }

    /// How far below the top edge of the view an element begins and ends.
    fn edges_of(&self, element: &Element) -> (f64, f64) {
        let top = self.scroller.get_bounding_client_rect().top();
        let place = element.get_bounding_client_rect();
        (place.top() - top, place.bottom() - top)
    }
}

fn observe_size(callback: &JsValue, element: Option<Element>) {
    if let (Ok(sizes), Some(element)) = (ResizeObserver::new(callback.unchecked_ref()), element) {
        sizes.observe(&element);
    }
}
