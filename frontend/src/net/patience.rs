//! When to come back, and whether: pure judgement.

/// Nobody comes back sooner than this, so that a server that fell is not trampled on as it rises.
const SHORTEST_MS: u64 = 500;
/// Nobody waits longer than this.
const LONGEST_MS: u64 = 20_000;

/// Doubles with each failure; by chance anywhere within, so that a thousand clients do not come back at once.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// How long to wait this time. `chance`: from 0 to 1.
    pub(super) fn next(&mut self, chance: f64) -> u64 {
        self.failures = self.failures.saturating_add(1);
        let longest = 2_u64.saturating_pow(self.failures).saturating_mul(SHORTEST_MS).min(LONGEST_MS);
        SHORTEST_MS + ((longest - SHORTEST_MS) as f64 * chance) as u64
    }
}

/// What a close code says about coming back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not until the person wants to.
    Stay,
    /// After this many milliseconds: the server has spread its clients itself.
    After(u64),
    BackOff {
        at_least: u64,
    },
}

/// `retry_ms` is what the server's `bye` asked for.
pub(super) fn verdict(code: u16, retry_ms: Option<u64>) -> Verdict {
    match (code / 100, retry_ms) {
        (40, _) => Verdict::Stay,
        (42, wait) => Verdict::After(wait.unwrap_or(0)),
        (_, wait) => Verdict::BackOff { at_least: wait.unwrap_or(0) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_twenty_seconds_and_no_further() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..8).map(|_| backoff.next(1.0)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]);
    }

    #[test]
    fn by_chance_the_wait_is_as_short_as_half_a_second() {
        let mut backoff = Backoff { failures: 70 };
        assert_eq!(backoff.next(0.0), SHORTEST_MS);
    }

    #[test]
    fn the_hundreds_of_a_close_code_say_whether_to_come_back() {
        assert_eq!(verdict(4003, Some(5)), Verdict::Stay);
        assert_eq!(verdict(4100, Some(9_000)), Verdict::BackOff { at_least: 9_000 });
        assert_eq!(verdict(4200, Some(3_200)), Verdict::After(3_200));
        assert_eq!(verdict(4201, None), Verdict::After(0));
        assert_eq!(verdict(1006, None), Verdict::BackOff { at_least: 0 });
    }
}
