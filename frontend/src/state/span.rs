//! Which part of a room's list of messages stands in the page: a window over indices, moved as the reader scrolls.

/// Most messages in the page at once. With dividers between them they stay under 300 rows, and on the tallest screen
/// there is still enough outside the view to scroll into while the next rows are put there.
pub(crate) const LONGEST: usize = 240;
/// How far the window moves at a time.
const STEP: usize = 60;

/// From `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    /// The newest of `len` messages.
    pub(crate) fn newest(len: usize) -> Self {
        Self { start: len.saturating_sub(LONGEST), end: len }
    }

    /// Those on both sides of a message.
    pub(crate) fn around(index: usize, len: usize) -> Self {
        let end = (index + LONGEST / 2).min(len);
        Self { start: end.saturating_sub(LONGEST), end }
    }

    /// What of it lies within these.
    pub(crate) fn within(self, (first, behind): (usize, usize)) -> Self {
        Self { start: self.start.max(first), end: self.end.min(behind) }
    }

    /// Whether the newest message is among these.
    pub(crate) fn is_complete(self, len: usize) -> bool {
        self.end >= len
    }

    /// The list has changed: `prepended` older messages came in front, and there are now `len` in all, `before` before.
    /// A reader who follows sees the newest; for any other nothing goes away, and new ones are put below while there
    /// is space.
    pub(crate) fn changed(self, prepended: usize, before: usize, len: usize, follows: bool) -> Self {
        let was_complete = self.is_complete(before);
        let (start, end) = (self.start + prepended, (self.end + prepended).min(len));
        if !was_complete {
            Self { start: start.min(end), end }
        } else if follows {
            Self { start: start.max(len.saturating_sub(LONGEST)).min(len), end: len }
        } else {
            let start = start.min(end);
            Self { start, end: len.min(start + LONGEST).max(end) }
        }
    }

    /// The same messages, where `prepended` older ones came in front of them.
    pub(crate) fn moved(self, prepended: usize, len: usize) -> Self {
        let end = (self.end + prepended).min(len);
        Self { start: (self.start + prepended).min(end), end }
    }

    /// Towards older messages. What no longer fits goes away at the other end.
    pub(crate) fn earlier(self) -> Self {
        let start = self.start.saturating_sub(STEP);
        Self { start, end: self.end.min(start + LONGEST) }
    }

    /// Towards newer messages.
    pub(crate) fn later(self, len: usize) -> Self {
        let end = (self.end + STEP).min(len);
        Self { start: self.start.max(end.saturating_sub(LONGEST)), end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follower_sees_the_newest_and_never_more_than_the_page_holds() {
        let mut span = Span::newest(50);
        assert_eq!(span, Span { start: 0, end: 50 });
        for len in 51..1_000 {
            span = span.changed(0, len - 1, len, true);
            assert_eq!(span.end, len);
            assert!(span.end - span.start <= LONGEST);
        }
        assert_eq!(span.start, 999 - LONGEST);
    }

    #[test]
    fn under_a_reader_who_scrolled_up_nothing_goes_away() {
        let span = Span { start: 100, end: 300 };
        assert_eq!(span.changed(0, 300, 320, false), Span { start: 100, end: 320 });
        assert_eq!(span.changed(0, 300, 900, false), Span { start: 100, end: 340 });
        assert_eq!(span.changed(0, 400, 401, false), span);
    }

    #[test]
    fn history_in_front_moves_the_window_along() {
        let span = Span { start: 0, end: 50 };
        assert_eq!(span.changed(200, 50, 250, false), Span { start: 200, end: 250 });
    }

    #[test]
    fn to_the_top_and_back_down_all_are_seen_and_never_too_many() {
        let len = 5_000;
        let mut span = Span::newest(len);
        while span.start > 0 {
            let next = span.earlier();
            assert!(next.end > span.start, "the rows in view stay");
            assert!(next.end - next.start <= LONGEST);
            span = next;
        }
        while !span.is_complete(len) {
            let next = span.later(len);
            assert!(next.start < span.end, "the rows in view stay");
            assert!(next.end - next.start <= LONGEST);
            span = next;
        }
        assert_eq!(span.end, len);
    }

    #[test]
    fn a_list_that_shrinks_takes_the_window_with_it() {
        assert_eq!(Span { start: 0, end: 5 }.changed(0, 5, 4, true), Span { start: 0, end: 4 });
        assert_eq!(Span { start: 10, end: 250 }.changed(0, 250, 3, false), Span { start: 3, end: 3 });
    }
}
