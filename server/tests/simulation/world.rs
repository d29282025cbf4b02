//! One run: people, a network and a server, a random walk through everything that can happen, and then calm.

use std::collections::BTreeMap;

use stonechat_shared::RoomName;
use stonechat_shared::frame::Role;
use stonechat_shared::ids::Millis;
use stonechat_shared::limits::REPLAY;

use super::checker;
use super::host::{Host, ROOMS};
use super::network::Network;
use super::person::Person;
use super::scene::Scene;
use super::weather::Trouble;

/// Steps of the walk.
const STEPS: u64 = 250;
/// Rounds in which everything must have come to rest.
const PATIENCE: u32 = 4_000;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) scene: Scene,
    pub(crate) host: Host,
    pub(crate) network: Network,
    pub(crate) people: Vec<Person>,
    /// When the server starts again, where it is down.
    up_at: Millis,
    epochs: u32,
}

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Everything that was said, as one number.
    pub(crate) trace: u64,
    pub(crate) met: BTreeMap<Trouble, u32>,
    /// Events that stand in the end.
    pub(crate) events: usize,
}

/// Runs one seed to its end. A promise that is broken is a panic.
pub(crate) fn run(seed: u64) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime can be made").block_on(async {
        let mut world = World::of(seed).await;
        world.walk().await;
        world.heal().await;
        checker::check(&mut world).await;
        checker::check_disk(&mut world).await;
        let events = world.scene.ledger.logs.values().map(Vec::len).sum();
        Run { trace: world.scene.trace.hash(), met: world.scene.weather.met, events }
    })
}

impl World {
    async fn of(seed: u64) -> Self {
        let mut scene = Scene::of(seed);
        let mut host = Host::new(scene.weather.post_rate);
        host.start(&mut scene).await;
        let people = vec![
            Person::new("Ann", Role::Member),
            Person::new("Ben", Role::Member),
            Person::new("Cat", Role::Moderator),
            Person::new("Guest", Role::Guest),
        ];
        Self { scene, host, network: Network::default(), people, up_at: 0, epochs: 0 }
    }

    async fn walk(&mut self) {
        for _ in 0..self.scene.weather.before {
            self.people[1].hand.write(RoomName::LOBBY.into(), &mut self.scene);
        }
        let flood_at = self.scene.weather.flood.then(|| self.scene.dice.below(STEPS));
        for step in 0..STEPS {
            let millis = match self.scene.dice.below(100) {
                0 => 30_000,
                1..=4 => 6_000,
                5..=29 => 1_000,
                _ => 60,
            };
            let millis = self.scene.dice.below(millis);
            self.scene.pass(millis).await;
            if flood_at == Some(step) {
                self.flood();
            }
            self.go_wrong().await;
            let who = self.scene.dice.up_to(self.people.len() - 1);
            self.people[who].live(&mut self.network, &mut self.scene);
            self.flow().await;
        }
    }

    /// Somebody does more than a replay holds.
    fn flood(&mut self) {
        for n in 0..REPLAY + 50 {
            if n % 3 == 0 {
                self.people[0].hand.write(RoomName::LOBBY.into(), &mut self.scene);
            } else {
                self.people[0].hand.decide(&mut self.scene);
            }
        }
    }

    async fn go_wrong(&mut self) {
        if self.scene.strikes(Trouble::Cut) {
            self.cut();
        }
        if self.scene.strikes(Trouble::Reset)
            && let Some(line) = self.network.any(&mut self.scene)
        {
            line.reset(&mut self.scene);
        }
        if self.scene.strikes(Trouble::Hole)
            && let Some(line) = self.network.any(&mut self.scene)
        {
            line.fall_silent();
        }
        if self.scene.strikes(Trouble::PageGone) {
            let who = self.scene.dice.up_to(self.people.len() - 1);
            if let Some(last) = self.people[who].pages.len().checked_sub(1) {
                let index = self.scene.dice.up_to(last);
                self.people[who].die(index, &mut self.network, &mut self.scene);
            }
        }
        if self.host.app().is_none() {
            return self.start_in_time().await;
        }
        if self.scene.strikes(Trouble::Checkpoint) {
            self.host.checkpoint();
        }
        if self.scene.strikes(Trouble::Crash) {
            self.crash(false).await;
        } else if self.scene.strikes(Trouble::CrashUntold) {
            self.crash(true).await;
        } else if self.scene.strikes(Trouble::Restart) {
            self.stop().await;
            self.go_down();
        }
    }

    fn cut(&mut self) {
        let who = self.scene.dice.up_to(self.people.len() - 1);
        let person = &mut self.people[who];
        let index = self.scene.dice.up_to(person.pages.len());
        if index == person.pages.len() {
            return person.hand.cut(&mut self.network, &mut self.scene);
        }
        if person.pages[index].asleep {
            return;
        }
        person.pages[index].client.cut(&mut self.network, &mut self.scene);
        let out = person.pages[index].replica.disconnected();
        person.act(index, out, &mut self.network, &mut self.scene);
    }

    /// The server dies, in the middle of its work or just after a commit of which it tells nobody any more.
    async fn crash(&mut self, untold: bool) {
        if self.scene.dice.chance(500) {
            self.network.serve(&self.host, &mut self.scene).await;
        }
        if untold {
            self.host.commit_untold();
        }
        self.host.crash(&mut self.scene.dice);
        self.network.reset(&mut self.scene);
        self.go_down();
    }

    /// Stops as it is meant to: everybody hears `bye` who listens.
    pub(crate) async fn stop(&mut self) {
        let Some(app) = self.host.app() else { return };
        app.close();
        for _ in 0..3 {
            self.host.commit(&mut self.scene).await;
            self.network.serve(&self.host, &mut self.scene).await;
        }
        self.network.reset(&mut self.scene);
        self.host.stop(&mut self.scene).await;
    }

    fn go_down(&mut self) {
        let longest = *self.scene.dice.pick(&[1, 2_000, 20_000]).expect("there are some");
        self.up_at = self.scene.now() + self.scene.dice.below(longest);
        if self.scene.dice.chance(150) {
            self.epochs += 1;
            self.host.rename_logs(&format!("restored{}", self.epochs));
        }
    }

    async fn start_in_time(&mut self) {
        if self.up_at <= self.scene.now() {
            self.host.start(&mut self.scene).await;
        }
    }

    /// Everything that is due moves on; answers how many commands were committed.
    async fn flow(&mut self) -> usize {
        self.host.upload(&mut self.scene);
        self.network.serve(&self.host, &mut self.scene).await;
        let mut committed = 0;
        if self.scene.dice.chance(700) {
            committed = self.host.commit(&mut self.scene).await;
        }
        for person in &mut self.people {
            person.hear(&self.host, &mut self.network, &mut self.scene).await;
        }
        committed
    }

    /// Nothing goes wrong any more, everybody comes back, and everything that waits gets its turn.
    async fn heal(&mut self) {
        self.scene.weather.clear_up();
        if self.host.app().is_none() {
            self.host.start(&mut self.scene).await;
        }
        self.network.heal(&self.scene);
        for round in 0.. {
            for person in &mut self.people {
                person.come_back(&mut self.network, &mut self.scene);
            }
            self.scene.pass(250).await;
            let committed = self.flow().await;
            let restless = self.people.iter().find_map(|person| person.restless(&self.scene));
            if restless.is_none() && committed == 0 && self.network.is_quiet() {
                return;
            }
            assert!(round < PATIENCE, "it does not come to rest: {restless:?}");
        }
    }

    pub(crate) fn rooms() -> [RoomName; 2] {
        ROOMS.map(RoomName::from)
    }
}
