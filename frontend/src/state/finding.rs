//! What is looked for on the server: messages by their words, those that are pinned, and those of a thread.

use stonechat_shared::frame::{Code, Refusal};
use stonechat_shared::page::{Found, History, Hit};
use stonechat_shared::{RoomName, Seq};

use super::Chat;
use crate::net::http::{self, Trouble};
use crate::platform::time;

impl Chat {
    /// What is found, after the `last` that is known; nothing where nobody wants to know it any more. Whoever types faster
    /// than the server lets them search waits for a moment and reads nothing about it.
    ///
    /// # Errors
    /// A sentence for the person.
    pub(crate) async fn search(
        self,
        query: &str,
        last: Option<&Hit>,
        is_wanted: impl Fn() -> bool,
    ) -> Option<Result<Found, String>> {
        loop {
            let before = last.map(|hit| (&hit.room, hit.message.seq));
            let answer = http::search(self.tag(), query, before).await;
            if let Err(Trouble::Refused(Refusal { code: Code::RateLimited, retry_ms: Some(ms), .. })) = answer {
                time::sleep(ms).await;
            } else if is_wanted() {
                return Some(answer.map_err(|trouble| self.sentence(trouble)));
            }
            if !is_wanted() {
                return None;
            }
        }
    }

    /// The newest pinned messages of a room before this seq, oldest first.
    ///
    /// # Errors
    /// A sentence for the person.
    pub(crate) async fn pinned(self, room: &RoomName, before: Seq) -> Result<History, String> {
        http::pinned(self.tag(), room, before).await.map_err(|trouble| self.sentence(trouble))
    }

    /// The oldest messages, after this seq, of the thread in which one stands.
    ///
    /// # Errors
    /// A sentence for the person.
    pub(crate) async fn thread(self, room: &RoomName, of: Seq, after: Seq) -> Result<History, String> {
        http::thread(self.tag(), room, of, after).await.map_err(|trouble| self.sentence(trouble))
    }
}
