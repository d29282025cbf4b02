//! What time it is: by the system, or in a simulation by the runtime's clock, which a test moves by hand.

use std::time::{SystemTime, UNIX_EPOCH};

use stonechat_shared::ids::Millis;
use tokio::time::Instant;

#[derive(Clone, Copy, Debug)]
pub enum Clock {
    System,
    /// It was `start` at `since`, and what has passed by tokio's clock comes on top.
    Simulated {
        start: Millis,
        since: Instant,
    },
}

impl Clock {
    pub fn now(self) -> Millis {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
            }
            Self::Simulated { start, since } => {
                start + Millis::try_from(since.elapsed().as_millis()).unwrap_or_default()
            }
        }
    }
}
