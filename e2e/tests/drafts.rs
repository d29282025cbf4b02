//! What was begun and is not sent yet: it waits where it was written.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    each_room_keeps_what_was_begun_in_it,
    a_draft_that_is_a_command_is_one_after_a_reload_too,
}

async fn has_begun(page: &Page, text: &str) {
    let is_there = format!("document.querySelector('#composer-input')?.value === {}", json!(text));
    page.until(&is_there, &format!("“{text}” where one writes")).await;
}

async fn each_room_keeps_what_was_begun_in_it(browser: Browser) {
    let server = Server::start();
    let zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.writes("for the lobby,").await;
    ann.presses_with_shift(Key::Enter).await;
    ann.writes("你好").await;
    ann.follows("/r/dev").await;
    has_begun(&ann, "").await;
    ann.writes("for dev").await;
    ann.follows("/").await;
    has_begun(&ann, "for the lobby,\n你好").await;
    ann.reloads().await;
    has_begun(&ann, "for the lobby,\n你好").await;
    ann.follows("/r/dev").await;
    has_begun(&ann, "for dev").await;
    // What is sent is not begun any more, here; there it is.
    ann.executes("document.querySelector('#composer-input').focus()", vec![]).await;
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "for dev").await;
    ann.reloads().await;
    ann.sees("Ann", "for dev").await;
    has_begun(&ann, "").await;
    ann.follows("/").await;
    has_begun(&ann, "for the lobby,\n你好").await;
    assert_eq!(ann.lines().await, []);
}

async fn a_draft_that_is_a_command_is_one_after_a_reload_too(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.writes("/nope").await;
    ann.reloads().await;
    has_begun(&ann, "/nope").await;
    ann.writes("x").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('.under[role=alert]')", "why it is not sent").await;
    assert_eq!(ann.lines().await, []);
}
