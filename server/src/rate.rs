//! How often somebody may do something: a token bucket each. Pure: time is handed in.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use stonechat_shared::UserId;
use stonechat_shared::ids::Millis;

/// So many seconds' worth may come at once: people write in bursts, three short lines and then nothing.
const BURST_SECONDS: f64 = 5.0;
/// How many buckets there may be before the full ones, which say nothing, are thrown out.
const SWEEP_AT: usize = 10_000;

/// Whose bucket it is where not everybody has a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Person(UserId),
    /// Those without a name, together.
    Address(IpAddr),
}

#[derive(Debug)]
pub struct Rate<Key> {
    /// Tokens a second; 0 is no limit.
    per_second: f64,
    buckets: HashMap<Key, Bucket>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Millis,
}

impl<Key: Eq + Hash> Rate<Key> {
    pub fn new(per_second: f64) -> Self {
        Self { per_second, buckets: HashMap::new() }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// How many milliseconds to wait for the next one.
    pub fn take(&mut self, key: Key, now: Millis) -> Result<(), u64> {
        if self.per_second <= 0.0 {
            return Ok(());
        }
        let (per_second, burst) = (self.per_second, self.burst());
        if self.buckets.len() >= SWEEP_AT {
            self.buckets.retain(|_, bucket| bucket.filled(per_second, now) < burst);
        }
        let bucket = self.buckets.entry(key).or_insert(Bucket { tokens: burst, at: now });
        bucket.tokens = bucket.filled(per_second, now).min(burst);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            Ok(())
        } else {
            Err(((1.0 - bucket.tokens) / per_second * 1000.0).ceil() as u64)
        }
    }

    fn burst(&self) -> f64 {
        (self.per_second * BURST_SECONDS).max(1.0)
    }
}

impl Bucket {
    fn filled(&self, per_second: f64, now: Millis) -> f64 {
        self.tokens + now.saturating_sub(self.at) as f64 / 1000.0 * per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let mut rate = Rate::new(2.0);
        for _ in 0..10 {
            assert_eq!(rate.take("ann", 0), Ok(()));
        }
        assert_eq!(rate.take("ann", 0), Err(500));
        assert_eq!(rate.take("ben", 0), Ok(()), "another person's bucket is their own");
        assert_eq!(rate.take("ann", 500), Ok(()));
        assert_eq!(rate.take("ann", 500), Err(500));
    }

    #[test]
    fn who_waits_as_long_as_they_were_told_is_served() {
        let mut rate = Rate::new(0.3);
        assert_eq!(rate.take(1, 0), Ok(()));
        let wait = rate.take(1, 0).unwrap_err();
        assert_eq!(rate.take(1, wait), Ok(()));
    }

    #[test]
    fn zero_is_no_limit() {
        let mut rate = Rate::new(0.0);
        assert!((0..1_000).all(|_| rate.take(1, 0).is_ok()));
    }
}
