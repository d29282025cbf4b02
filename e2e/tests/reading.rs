//! What is new to each: where a room opens, what the list counts, and what is read.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    the_list_counts_what_is_new_and_marks_what_names_one,
    a_room_opens_at_what_is_new,
    what_is_far_above_is_found_by_a_button_and_read_by_another,
    what_is_marked_as_unread_stays_new,
    what_is_read_is_read_in_every_tab_and_after_a_restart,
}

/// The marks on the page's icon: the bird itself has no such colour.
const MARK: &str = "decodeURIComponent(document.querySelector('link[rel=icon]').href).match(/#d6402b/g) ?? []";

async fn the_list_counts_what_is_new_and_marks_what_names_one(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben");
    ben.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    ben.says_in("dev", "one");
    ben.says_in("dev", "two, @ann");
    ann.counts("/r/dev", "1!").await;
    ben.says_in("dev", "three, @ann");
    ann.counts("/r/dev", "2!").await;
    ann.until("document.title.startsWith('(2) ')", "the number in the title").await;
    ann.until(&format!("({MARK}).length === 1"), "the mark on the icon").await;
    ann.follows("/r/dev").await;
    ann.counts("/r/dev", "").await;
    ann.until("!document.title.startsWith('(')", "no number in the title").await;
    ann.until(&format!("({MARK}).length === 0"), "the plain icon").await;
    // This one is looked at no more, but still heard: nobody has to ask.
    ann.follows("/").await;
    ben.says_in("dev", "three");
    ann.counts("/r/dev", "1").await;
    ben.says_in("dev", "four");
    ann.counts("/r/dev", "2").await;
    assert_eq!(ann.evaluate(&format!("({MARK}).length")).await, 0, "nobody called");
}

async fn a_room_opens_at_what_is_new(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let old: Vec<String> = (1..=40).map(|n| format!("old {n}")).collect();
    zoe.says_all(&old.iter().map(String::as_str).collect::<Vec<_>>());
    let ann = browser.open_named(&server, "Ann").await;
    ann.follows("/r/dev").await;
    ann.goes_to(&format!("{}r/dev", server.url())).await;
    let new: Vec<String> = (1..=60).map(|n| format!("new {n}")).collect();
    zoe.says_all(&new.iter().map(String::as_str).collect::<Vec<_>>());
    ann.follows("/").await;
    let first = "[...document.querySelectorAll('.message .text')].find(it => it.textContent === 'new 1')";
    let seen = format!("(place => place.top > 0 && place.bottom < innerHeight)({first}.getBoundingClientRect())");
    ann.until(&seen, "the first new message in view").await;
    says_what_is_new(&ann, "New since you left", "60 new").await;
    ann.turns_to_chinese().await;
    says_what_is_new(&ann, "你离开后的新消息", "60 条新消息").await;
    ann.executes("document.querySelector('[role=log]').focus()", vec![]).await;
    ann.presses(Key::Escape).await;
    ann.until("!document.querySelector('.divider.new') && document.querySelector('.jump').hidden", "all to be read")
        .await;
    // What is above is old now: the same button leads back from there, and counts nothing.
    ann.executes("document.querySelector('[role=log]').scrollTop = 0", vec![]).await;
    ann.clicks("button", "回到最新").await;
    ann.until("document.querySelector('.jump').hidden", "the newest to be in view").await;
    ann.follows("/r/dev").await;
    ann.counts("/", "").await;
}

/// By the line above what is new, which a screen reader says, and by the button that leads to its end.
async fn says_what_is_new(page: &Page, line: &str, button: &str) {
    let said = "document.querySelector('.divider.new[role=separator]')?.ariaLabel";
    page.until(&format!("{said} === '{line}'"), line).await;
    let shown = "document.querySelector('.jump:not([hidden])')?.textContent";
    page.until(&format!("{shown} === '{button}'"), button).await;
}

async fn what_is_far_above_is_found_by_a_button_and_read_by_another(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    comes_back_to_much(&ann, &server, &mut zoe, "Jump to unread").await;
    ann.clicks("button", "Jump to unread").await;
    let first = "[...document.querySelectorAll('.message .text')].find(it => it.textContent === 'line 1')";
    let seen = format!("(place => place.top > 0 && place.bottom < innerHeight)({first}.getBoundingClientRect())");
    ann.until_patiently(&seen, "the first new message in view").await;
    ann.until("document.querySelector('.jump-new').hidden", "the button to be gone").await;
    // Who does not want to see it says so.
    ann.turns_to_chinese().await;
    comes_back_to_much(&ann, &server, &mut zoe, "跳到未读").await;
    ann.clicks("button", "标为已读").await;
    ann.until("document.querySelector('.jump-new').hidden && !document.querySelector('.divider.new')", "it to be read")
        .await;
    ann.follows("/r/dev").await;
    ann.counts("/", "").await;
    ann.reloads().await;
    ann.counts("/", "").await;
}

/// Leaves the lobby, and is back when so much was written there that what is new begins far above; a button says so.
async fn comes_back_to_much(page: &Page, server: &Server, writer: &mut Writer, button: &str) {
    page.follows("/r/dev").await;
    let lines: Vec<String> = (1..=300).map(|n| format!("line {n}")).collect();
    writer.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    page.counts("/", "99+").await;
    page.goes_to(&server.url()).await;
    let shown = "document.querySelector('.jump-new:not([hidden]) .text-button')?.textContent";
    page.until(&format!("{shown} === '{button}'"), "that much is new above").await;
}

async fn what_is_marked_as_unread_stays_new(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    zoe.says_all(&["one", "two", "three"]);
    ann.sees("Zoë", "three").await;
    let first = "document.querySelector('.divider.new + .message .text')?.textContent";
    ann.takes_up("three").await;
    ann.clicks("button", "Mark as unread from here").await;
    ann.until(&format!("{first} === 'three'"), "the line above it").await;
    ann.turns_to_chinese().await;
    ann.takes_up("two").await;
    ann.clicks("button", "从这里标为未读").await;
    ann.until(&format!("{first} === 'two'"), "the line above the one before").await;
    ann.follows("/r/dev").await;
    ann.counts("/", "2").await;
}

async fn what_is_read_is_read_in_every_tab_and_after_a_restart(browser: Browser) {
    let mut server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    zoe.makes_room(&server, "ops", "Operations");
    let ann = browser.open_named(&server, "Ann").await;
    // A tab counts where it has been.
    has_been_in_dev(&ann).await;
    let first = ann.opens_in_another_tab(&server.url()).await;
    has_been_in_dev(&ann).await;
    for text in ["one", "two, @Ann"] {
        zoe.says_in("dev", text);
    }
    // Of this room nothing is read until the end: where its number is, that of the other is known, too.
    zoe.says_in("ops", "something else, @Ann");
    for room in ["/r/dev", "/r/ops"] {
        ann.counts(room, "1!").await;
    }
    let second = ann.looks_at(first.clone()).await;
    for room in ["/r/dev", "/r/ops"] {
        ann.counts(room, "1!").await;
    }
    ann.follows("/r/dev").await;
    ann.looks_at(second.clone()).await;
    ann.counts("/r/dev", "").await;

    ann.looks_at(first.clone()).await;
    ann.follows("/").await;
    let last = ["three", "four", "five"].map(|text| zoe.says_in("dev", text));
    ann.counts("/r/dev", "3").await;
    ann.looks_at(second).await;
    ann.counts("/r/dev", "3").await;
    starts_anew(&ann, &mut server).await;
    ann.counts("/r/dev", "3").await;
    ann.follows("/r/dev").await;
    let second = ann.looks_at(first).await;
    // Told by the server, which has it on disk by then.
    ann.counts("/r/dev", "").await;
    ann.looks_at(second).await;
    assert_eq!(ann.executes_async(READS_UP_TO, vec![json!(last[0])]).await, json!(last[2]), "nobody reads back");
    ann.follows("/").await;
    starts_anew(&ann, &mut server).await;
    ann.counts("/r/dev", "").await;
}

async fn has_been_in_dev(page: &Page) {
    page.follows("/r/dev").await;
    page.follows("/").await;
}

/// Ann's third device is behind: it says that she has read `dev` up to there; answers how far she has read by then.
const READS_UP_TO: &str = "
const [seq, done] = arguments;
const line = new WebSocket(`ws://${location.host}/ws`);
const says = command => line.send(JSON.stringify(command));
line.onopen = () => says({ type: 'join', room: 'dev' });
line.onmessage = ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.type === 'joined') says({ type: 'read', room: 'dev', seq });
  if (frame.type === 'read') { line.close(); done(frame.seq); }
};";

/// The server falls over and comes back, and so does the page.
async fn starts_anew(page: &Page, server: &mut Server) {
    server.kill();
    server.start_again();
    page.reloads().await;
    page.counts("/r/ops", "1!").await;
}
