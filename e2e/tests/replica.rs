//! Bad networks, with the real replica and without a browser: nothing is lost, nothing is there twice.

use stonechat_e2e::proxy::{Faults, Way};
use stonechat_e2e::{Client, Proxy, Said, Server};

/// How often the server pings in these tests, so that silence is noticed soon.
const PING: [&str; 6] = ["--post-rate", "0", "--connections-per-ip", "0", "--ping-ms", "200"];

/// Two people, of whom the first talks through the proxy.
struct Talk {
    proxy: Proxy,
    ann: Client,
    ben: Client,
    expected: Vec<String>,
    // Last, so that it outlives who talks to it.
    _server: Server,
}

impl Talk {
    fn begins() -> Self {
        let server = Server::start_with(&PING);
        let proxy = Proxy::before(server.addr());
        let ann = Client::comes_in(server.addr(), proxy.addr(), "Ann");
        let ben = Client::comes_in(server.addr(), server.addr(), "Ben");
        let mut talk = Self { proxy, ann, ben, expected: Vec::new(), _server: server };
        talk.ann_says("the first");
        talk.ben_says("the second");
        talk.is_whole();
        talk
    }

    fn ann_says(&mut self, text: &str) {
        self.ann.says(text);
        self.expected.push(text.to_owned());
    }

    fn ben_says(&mut self, text: &str) {
        self.ben.says(text);
        self.expected.push(text.to_owned());
    }

    /// Waits until both have heard everything, and looks whether each text stands once, at the same place for both.
    fn is_whole(&mut self) {
        let head = self.expected.len() as u64;
        self.ben.until("all that Ben said to stand", Client::is_settled);
        self.ann.until_heard(head);
        self.ben.until_heard(head);
        let (ann, ben) = (self.ann.heard(), self.ben.heard());
        assert_eq!(ann, ben, "both hear the same in the same order");
        assert!(ann.iter().map(|said| said.seq).eq(1..=head), "seq has no hole and no end beyond {head}: {ann:?}");
        let mut texts: Vec<&String> = ann.iter().map(|Said { text, .. }| text).collect();
        let mut expected: Vec<&String> = self.expected.iter().collect();
        texts.sort();
        expected.sort();
        assert_eq!(texts, expected);
        assert_eq!((self.ann.resets(), self.ben.resets()), (1, 1), "they came back from their cursors");
    }
}

#[test]
fn a_post_whose_answer_was_dropped_is_sent_again_and_stands_once() {
    let mut talk = Talk::begins();
    talk.proxy.swallows(Faults { drops_answers: true, ..Faults::default() }, || {
        talk.ann.says("did you get this?");
        // It stands: only the answer is missing.
        talk.ben.until_heard(3);
    });
    talk.expected.push("did you get this?".to_owned());
    assert!(!talk.ann.is_settled());
    talk.proxy.heals();
    talk.is_whole();
    assert_eq!(talk.ann.connections(), 2, "the silence was noticed");
}

#[test]
fn a_connection_that_is_cut_at_any_byte_upwards_loses_and_doubles_nothing() {
    is_cut_at_any_byte(Way::Up, 500, 3);
}

#[test]
fn a_connection_that_is_cut_at_any_byte_downwards_loses_and_doubles_nothing() {
    is_cut_at_any_byte(Way::Down, 1_500, 7);
}

/// A round has up to `last` bytes this way: an opening, a join, posts, what is answered and what is heard.
fn is_cut_at_any_byte(way: Way, last: usize, step: usize) {
    let mut talk = Talk::begins();
    for bytes in (0..last).step_by(step) {
        // From a fresh connection on, or in the middle of one, in turn.
        if bytes % 2 == 0 {
            talk.proxy.cuts();
        }
        talk.proxy.cuts_after(way, bytes);
        talk.ann_says(&format!("up to {bytes} a"));
        talk.ben_says(&format!("up to {bytes} b"));
        talk.ann_says(&format!("up to {bytes} c"));
        let head = talk.expected.len() as u64;
        talk.ben.until("all that Ben said to stand", Client::is_settled);
        talk.ann.until_heard(head);
    }
    talk.is_whole();
    let cuts = talk.proxy.has_cut();
    // The rounds that did not open a connection are shorter than the last of these cuts.
    assert!(cuts as usize > last / step / 3, "{cuts} connections were cut");
}

#[test]
fn a_black_hole_is_noticed_by_its_silence_and_repaired() {
    let mut talk = Talk::begins();
    talk.proxy.swallows(Faults { is_black_hole: true, ..Faults::default() }, || talk.ann.says("into the hole"));
    talk.expected.push("into the hole".to_owned());
    talk.ben_says("from the other side of it");
    talk.proxy.heals();
    talk.is_whole();
    assert_eq!(talk.ann.connections(), 2, "the old connection never ended by itself");
}

#[test]
fn what_a_network_held_back_arrives_once_when_it_lets_go() {
    let mut talk = Talk::begins();
    talk.proxy.does(Faults { holds: true, ..Faults::default() });
    talk.ann_says("held");
    talk.ben_says("meanwhile");
    talk.ben.until("all that Ben said to stand", Client::is_settled);
    // She gives up on the old connection, whose post is still on its way, and asks for a new one.
    talk.ann.until("a connection to be given up", |ann| ann.has_lost_its_connection());
    talk.proxy.heals();
    talk.is_whole();
}

#[test]
fn a_socket_that_opens_and_stays_mute_is_given_up() {
    let mut talk = Talk::begins();
    talk.proxy.does(Faults { mutes_sockets: true, ..Faults::default() });
    talk.proxy.cuts();
    talk.ann_says("through a mute socket");
    talk.ann.until("a second socket to open", |ann| ann.connections() > 2);
    talk.proxy.heals();
    talk.proxy.cuts();
    talk.is_whole();
}
