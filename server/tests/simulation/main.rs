//! Nothing lost and nothing twice, on any network: real replicas against the real server logic, over a network, on a
//! disk and in a time that are simulated. A seed decides everything, so that what failed once fails again.

mod checker;
mod client;
mod deeds;
mod dice;
mod hand;
mod host;
mod ledger;
mod line;
mod network;
mod page;
mod person;
mod scene;
mod weather;
mod world;

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use weather::Trouble;
use world::Run;

/// Seeds in a run of the tests, and the tests that share them, so that they run side by side.
const SEEDS: Range<u64> = 0..2_000;
const PARTS: u64 = 8;

/// One test for each share of the seeds.
macro_rules! shares {
    ($($name:ident: $part:expr),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                nothing_is_lost_and_nothing_stands_twice($part);
            }
        )+
    };
}

shares! {
    nothing_lost_nothing_twice_1: 0,
    nothing_lost_nothing_twice_2: 1,
    nothing_lost_nothing_twice_3: 2,
    nothing_lost_nothing_twice_4: 3,
    nothing_lost_nothing_twice_5: 4,
    nothing_lost_nothing_twice_6: 5,
    nothing_lost_nothing_twice_7: 6,
    nothing_lost_nothing_twice_8: 7,
}

#[test]
fn the_same_seed_is_the_same_run() {
    for seed in 0..10 {
        assert_eq!(run(seed), run(seed), "seed {seed}");
    }
}

#[test]
fn everything_that_can_go_wrong_does() {
    let mut met: BTreeMap<Trouble, u32> = BTreeMap::new();
    for seed in 0..60 {
        for (trouble, times) in run(seed).met {
            *met.entry(trouble).or_default() += times;
        }
    }
    for trouble in Trouble::ALL {
        assert!(met.contains_key(&trouble), "{trouble:?} is in no run: {met:?}");
    }
}

fn nothing_is_lost_and_nothing_stands_twice(part: u64) {
    let seeds = seeds().filter(|seed| seed % PARTS == part);
    seeds.for_each(|seed| drop(run(seed)));
}

/// All of them, or those that the environment names: `STONECHAT_SEED=7`, or `STONECHAT_SEEDS=2000..4000`.
fn seeds() -> Range<u64> {
    let number = |text: &str| text.parse::<u64>().expect("a seed is a number");
    if let Ok(seed) = std::env::var("STONECHAT_SEED") {
        let seed = number(&seed);
        return seed..seed + 1;
    }
    match std::env::var("STONECHAT_SEEDS") {
        Ok(seeds) => {
            let (from, to) = seeds.split_once("..").expect("seeds are named as in `2000..4000`");
            number(from)..number(to)
        }
        Err(_) => SEEDS,
    }
}

/// Runs one seed. Whatever breaks in it breaks with its name.
fn run(seed: u64) -> Run {
    catch_unwind(AssertUnwindSafe(|| world::run(seed))).unwrap_or_else(|broken| {
        let why = sentence(broken.as_ref());
        panic!(
            "seed {seed}: {why}\nThe same again: \
             STONECHAT_SEED={seed} cargo nextest run -p stonechat-server --test simulation"
        )
    })
}

fn sentence(broken: &(dyn Any + Send)) -> &str {
    let text = broken.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| broken.downcast_ref::<&str>().copied()).unwrap_or("it broke")
}
