//! How fast a room moves: whether a line may slip away from under a pointer that aims at it.

use stonechat_shared::ids::Millis;

/// How far back is counted.
const SPAN_MS: Millis = 2_000;
/// So many messages within the span are fast: a line moves more than once while a hand moves to it.
const FAST: usize = 6;

/// When the newest messages came, at most [`FAST`] of them, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    newest: Vec<Millis>,
}

impl Pace {
    /// So many messages have come.
    pub(crate) fn note(&mut self, count: usize, now: Millis) {
        self.newest.extend(std::iter::repeat_n(now, count.min(FAST)));
        self.newest.drain(..self.newest.len().saturating_sub(FAST));
    }

    pub(crate) fn is_fast(&self, now: Millis) -> bool {
        self.newest.len() == FAST && self.newest[0] + SPAN_MS > now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_fast_while_many_messages_come_within_two_seconds() {
        let mut pace = Pace::default();
        for at in 0..5 {
            pace.note(1, at * 100);
            assert!(!pace.is_fast(at * 100));
        }
        pace.note(1, 500);
        assert!(pace.is_fast(500) && pace.is_fast(1_900));
        assert!(!pace.is_fast(2_000));
        pace.note(300, 5_000);
        assert!(pace.is_fast(5_000));
    }

    #[test]
    fn a_message_every_second_is_not_fast() {
        let mut pace = Pace::default();
        for at in 0..100 {
            pace.note(1, at * 1_000);
            assert!(!pace.is_fast(at * 1_000));
        }
    }
}
