//! The release server killed, stopped and started again under load.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use stonechat_e2e::line::Person;
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::writing::{Stage, check, follows, reads_all, writes};
use stonechat_e2e::{Proxy, Server, Writer};

/// How often the server is killed; more of it for who soaks.
fn kills() -> u64 {
    std::env::var("STONECHAT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(200)
}

/// Numbers that look like chance and are the same in each run (SplitMix64).
fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) % below
    }
}

#[test]
fn two_hundred_kills_under_load_lose_nothing_that_was_answered_and_double_nothing() {
    let mut server = Server::start();
    let stage = Arc::new(Stage::default());
    let head = Arc::new(OnceLock::new());
    let writers: Vec<_> = (0..4)
        .map(|n| {
            let name = format!("writer{n}");
            writes(&stage, server.addr(), Person::signs_in(server.addr(), &name), &name)
        })
        .collect();
    let until = Arc::clone(&head);
    let follower = follows(&stage, server.addr(), move || until.get().copied());
    let mut dice = dice(7);
    for life in 0..kills() {
        stage.is_up(true);
        // Some live so long that the write-ahead log is carried over meanwhile.
        stage.waits_for(if life % 20 == 10 { 4_000 + dice(4_000) } else { dice(100) });
        // No test waits for time: this is the chance at which a kill comes. Right after an answer it would always meet
        // the same step between two commits.
        std::thread::sleep(Duration::from_micros(dice(4_000)));
        stage.is_up(false);
        server.kill();
        if dice(8) == 0 {
            server.dies_while_it_starts(Duration::from_micros(dice(30_000)));
        }
        server.start_again();
    }
    stage.is_over();
    stage.is_up(true);
    let writers: Vec<_> = writers.into_iter().map(|writer| writer.join().expect("a writer goes on")).collect();
    let all = reads_all(server.addr());
    // One more line wakes who waits for nothing else.
    head.get_or_init(|| all.len() as u64 + 1);
    Writer::comes_in(&server, "bell").says("the end");
    let seen = follower.join().expect("the follower goes on");
    check(&writers, &seen[..all.len()], &all);
}

#[test]
fn a_connection_cut_after_any_number_of_bytes_loses_and_doubles_nothing() {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let stage = Arc::new(Stage::default());
    stage.is_up(true);
    let writer = writes(&stage, proxy.addr(), Person::signs_in(server.addr(), "ann"), "ann");
    let follower = {
        let head = Arc::new(OnceLock::new());
        let until = Arc::clone(&head);
        (head, follows(&stage, proxy.addr(), move || until.get().copied()))
    };
    let mut dice = dice(11);
    for _ in 0..60 {
        // Far enough that each connection gets a line through: after the handshake, somewhere in the frames.
        let faults = if dice(2) == 0 {
            Faults { cuts_down_after: Some(1_500 + dice(4_000) as usize), ..Faults::default() }
        } else {
            Faults { cuts_up_after: Some(700 + dice(3_000) as usize), ..Faults::default() }
        };
        proxy.does(faults);
        stage.waits_for(1 + dice(20));
        if dice(3) == 0 {
            proxy.does(Faults { drops_answers: true, ..Faults::default() });
            proxy.cuts();
        }
        proxy.heals();
        stage.waits_for(1);
    }
    stage.is_over();
    let writers = [writer.join().expect("the writer goes on")];
    let all = reads_all(server.addr());
    follower.0.get_or_init(|| all.len() as u64 + 1);
    Writer::comes_in(&server, "bell").says("the end");
    let seen = follower.1.join().expect("the follower goes on");
    check(&writers, &seen[..all.len()], &all);
}
