//! What is copied out of a page: links to messages, code, and the ways in for others.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    what_is_copied_is_exactly_what_was_meant,
    what_could_not_be_copied_is_never_said_to_be,
    a_page_without_tls_copies_the_old_way,
}

const CODE: &str = "fn main() {\n    let bird = \"<stonechat>\";\n}";

async fn says_that_it_is_copied(page: &Page, sentence: &str) {
    let said = format!("document.querySelector('.notice')?.textContent === {}", json!(sentence));
    page.until(&said, "that it is copied").await;
}

async fn is_refused(page: &Page, sentence: &str) {
    let said = format!("document.querySelector('.under[role=alert]')?.textContent === {}", json!(sentence));
    page.until(&said, sentence).await;
}

async fn what_is_copied_is_exactly_what_was_meant(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    zoe.says("hello");
    zoe.says(&format!("look:\n```rust\n{CODE}\n```"));
    let look = Look { language: "zh-CN", ..Look::default() };
    let ann = browser.open_with(look, &server.url(), "小安").await;
    ann.takes_their_name().await;
    ann.keeps_what_is_copied().await;
    ann.takes_up("hello").await;
    ann.clicks("button", "复制链接").await;
    assert_eq!(ann.copied().await, format!("{}r/lobby#1", server.url()));
    says_that_it_is_copied(&ann, "已复制").await;
    ann.clicks("button", "复制代码").await;
    assert_eq!(ann.copied().await, CODE);
    ann.says("/invite").await;
    assert_eq!(ann.copied().await, server.url(), "the lobby's own address");
    ann.until("document.querySelector('#composer-input').value === ''", "the command to be done").await;
    ann.follows("/r/dev").await;
    ann.says("/invite").await;
    assert_eq!(ann.copied().await, format!("{}r/dev", server.url()));
    ann.until("document.querySelector('#composer-input').value === ''", "the command to be done").await;
    assert_eq!(ann.lines().await, [], "it is not a message");
    let private = json!({ "title": "花园", "private": true });
    let private = ann.asks("POST", "/api/rooms", private).await["room"].as_str().unwrap_or_default().to_owned();
    ann.follows(&format!("/r/{private}")).await;
    ann.says("/invite").await;
    ann.has_copied(&format!("{}i/", server.url())).await;
    says_that_it_is_copied(&ann, "邀请链接已复制").await;
    ann.until("document.querySelector('#composer-input').value === ''", "the command to be done").await;
    let me = ann.executes_async("fetch('/api/session').then(it => it.json()).then(arguments[0])", vec![]).await;
    let direct = zoe.asks(&server, "POST", "/api/direct", &json!({ "users": [me["user"]["id"]] }));
    let direct = direct.expect("two may talk");
    ann.follows(&format!("/r/{}", direct["room"].as_str().unwrap_or_default())).await;
    ann.says("/invite").await;
    is_refused(&ann, "私信仅限其中的成员。要邀请他人，请新建私密房间。").await;
    ann.clicks("button", "设置").await;
    ann.clicks("radio", "English").await;
    ann.clicks("button", "Close").await;
    ann.executes("document.querySelector('#composer-input').focus()", vec![]).await;
    ann.presses(Key::Enter).await;
    is_refused(&ann, "A direct message stays between those who are in it. Make a private room to invite others.").await;
    assert_eq!(ann.evaluate("document.body.dataset.copied ?? null").await, json!(null), "nothing was copied for that");
    ann.follows("/").await;
    ann.takes_up("hello").await;
    ann.clicks("button", "Copy link").await;
    says_that_it_is_copied(&ann, "Copied").await;
}

async fn what_could_not_be_copied_is_never_said_to_be(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("hello");
    zoe.says(&format!("look:\n```rust\n{CODE}\n```"));
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.may_not_copy().await;
    // Whatever is said in this room from now on.
    ann.executes(
        "window.said = [];
         new MutationObserver(() => {
           const notice = document.querySelector('.notice')?.textContent;
           if (notice && said.at(-1) !== notice) said.push(notice);
         }).observe(document.body, { subtree: true, childList: true, characterData: true })",
        vec![],
    )
    .await;
    // It can still be copied by hand.
    let shows = |text: &str| format!("document.querySelector('.notice')?.textContent.includes({})", json!(text));
    ann.takes_up("hello").await;
    ann.clicks("button", "Copy link").await;
    ann.until(&shows(&format!("{}r/lobby#1", server.url())), "the link").await;
    ann.clicks("button", "Copy the code").await;
    ann.until(&shows("let bird"), "the code").await;
    ann.misses_the_clipboard().await;
    ann.says("/invite").await;
    ann.until(&shows(&server.url()), "the address").await;
    let said = ann.evaluate("said.filter(it => it.startsWith('Copied'))").await;
    assert_eq!(said, json!([]), "nothing was copied");
}

async fn a_page_without_tls_copies_the_old_way(browser: Browser) {
    let server = Server::start();
    Writer::comes_in(&server, "Zoë").says("hello");
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.misses_the_clipboard().await;
    ann.takes_up("hello").await;
    ann.types("c").await;
    says_that_it_is_copied(&ann, "Copied").await;
    ann.until("document.activeElement.dataset.seq === '1'", "the focus where it was").await;
    ann.executes("document.querySelector('#composer-input').focus()", vec![]).await;
    ann.strikes("Control v").await;
    let link = format!("{}r/lobby#1", server.url());
    ann.until(&format!("document.querySelector('#composer-input').value === {}", json!(link)), "what was copied").await;
}
