//! What is new to each: where a room opens, what the list counts, and what is read.

use fantoccini::key::Key;
use stonechat_e2e::page::count_of;
use stonechat_e2e::{Browser, Server, Writer, in_both_browsers};

in_both_browsers! {
    the_list_counts_what_is_new_and_marks_what_names_one,
    a_room_opens_at_what_is_new,
    what_is_far_above_is_found_by_the_button,
    what_is_marked_as_unread_stays_new,
}

async fn the_list_counts_what_is_new_and_marks_what_names_one(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben");
    ben.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    ben.says_in("dev", "one");
    ben.says_in("dev", "two, @ann");
    let dev = count_of("/r/dev");
    ann.until(&format!("{dev} === '1!'"), "the number of mentions").await;
    ann.until("document.title.startsWith('(1) ')", "the number in the title").await;
    ann.until("document.querySelector('link[rel=icon]').href.startsWith('data:')", "the mark on the icon").await;
    ann.follows("/r/dev").await;
    ann.until(&format!("{dev} === ''"), "no number").await;
    ann.until("!document.title.startsWith('(')", "no number in the title").await;
    // This one is looked at no more, but still heard: nobody has to ask.
    ann.follows("/").await;
    ben.says_in("dev", "three");
    ann.until(&format!("{dev} === '1'"), "the number of messages").await;
    ben.says_in("dev", "four");
    ann.until(&format!("{dev} === '2'"), "the number of messages").await;
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
    assert_eq!(ann.evaluate("document.querySelector('.divider.new') !== null").await, true);
    assert_eq!(ann.evaluate("document.querySelector('.jump').hidden").await, false);
    ann.executes("document.querySelector('[role=log]').focus()", vec![]).await;
    ann.presses(Key::Escape).await;
    ann.until("!document.querySelector('.divider.new') && document.querySelector('.jump').hidden", "all to be read")
        .await;
    ann.follows("/r/dev").await;
    ann.counts("/", "").await;
}

async fn what_is_far_above_is_found_by_the_button(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    ann.goes_to(&format!("{}r/dev", server.url())).await;
    let lines: Vec<String> = (1..=300).map(|n| format!("line {n}")).collect();
    zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    ann.goes_to(&server.url()).await;
    ann.sees("Zoë", "line 300").await;
    ann.clicks("button", "Jump to unread").await;
    let first = "[...document.querySelectorAll('.message .text')].find(it => it.textContent === 'line 1')";
    let seen = format!("(place => place.top > 0 && place.bottom < innerHeight)({first}.getBoundingClientRect())");
    ann.until_patiently(&seen, "the first new message in view").await;
    ann.until("document.querySelector('.jump-new').hidden", "the button to be gone").await;
}

async fn what_is_marked_as_unread_stays_new(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    zoe.says_all(&["one", "two", "three"]);
    ann.sees("Zoë", "three").await;
    ann.takes_up("two").await;
    ann.clicks("button", "Mark as unread from here").await;
    ann.until("document.querySelector('.divider.new + .message .text')?.textContent === 'two'", "the line above it")
        .await;
    ann.follows("/r/dev").await;
    ann.counts("/", "2").await;
}
