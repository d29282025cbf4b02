//! What can go wrong, and how often: each seed has weather of its own.

use std::collections::BTreeMap;

use super::dice::Dice;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// A client sees its connection break; what was under way may still arrive, later.
    Cut,
    /// The server's end of a connection is gone; the client may hear of it, or not.
    Reset,
    /// Nothing arrives any more in either direction, and nobody is told.
    Hole,
    /// A frame with events is lost, and the connection stands.
    LostEvents,
    /// A command is handed to the server a second time, by some other way and later.
    Repeat,
    /// A page is closed, or its browser falls; its outbox is left where it was kept.
    PageGone,
    /// The page dies before it has written down what changed.
    DiedBeforeKeeping,
    /// The page dies when its outbox is written down and nothing is sent.
    DiedBeforeSending,
    /// The page dies with what it sent under way.
    DiedAfterSending,
    /// The page dies when it has written down another's outbox as its own, and the other's is still there.
    DiedAdopting,
    /// The server dies: what waits for a commit is lost.
    Crash,
    /// The server dies between a commit and the first answer.
    CrashUntold,
    /// The server is stopped and started.
    Restart,
    /// The write-ahead log is carried over into the database.
    Checkpoint,
    /// A question for a page of history is not answered.
    NoHistory,
}

impl Trouble {
    pub(crate) const ALL: [Self; 15] = [
        Self::Cut,
        Self::Reset,
        Self::Hole,
        Self::LostEvents,
        Self::Repeat,
        Self::PageGone,
        Self::DiedBeforeKeeping,
        Self::DiedBeforeSending,
        Self::DiedAfterSending,
        Self::DiedAdopting,
        Self::Crash,
        Self::CrashUntold,
        Self::Restart,
        Self::Checkpoint,
        Self::NoHistory,
    ];

    /// In so many of a thousand cases where it can happen: at a step, at a frame, at something that a page does.
    fn per_mille(self) -> u64 {
        match self {
            Self::Cut => 30,
            Self::Reset => 15,
            Self::Hole => 10,
            Self::LostEvents => 15,
            Self::Repeat => 25,
            Self::PageGone => 12,
            Self::DiedBeforeKeeping | Self::DiedBeforeSending | Self::DiedAfterSending => 5,
            Self::DiedAdopting => 150,
            Self::Crash => 4,
            Self::CrashUntold => 3,
            Self::Restart => 3,
            Self::Checkpoint => 8,
            Self::NoHistory => 100,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Weather {
    /// How many times worse than usual; 0 is calm.
    storm: u64,
    /// Milliseconds that a frame is under way at most.
    pub(crate) delay: u64,
    /// Messages a second that one person may write; 0 for no limit.
    pub(crate) post_rate: f64,
    /// Somebody does more than [`REPLAY`](stonechat_shared::limits::REPLAY) things while others are away.
    pub(crate) flood: bool,
    /// Messages that stand before anybody comes: where they are more than a snapshot holds, there is history to read.
    pub(crate) before: usize,
    /// What happened.
    pub(crate) met: BTreeMap<Trouble, u32>,
}

impl Weather {
    pub(crate) fn of(dice: &mut Dice) -> Self {
        let flood = dice.below(64) == 0;
        let rates: &[f64] = if flood { &[0.0] } else { &[0.0, 0.0, 1.0, 2.0] };
        let post_rate = *dice.pick(rates).expect("there are some");
        Self {
            storm: dice.below(4),
            delay: *dice.pick(&[1, 20, 100, 800]).expect("there are some"),
            post_rate,
            flood,
            before: if post_rate > 0.0 { 0 } else { *dice.pick(&[0, 80]).expect("there are some") },
            met: BTreeMap::new(),
        }
    }

    pub(crate) fn strikes(&mut self, trouble: Trouble, dice: &mut Dice) -> bool {
        let strikes = dice.chance(trouble.per_mille() * self.storm);
        if strikes {
            *self.met.entry(trouble).or_default() += 1;
        }
        strikes
    }

    /// From now on nothing goes wrong.
    pub(crate) fn clear_up(&mut self) {
        (self.storm, self.delay) = (0, 1);
    }
}
