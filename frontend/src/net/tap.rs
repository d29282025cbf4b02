//! What goes over the line, for whoever looks. While nobody does, it costs a comparison.

use std::cell::RefCell;
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Sent,
    Heard,
}

/// Called with each frame's text.
pub(crate) type Tap = Rc<dyn Fn(Direction, &str)>;

thread_local! {
    static TAP: RefCell<Option<Tap>> = const { RefCell::new(None) };
}

/// From now on this one looks, or nobody.
pub(crate) fn set(tap: Option<Tap>) {
    // The compiler sees that only one closure is ever put here, and would build it into the first program.
    TAP.set(std::hint::black_box(tap));
}

pub(super) fn pass(direction: Direction, text: &str) {
    // Not borrowed while it is called: it may well take itself away.
    if let Some(tap) = TAP.with_borrow(Clone::clone) {
        tap(direction, text);
    }
}
