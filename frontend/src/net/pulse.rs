//! How a connection does: whether it has proved itself, whether it is silent, and what was said before it ended.

use stonechat_shared::Frame;
use stonechat_shared::ids::Millis;

use super::{End, Line, News, Way};
use crate::platform::time;

/// A server that has not said `welcome` by then is not there.
pub(super) const OPENING_MS: u64 = 10_000;
/// A connection that lasted this long after `welcome` was a good one: the next failure is the first again.
const HEALTHY_MS: u64 = 10_000;
/// How often silence is looked at.
pub(super) const LOOK_MS: u64 = 5_000;
/// How much later than expected a `ping` may come before a page that wakes gives the connection up.
const GRACE_MS: u64 = 5_000;

/// What the server said before it closed.
#[derive(Debug)]
pub(super) struct Bye {
    pub(super) code: u16,
    pub(super) message: String,
    pub(super) retry_ms: Option<u64>,
}

pub(super) struct Pulse {
    way: Way,
    /// When anything was heard last.
    heard: Millis,
    /// How long the server may be silent: it pings more often than that.
    patience: u64,
    welcomed: Option<Millis>,
    /// Something that we said was answered.
    proved: bool,
    bye: Option<Bye>,
}

impl Pulse {
    pub(super) fn new(way: Way) -> Self {
        Self { way, heard: time::now(), patience: OPENING_MS, welcomed: None, proved: false, bye: None }
    }

    pub(super) fn is_welcome(&self) -> bool {
        self.welcomed.is_some()
    }

    /// The other end lives.
    pub(super) fn beats(&mut self) {
        self.heard = time::now();
    }

    /// Takes note of what a frame says about the connection itself.
    pub(super) fn notice(&mut self, frame: &Frame, tell: &impl Fn(News)) {
        self.beats();
        match frame {
            Frame::Welcome(welcome) => {
                self.welcomed = Some(time::now());
                self.patience = welcome.ping_ms * 2;
                tell(News::Line(Line::Connected(self.way)));
            }
            Frame::Bye { code, message, retry_ms } => {
                self.bye = Some(Bye { code: *code, message: message.clone(), retry_ms: *retry_ms });
            }
            Frame::Joined(_) | Frame::Ok { .. } | Frame::Error(_) | Frame::Pong { .. } => self.proved = true,
            Frame::Events { .. }
            | Frame::Presence(_)
            | Frame::Typing { .. }
            | Frame::Read { .. }
            | Frame::Room(_)
            | Frame::Gone { .. }
            | Frame::Heads { .. }
            | Frame::Settings
            | Frame::Ping { .. }
            | Frame::Unknown => {}
        }
    }

    /// The server has said that this connection is over, and how to come back.
    pub(super) fn has_heard_bye(&self) -> bool {
        self.bye.is_some()
    }

    /// Whether the silence has lasted too long.
    pub(super) fn is_overdue(&self) -> bool {
        // What came before an answer to anything of ours may have come over a line that carries one way only.
        let patience = if self.proved { self.patience } else { OPENING_MS };
        self.silence() > patience
    }

    /// The same for a page that wakes, and cannot know what it slept through.
    pub(super) fn is_doubtful(&self) -> bool {
        self.silence() > self.patience / 2 + GRACE_MS
    }

    pub(super) fn closed(self, code: u16) -> End {
        let was_healthy = self.welcomed.is_some_and(|at| time::now().saturating_sub(at) >= HEALTHY_MS);
        // A proxy may swallow the close frame; the `bye` before it said the same.
        let code = self.bye.as_ref().map_or(code, |bye| bye.code);
        End::Closed { code, bye: self.bye, was_healthy, proved: self.proved }
    }

    fn silence(&self) -> u64 {
        time::now().saturating_sub(self.heard)
    }
}
