//! What is removed leaves a page that is open, whatever shows it.

use serde_json::json;
use stonechat_e2e::{Browser, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_removed_text_leaves_whatever_shows_it,
    what_was_found_or_pinned_far_back_goes_as_well,
}

/// Whether a word can be seen, or heard, anywhere in the page.
fn shows(word: &str) -> String {
    format!("(document.body.innerText + document.querySelector('#announcer').textContent).includes('{word}')")
}

async fn a_removed_text_leaves_whatever_shows_it(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("vexilloid");
    ann.until("document.querySelector('#announcer').textContent === 'Zoë: vexilloid'", "it to be said").await;
    ann.takes_up("vexilloid").await;
    ann.clicks("button", "Reply").await;
    ann.until("document.querySelector('.context-text')?.textContent === 'vexilloid'", "what is answered").await;
    zoe.sends(&json!({ "type": "edit", "id": "e", "room": "lobby", "target": 1, "text": "batholith" }));
    ann.until("document.querySelector('.context-text')?.textContent === 'batholith'", "it as it is now").await;
    zoe.sends(&json!({ "type": "purge", "id": "p", "room": "lobby", "user": zoe.id() }));
    ann.until("document.querySelector('.message[data-removed]')", "it to be removed").await;
    ann.until(&format!("!{} && !{}", shows("vexilloid"), shows("batholith")), "nothing of it to be left").await;
}

async fn what_was_found_or_pinned_far_back_goes_as_well(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("vexilloid");
    zoe.sends(&json!({ "type": "pin", "id": "pin", "room": "lobby", "target": 1, "on": true }));
    // More than a page begins with.
    let lines: Vec<String> = (0..120).map(|n| format!("line {n}")).collect();
    zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let ann = browser.open_named(&server, "Ann").await;
    ann.sees("Zoë", "line 119").await;
    ann.clicks("button", "Pinned messages").await;
    ann.until("document.querySelector('#pinned .hit-text')?.textContent === 'vexilloid'", "what is pinned").await;
    ann.clicks("button", "Search messages").await;
    ann.until("document.activeElement.id === 'search-input'", "the field to have the focus").await;
    ann.types("vexilloid").await;
    ann.until("document.querySelector('#search .hit')", "what is found").await;
    assert_eq!(ann.evaluate("!document.querySelector(\".message[data-seq='1']\")").await, true, "it is far back");
    zoe.sends(&json!({ "type": "remove", "id": "r", "room": "lobby", "target": 1 }));
    ann.until("!document.querySelector('#search .hit')", "it to be found no more").await;
    ann.clicks("button", "Pinned messages").await;
    ann.until("document.querySelector('#pinned .panel-empty')", "nothing to be pinned").await;
    ann.until(&format!("!{}", shows("vexilloid")), "nothing of it to be left").await;
}
