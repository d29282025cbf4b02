//! How a connection does: whether it has proved itself, whether it is silent, and what was said before it ended.

use stonechat_shared::Frame;
use stonechat_shared::frame::close;
use stonechat_shared::ids::Millis;

use super::{End, Line, News, Way};
#[cfg(not(test))]
use crate::platform::time::now;
#[cfg(test)]
use tests::now;

/// A server that has not said `welcome` by then, or has not answered anything so long after it, is not there.
pub(super) const OPENING_MS: u64 = 10_000;
/// A connection that lasted this long after `welcome`, and answered, was a good one: the next failure is the first again.
const HEALTHY_MS: u64 = 10_000;
/// How often silence is looked at.
pub(super) const LOOK_MS: u64 = 5_000;
/// Codes from here on are the server's own; those below are anybody's who stands between.
const OWN_CODES: u16 = 4000;
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
    /// When a sign of life was heard last.
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
        Self { way, heard: now(), patience: OPENING_MS, welcomed: None, proved: false, bye: None }
    }

    pub(super) fn is_welcome(&self) -> bool {
        self.welcomed.is_some()
    }

    /// The other end lives.
    pub(super) fn beats(&mut self) {
        // What comes down says nothing of what goes up: after `welcome`, the first sign of life is an answer.
        if self.proved || self.welcomed.is_none() {
            self.heard = now();
        }
    }

    /// Takes note of what a frame says about the connection itself.
    pub(super) fn notice(&mut self, frame: &Frame, tell: &impl Fn(News)) {
        match frame {
            Frame::Welcome(welcome) => {
                self.welcomed = Some(now());
                self.patience = welcome.ping_ms * 2;
                tell(News::Line(Line::Connected(self.way)));
            }
            Frame::Bye { code, message, retry_ms } => {
                self.bye = Some(Bye { code: *code, message: message.clone(), retry_ms: *retry_ms });
            }
            Frame::Joined(_) | Frame::Ok { .. } | Frame::Error(_) | Frame::Pong { .. } => {
                self.proved = true;
                self.beats();
            }
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
        let patience = if self.proved { self.patience } else { OPENING_MS };
        self.silence() > patience
    }

    /// The same for a page that wakes, and cannot know what it slept through.
    pub(super) fn is_doubtful(&self) -> bool {
        self.silence() > self.patience / 2 + GRACE_MS
    }

    pub(super) fn closed(self, code: u16) -> End {
        let was_healthy = self.proved && self.welcomed.is_some_and(|at| now().saturating_sub(at) >= HEALTHY_MS);
        // A proxy may swallow the close frame; the `bye` before it said the same.
        let code = self.bye.as_ref().map_or(code, |bye| bye.code);
        // A server that has never heard us does not end by its own wish what carries one way only.
        let was_wished = code >= OWN_CODES && (self.proved || code != close::NO_PONG);
        End::Closed { code, bye: self.bye, was_healthy, was_wished, proved: self.proved }
    }

    fn silence(&self) -> u64 {
        now().saturating_sub(self.heard)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static NOW: Cell<Millis> = const { Cell::new(1_760_000_000_000) };
    }

    pub(super) fn now() -> Millis {
        NOW.get()
    }

    fn passes(ms: u64) {
        NOW.set(NOW.get() + ms);
    }

    fn hears(pulse: &mut Pulse, text: &str) {
        pulse.beats();
        pulse.notice(&Frame::decode(text).unwrap(), &|_| {});
    }

    /// A connection that has been told `welcome`, by a server that pings every 25 seconds.
    fn welcomed() -> Pulse {
        let mut pulse = Pulse::new(Way::Socket);
        hears(
            &mut pulse,
            r#"{"type":"welcome","user":{"id":"u_1","name":"Ann","role":"member"},
                "server":{"name":"stonechat","version":"1"},"rooms":[],"limits":{"text":4000,"frame":65536},"ping_ms":25000}"#,
        );
        pulse
    }

    const ANSWER: &str = r#"{"type":"pong","id":"p"}"#;
    const PING: &str = r#"{"type":"ping","heads":{}}"#;

    /// Of an end: whether the connection was healthy, whether the server wanted it to end, whether it had proved itself.
    fn end(pulse: Pulse, code: u16) -> (bool, bool, bool) {
        match pulse.closed(code) {
            End::Closed { was_healthy, was_wished, proved, .. } => (was_healthy, was_wished, proved),
            End::Stale { .. } | End::Better(_) | End::Left => panic!("it was closed"),
        }
    }

    #[test]
    fn a_connection_is_healthy_ten_seconds_after_its_welcome_and_no_sooner() {
        for (ms, is_healthy) in [(9_999, false), (10_000, true)] {
            let mut pulse = welcomed();
            hears(&mut pulse, ANSWER);
            passes(ms);
            assert_eq!(end(pulse, 1006), (is_healthy, false, true), "after {ms} ms");
        }
    }

    #[test]
    fn what_carries_one_way_only_is_never_healthy_however_much_comes_down() {
        let mut pulse = welcomed();
        for _ in 0..11 {
            assert!(!pulse.is_overdue());
            passes(1_000);
            hears(&mut pulse, PING);
        }
        assert!(pulse.is_overdue());
        assert_eq!(end(pulse, 1006), (false, false, false));
    }

    #[test]
    fn who_is_not_welcome_in_time_waits_no_longer() {
        let pulse = Pulse::new(Way::Socket);
        passes(OPENING_MS);
        assert!(!pulse.is_overdue());
        passes(1);
        assert!(pulse.is_overdue() && !pulse.is_welcome());
    }

    #[test]
    fn what_has_proved_itself_may_be_silent_for_two_pings() {
        let mut pulse = welcomed();
        passes(9_000);
        hears(&mut pulse, ANSWER);
        passes(50_000);
        assert!(!pulse.is_overdue());
        hears(&mut pulse, PING);
        passes(50_000);
        assert!(!pulse.is_overdue());
        passes(1);
        assert!(pulse.is_overdue());
    }

    #[test]
    fn a_page_that_wakes_doubts_what_has_missed_a_ping() {
        let mut pulse = welcomed();
        hears(&mut pulse, ANSWER);
        passes(25_000 + GRACE_MS);
        assert!(!pulse.is_doubtful());
        passes(1);
        assert!(pulse.is_doubtful() && !pulse.is_overdue());
    }

    #[test]
    fn only_codes_of_the_server_itself_are_its_wish() {
        for (code, is_wished) in
            [(1000, false), (1001, false), (1006, false), (1011, false), (1012, false), (4103, true)]
        {
            assert_eq!(end(welcomed(), code), (false, is_wished, false), "{code}");
        }
    }

    #[test]
    fn a_server_that_has_heard_nothing_speaks_against_the_way_only_where_nothing_was_ever_answered() {
        let bye = r#"{"type":"bye","code":4102,"message":"No sign of life.","retry_ms":1000}"#;
        let mut pulse = welcomed();
        hears(&mut pulse, bye);
        assert!(pulse.has_heard_bye());
        assert_eq!(end(pulse, 1006), (false, false, false));
        let mut pulse = welcomed();
        hears(&mut pulse, ANSWER);
        hears(&mut pulse, bye);
        assert_eq!(end(pulse, 1006), (false, true, true));
    }
}
