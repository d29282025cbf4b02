//! Going to what a message names, and by a link to where nothing is.

use serde_json::json;
use stonechat_e2e::{Browser, Look, Server, Writer, in_both_browsers};

in_both_browsers! {
    what_names_a_room_leads_there_as_soon_as_there_is_one,
    a_link_to_no_message_says_so,
}

async fn what_names_a_room_leads_there_as_soon_as_there_is_one(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("see #birds");
    ann.sees("Zoë", "see #birds").await;
    assert_eq!(ann.evaluate("document.querySelectorAll('a.room-ref').length").await, 0, "there is no such room");
    zoe.asks(&server, "POST", "/api/rooms", &json!({ "room": "birds", "title": "Birds" }));
    ann.until("document.querySelector('.message a.room-ref[href=\"/r/birds\"]')", "a link").await;
    ann.until("document.querySelector('.room-link[href=\"/r/birds\"]')", "the room in the list").await;
    zoe.says_in("birds", "welcome");
    ann.clicks("link", "#birds").await;
    ann.sees("Zoë", "welcome").await;
}

async fn a_link_to_no_message_says_so(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_with(Look::chinese(), &server.url(), "Ann").await;
    Writer::comes_in(&server, "Zoë").says("hello");
    ann.sees("Zoë", "hello").await;
    // As somebody does who changes the address of a page that is open.
    ann.executes("location.hash = '#17'", vec![]).await;
    ann.until("document.body.innerText.includes('这里没有这条消息')", "that there is none").await;
}
