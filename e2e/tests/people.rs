//! Who is here, who was, and who somebody is.

use serde_json::json;
use stonechat_e2e::{Browser, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_mention_leads_to_who_is_named,
    who_is_away_or_was_here_is_seen,
    of_very_many_people_the_list_comes_in_pages,
}

async fn a_mention_leads_to_who_is_named(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben Smith");
    let ann = browser.open_named(&server, "Ann").await;
    ben.says("I am @Ben_Smith");
    ann.sees("Ben Smith", "I am @Ben_Smith").await;
    ann.clicks("link", "@Ben_Smith").await;
    ann.until("document.querySelector('#person .card-name')?.textContent === 'Ben Smith'", "who that is").await;
    ann.until("document.querySelector('#person').textContent.includes('Member')", "what he is").await;
}

async fn who_is_away_or_was_here_is_seen(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben");
    ben.says("hello");
    ben.sends(&json!({ "type": "join", "room": "lobby" }));
    let ann = browser.open_named(&server, "Ann").await;
    let line = "[...document.querySelectorAll('#members .person')].find(it => it.textContent.includes('Ben'))?.dataset";
    ann.until(&format!("'online' in {line} && !('away' in {line})"), "that he is here").await;
    ben.sends(&json!({ "type": "away", "on": true }));
    ann.until(&format!("'away' in {line}"), "that he is away").await;
    ben.sends(&json!({ "type": "away", "on": false }));
    ann.until(&format!("'online' in {line} && !('away' in {line})"), "that he is back").await;
    drop(ben);
    ann.until(&format!("{line} && !('online' in {line})"), "that he is gone").await;
    ann.clicks("button", "BBen").await;
    ann.until("/Last seen/.test(document.querySelector('#person').textContent)", "when he was here").await;
}

async fn of_very_many_people_the_list_comes_in_pages(browser: Browser) {
    let server = Server::start_with(&["--connections-per-ip", "0"]);
    let mut crowd: Vec<Writer> = (0..230).map(|n| Writer::comes_in(&server, &format!("Guest {n}"))).collect();
    for writer in &mut crowd {
        writer.sends(&json!({ "type": "join", "room": "lobby" }));
    }
    let ann = browser.open_named(&server, "Ann").await;
    ann.until_patiently("document.querySelector('.here')?.textContent.trim() === '231'", "how many are here").await;
    ann.until("document.querySelectorAll('.members .person').length === 200", "one page of them").await;
    ann.clicks("button", "More people").await;
    ann.until("document.querySelectorAll('.members .person').length === 231", "all of them").await;
    assert_eq!(ann.evaluate("document.querySelector('.members .text-button')").await, json!(null), "and no more");
}
