//! All promises at once, against a server and a wire that lose, repeat and restart at random.

use proptest::prelude::*;

use super::*;

/// One thing that happens, in the random walk below.
#[derive(Clone, Debug)]
enum Step {
    Write,
    /// Somebody else does something to the message at this place.
    Other(u8, usize),
    /// The server takes in what was sent, or loses it with the connection.
    Deliver,
    /// The client takes in what was sent.
    Answer,
    Cut,
    Connect,
    /// A page of history is asked for; or, where one is under way, it comes.
    Page(u8, usize),
    /// The client lets go of what is far back.
    Trim(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Write),
        4 => (0..6_u8, 0..40_usize).prop_map(|(what, which)| Step::Other(what, which)),
        4 => Just(Step::Deliver),
        4 => Just(Step::Answer),
        1 => Just(Step::Cut),
        2 => Just(Step::Connect),
        3 => (0..6_u8, 0..40_usize).prop_map(|(what, which)| Step::Page(what, which)),
        1 => (1..5_usize).prop_map(Step::Trim),
    ];
    prop::collection::vec(step, 0..120)
}

/// A server, a client and the wire between them.
#[derive(Default)]
struct World {
    log: Log,
    replica: Replica,
    up: Vec<Command>,
    down: Vec<Frame>,
    connected: bool,
    written: usize,
    /// How far the client was told of the log on this connection.
    told: Seq,
    page: Option<(Ask, History)>,
}

impl World {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Write => {
                self.written += 1;
                let id = format!("c{}", self.written);
                // Every third has a file, and nothing else.
                let (text, files) = if self.written.is_multiple_of(3) {
                    (String::new(), vec![file(&id)])
                } else {
                    (id.clone(), vec![])
                };
                let kind = Kind::Post { text, reply: None, files };
                let out = self.replica.change(&lobby(), id.as_str().into(), kind, 0);
                self.send(out);
            }
            Step::Other(what, which) => self.other(*what, *which),
            Step::Deliver => self.deliver(),
            Step::Answer => {
                for frame in std::mem::take(&mut self.down) {
                    let out = self.replica.receive(frame, 0);
                    self.send(out);
                }
            }
            Step::Cut => {
                (self.connected, self.up, self.down) = (false, vec![], vec![]);
                let _ = self.replica.disconnected();
            }
            Step::Connect => {
                if !self.connected {
                    self.connected = true;
                    self.down.push(welcome());
                }
            }
            Step::Page(what, which) => self.page(*what, *which),
            Step::Trim(keep) => self.replica.trim(&lobby(), *keep),
        }
    }

    fn page(&mut self, what: u8, which: usize) {
        if let Some((ask, page)) = self.page.take() {
            let _ = self.replica.history(&lobby(), ask, Some(page));
            return;
        }
        let Some(room) = self.replica.room(&lobby()) else { return };
        let (_, gap) = room.whole_around(0);
        let seq = |index: usize| room.at(index).map(|message| message.seq);
        let ask = match what {
            0 | 1 => seq(0).filter(|_| room.has_more()).map(Ask::Before),
            2 => seq(gap).map(Ask::Before),
            3 => seq(gap).and(seq(gap.saturating_sub(1))).map(Ask::After),
            _ => {
                self.log.messages.get(which).map(|message| message.seq).filter(|seq| room.misses(*seq)).map(Ask::Around)
            }
        };
        if let Some(ask) = ask {
            self.replica.ask_history(&lobby(), ask);
            self.page = Some((ask, self.log.page(ask, 4)));
        }
    }

    /// Scrolls until nothing is missing; what is here stands in whole parts, with what the log has, all the way.
    fn load_everything(&mut self) {
        for _ in 0..200 {
            let room = self.replica.room(&lobby()).unwrap();
            let (_, gap) = room.whole_around(0);
            for (from, to) in [(0, gap), (gap, room.len())] {
                let Some(first) = room.at(from).filter(|_| from < to) else { continue };
                let at = self.log.messages.iter().position(|message| message.seq == first.seq).unwrap();
                let part = room.messages().skip(from).take(to - from);
                assert!(part.eq(&self.log.messages[at..at + to - from]), "field for field");
            }
            let newest = room.len() - if gap < room.len() { gap } else { 0 };
            let last = &self.log.messages[self.log.messages.len() - newest..];
            assert!(room.messages().skip(room.len() - newest).eq(last), "up to now");
            if gap < room.len() {
                self.page(2, 0);
            } else if room.has_more() {
                self.page(0, 0);
            } else {
                return;
            }
            self.page(0, 0);
        }
        panic!("it comes to an end");
    }

    fn send(&mut self, out: Output) {
        if self.connected {
            self.up.extend(out.commands);
        }
    }

    fn other(&mut self, what: u8, which: usize) {
        let ben = user("ben");
        let id = format!("b{}", self.log.head());
        let living: Vec<Seq> =
            self.log.messages.iter().filter(|message| !message.removed).map(|message| message.seq).collect();
        let Some(&target) = living.get(which % living.len().max(1)) else {
            self.log.post(&ben, &id, "ben's");
            return;
        };
        let kind = match what {
            0 => Kind::Post { text: id.clone(), reply: Some(target), files: vec![file(&id)] },
            1 => Kind::Edit { target, text: format!("edited by {id}") },
            2 => Kind::Remove { target },
            3 => {
                let reactions = &self.log.messages.iter().find(|message| message.seq == target).unwrap().reactions;
                Kind::React { target, emoji: "👍".into(), on: reactions.is_empty() }
            }
            // Seldom: it leaves little to happen to.
            4 if which.is_multiple_of(4) => {
                Kind::Purge { author: ben.id.clone(), upto: which.is_multiple_of(8).then_some(target) }
            }
            _ => Kind::Pin { target, on: which.is_multiple_of(2) },
        };
        self.log.append(&ben, &id, kind);
    }

    /// The server carries out what arrived, and tells what is new.
    fn deliver(&mut self) {
        for command in std::mem::take(&mut self.up) {
            match command {
                Command::Join { after, .. } => {
                    let after = after.filter(|after| self.log.head() - after < 10);
                    self.down.extend(self.log.join(after, 5));
                    self.told = self.log.head();
                }
                Command::Post { id, text, files, .. } => {
                    let known = self.log.events.iter().find(|event| event.id.as_ref() == Some(&id));
                    let seq = known.map_or_else(|| self.log.head() + 1, |event| event.seq);
                    if known.is_none() {
                        let files = files.iter().map(|id| file(&id.as_str()["f_".len()..])).collect();
                        self.log.append(&ann(), id.as_str(), Kind::Post { text, reply: None, files });
                    }
                    self.down.push(ok(id.as_str(), seq));
                }
                Command::Leave { .. }
                | Command::Edit { .. }
                | Command::Remove { .. }
                | Command::React { .. }
                | Command::Pin { .. }
                | Command::Purge { .. }
                | Command::Set { .. }
                | Command::Typing { .. }
                | Command::Read { .. }
                | Command::Unread { .. }
                | Command::Away { .. }
                | Command::Ping { .. }
                | Command::Pong => panic!("not sent here: {command:?}"),
            }
        }
        if self.connected && self.told < self.log.head() {
            self.down.push(self.log.events(self.told));
            self.told = self.log.head();
        }
    }

    /// The network heals, and everything that waits gets its answer.
    fn heal(&mut self) {
        self.step(&Step::Cut);
        self.step(&Step::Connect);
        for _ in 0..self.written + 3 {
            self.step(&Step::Answer);
            self.step(&Step::Deliver);
        }
        self.step(&Step::Answer);
        if let Some((ask, page)) = self.page.take() {
            let _ = self.replica.history(&lobby(), ask, Some(page));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_network_does_every_post_stands_once_and_the_copy_is_the_log(steps in steps()) {
        let mut world = World::default();
        let _ = world.replica.open(&lobby());
        for step in &steps {
            world.step(step);
        }
        world.heal();
        let mut mine: Vec<&str> = world.log.events.iter()
            .filter(|event| event.user.id == ann().id)
            .map(|event| event.id.as_ref().unwrap().as_str())
            .collect();
        let written: Vec<String> = (1..=world.written).map(|n| format!("c{n}")).collect();
        prop_assert_eq!(&mine, &written, "each once, in the order of their writing");
        mine.dedup();
        prop_assert_eq!(mine.len(), world.written);
        prop_assert_eq!(waiting(&world.replica), Vec::<String>::new());
        let room = world.replica.room(&lobby()).unwrap();
        prop_assert_eq!(room.cursor(), world.log.head());
        world.load_everything();
        let room = world.replica.room(&lobby()).unwrap();
        prop_assert!(room.messages().eq(&world.log.messages), "field for field");
    }
}
