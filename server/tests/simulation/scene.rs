//! What everybody in one run shares: the time, the dice, the weather, and what was promised so far.

use std::hash::{DefaultHasher, Hasher as _};
use std::time::Duration;

use stonechat_server::store::FileRow;
use stonechat_shared::ids::Millis;
use stonechat_shared::{CommandId, File, UserId};
use tokio::time::Instant;

use super::dice::Dice;
use super::ledger::Ledger;
use super::weather::{Trouble, Weather};

/// When each run begins.
pub(crate) const START: Millis = 1_760_000_000_000;

#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) since: Instant,
    pub(crate) dice: Dice,
    pub(crate) weather: Weather,
    pub(crate) ledger: Ledger,
    pub(crate) trace: Trace,
    /// What was uploaded, until the store is told of it.
    pub(crate) uploads: Vec<FileRow>,
    uploaded: u32,
}

impl Scene {
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::of(seed);
        let weather = Weather::of(&mut dice);
        Self {
            since: Instant::now(),
            dice,
            weather,
            ledger: Ledger::default(),
            trace: Trace::new(),
            uploads: Vec::new(),
            uploaded: 0,
        }
    }

    /// What somebody says: now and then with a file that has the words for its name.
    pub(crate) fn wording(&mut self, name: (UserId, CommandId)) -> (String, Vec<File>) {
        let (user, text) = (name.0.clone(), self.ledger.text(name));
        if !self.dice.chance(250) {
            return (text, Vec::new());
        }
        self.uploaded += 1;
        let id = format!("f_{}", self.uploaded).into();
        let file = File { id, name: text, kind: "image/png".into(), size: 3, width: Some(2), height: Some(1) };
        self.uploads.push(FileRow { file: file.clone(), digest: [0; 32], user, room: None });
        (String::new(), vec![file])
    }

    pub(crate) fn now(&self) -> Millis {
        START + Millis::try_from(self.since.elapsed().as_millis()).expect("it is some minutes")
    }

    pub(crate) async fn pass(&mut self, millis: u64) {
        tokio::time::advance(Duration::from_millis(millis)).await;
        self.settle().await;
    }

    /// Lets the server's own tasks do all they can now. Were one still to run while something is read from the disk, then
    /// how far it gets would be the disk's choice, and not the seed's.
    pub(crate) async fn settle(&self) {
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn strikes(&mut self, trouble: Trouble) -> bool {
        let strikes = self.weather.strikes(trouble, &mut self.dice);
        if strikes {
            self.trace.note(&format!("{trouble:?}"));
        }
        strikes
    }

    /// When what is sent now arrives.
    pub(crate) fn arrival(&mut self) -> Millis {
        self.now() + self.dice.below(self.weather.delay)
    }
}

/// What happened, as one number: two runs that have it in common were the same.
#[derive(Debug)]
pub(crate) struct Trace {
    hash: DefaultHasher,
    /// Whether to print it as well, for somebody who looks at one seed.
    told: bool,
}

impl Trace {
    fn new() -> Self {
        Self { hash: DefaultHasher::new(), told: std::env::var_os("STONECHAT_SEED").is_some() }
    }

    pub(crate) fn note(&mut self, what: &str) {
        if self.told {
            eprintln!("{what}");
        }
        self.hash.write(what.as_bytes());
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash.finish()
    }
}
