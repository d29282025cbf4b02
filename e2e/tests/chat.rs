//! Two people, two browsers: what one says, the other sees.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Server, Writer, in_both_browsers};

in_both_browsers! {
    two_people_talk,
    the_others_see_who_is_typing_however_many,
    a_text_of_two_lines_arrives_as_it_was_written,
    what_looks_like_markup_is_shown_as_it_was_written,
    who_comes_later_sees_what_was_said,
}

async fn two_people_talk(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    ann.takes_their_name().await;
    ben.takes_their_name().await;
    ann.says("hello").await;
    ben.sees("Ann", "hello").await;
    ben.says("你好 Ann").await;
    ann.sees("Ben", "你好 Ann").await;
    // The writer's own line is there once, as everybody else sees it.
    ann.sees("Ann", "hello").await;
    ben.sees("Ben", "你好 Ann").await;
    assert_eq!(ann.lines().await, ben.lines().await);
    assert_eq!(ann.lines().await.len(), 2);
    assert_eq!(ann.draft().await, "");
}

async fn the_others_see_who_is_typing_however_many(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named_with(Look::chinese(), &server, "Ann").await;
    let ben = browser.open_named(&server, "Ben").await;
    ann.writes("I am about to").await;
    ben.until(&is_typing("Ann is typing…"), "that Ann is typing").await;
    ann.presses(Key::Enter).await;
    ben.sees("Ann", "I am about to").await;
    ben.until("!document.querySelector('.under.typing')", "that she is done").await;
    let mut typists: Vec<Writer> = Vec::new();
    for (name, english, chinese) in [
        ("Carl", "Carl is typing…", "Carl 正在输入…"),
        ("Dora", "Carl and Dora are typing…", "Carl 和 Dora 正在输入…"),
        ("Emil", "Carl, Dora and Emil are typing…", "Carl、Dora 和 Emil 正在输入…"),
        ("Finn", "Several people are typing…", "好几个人正在输入…"),
    ] {
        let mut typist = Writer::comes_in(&server, name);
        typist.sends(&json!({ "type": "join", "room": "lobby" }));
        typists.push(typist);
        go_on_typing(&mut typists);
        ben.until(&is_typing(english), english).await;
        ann.until(&is_typing(chinese), chinese).await;
    }
}

fn is_typing(sentence: &str) -> String {
    format!("document.querySelector('.under.typing')?.textContent === '{sentence}'")
}

fn go_on_typing(typists: &mut [Writer]) {
    typists.iter_mut().for_each(|typist| typist.sends(&json!({ "type": "typing", "room": "lobby" })));
}

async fn a_text_of_two_lines_arrives_as_it_was_written(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.writes("one").await;
    ann.presses_with_shift(Key::Enter).await;
    ann.writes("two").await;
    assert_eq!(ann.draft().await, "one\ntwo");
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "one\ntwo").await;
}

async fn what_looks_like_markup_is_shown_as_it_was_written(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    ann.takes_their_name().await;
    let text = "<img src=x onerror=\"document.title='taken'\"> & <b>bold</b>";
    ann.says(text).await;
    ben.sees("Ann", text).await;
    assert_eq!(ben.evaluate("document.querySelectorAll('[role=log] img, [role=log] b').length").await, 0);
    assert_ne!(ben.evaluate("document.title").await, "taken");
}

async fn who_comes_later_sees_what_was_said(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.says("first").await;
    ann.sees("Ann", "first").await;
    let ben = browser.open(&server, "Ben").await;
    ben.sees("Ann", "first").await;
}
