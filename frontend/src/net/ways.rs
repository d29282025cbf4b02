//! Which way in is taken: pure judgement. Some firewalls let no WebSocket pass, some proxies hold a stream back until it
//! ends; a plain question and its answer get through wherever a page does.

/// How frames travel, the best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    #[default]
    Socket,
    /// Server-sent events, and a request for each command.
    Events,
    /// A request that waits for its answer, again and again.
    Questions,
}

/// Connections that may die young, one after the other, before the way itself is suspected.
const DIED_YOUNG: u32 = 3;
/// Connections that may come to nothing while plain HTTP works. One alone may have met a server that was just starting.
const CAME_TO_NOTHING: u32 = 2;

#[derive(Debug, Default)]
pub(super) struct Ways {
    way: Way,
    failures: u32,
}

impl Ways {
    pub(super) fn now(&self) -> Way {
        self.way
    }

    /// This way works: it carried something both ways for long enough, or its end was the server's wish.
    pub(super) fn worked(&mut self) {
        self.failures = 0;
    }

    /// A connection by this way ended early. `proved`: an answer had come through it. `http`: a plain request is
    /// answered, so that it is not the network or the server. Answers whether another way is to be taken from now on.
    pub(super) fn failed(&mut self, proved: bool, http: bool) -> bool {
        if !http {
            return false;
        }
        self.failures += 1;
        let (next, patience) = match self.way {
            Way::Socket => (Way::Events, if proved { DIED_YOUNG } else { CAME_TO_NOTHING }),
            // A stream that is held back says nothing however often it is tried.
            Way::Events => (Way::Questions, if proved { DIED_YOUNG } else { 1 }),
            Way::Questions => return false,
        };
        let moves = self.failures >= patience;
        if moves {
            *self = Self { way: next, failures: 0 };
        }
        moves
    }

    /// The best way is open after all.
    pub(super) fn open(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_sockets_that_die_young_are_enough() {
        let mut ways = Ways::default();
        assert!(!ways.failed(true, true));
        assert!(!ways.failed(true, true));
        assert!(ways.failed(true, true));
        assert_eq!(ways.now(), Way::Events);
    }

    #[test]
    fn a_server_that_is_down_says_nothing_about_the_way() {
        let mut ways = Ways::default();
        assert!((0..100).all(|_| !ways.failed(false, false)));
        assert_eq!(ways.now(), Way::Socket);
    }

    #[test]
    fn a_socket_that_never_opens_and_a_stream_that_is_held_back_lead_to_questions() {
        let mut ways = Ways::default();
        assert!(!ways.failed(false, true));
        assert!(ways.failed(false, true));
        assert!(ways.failed(false, true));
        assert_eq!(ways.now(), Way::Questions);
        assert!(!ways.failed(false, true), "there is no further way");
        ways.open();
        assert_eq!(ways.now(), Way::Socket);
    }

    #[test]
    fn a_connection_that_lasted_clears_the_way() {
        let mut ways = Ways::default();
        ways.failed(true, true);
        ways.failed(true, true);
        ways.worked();
        assert!(!ways.failed(true, true));
    }
}
