//! Rooms by invitation, talks of a few, and what a room is called.

use fantoccini::key::Key;
use stonechat_e2e::{Browser, Look, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_private_room_is_seen_by_who_is_in_it_and_entered_by_invitation,
    a_title_and_a_topic_are_written_anew,
    two_people_talk_alone,
    several_people_talk_in_chinese,
}

async fn a_private_room_is_seen_by_who_is_in_it_and_entered_by_invitation(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    ann.clicks("button", "New room").await;
    ann.clicks("radio", "By invitation").await;
    ann.executes("document.querySelector('#room-title').focus()", vec![]).await;
    ann.types("Plans").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('h1')?.textContent === 'Plans'", "the private room").await;
    let private = "[...document.querySelectorAll('.section')].find(it => it.textContent === 'Private rooms')";
    ann.until(&format!("{private}?.nextElementSibling.textContent.includes('Plans')"), "it in its list").await;
    ann.clicks("button", "Plans").await;
    ann.clicks("button", "New invitation").await;
    ann.until("document.querySelector('.invites code')", "the invitation").await;
    let link = ann.evaluate("document.querySelector('.invites code').textContent").await;
    let room = ann.evaluate("location.pathname").await;
    ann.clicks("button", "Close").await;
    ann.says("who comes?").await;

    let carl = browser.open_named(&server, "Carl").await;
    assert_eq!(carl.evaluate("document.body.textContent.includes('Plans')").await, false);
    let ben = browser.open_at(link.as_str().unwrap_or_default(), "Ben").await;
    ben.until("document.querySelector('#invitation .card-name')?.textContent === 'Plans'", "where it leads").await;
    ben.executes("document.querySelector('#invited-name').focus()", vec![]).await;
    ben.types("Ben").await;
    ben.presses(Key::Enter).await;
    ben.sees("Ann", "who comes?").await;
    assert_eq!(ben.evaluate("location.pathname").await, room);
    ben.says("me").await;
    ann.sees("Ben", "me").await;

    ben.clicks("button", "Plans").await;
    ben.clicks("button", "Leave this room").await;
    ben.clicks("button", "Leave for good?").await;
    ben.until(
        "location.pathname === '/' && !document.querySelector('.sidebar').textContent.includes('Plans')",
        "to be out of it",
    )
    .await;

    ann.clicks("button", "Plans").await;
    ann.clicks("button", "Take back").await;
    ann.until("!document.querySelector('.invites li')", "no invitation").await;
    ben.goes_to(link.as_str().unwrap_or_default()).await;
    ben.until("document.querySelector('#invitation [role=alert]')?.textContent", "why not").await;

    // Another one is made where one writes.
    ann.clicks("button", "Close").await;
    ann.says("/invite").await;
    ann.until("document.querySelector('.notice')?.textContent.includes('link is copied')", "the invitation").await;
    assert_eq!(ann.draft().await, "");
    ann.clicks("button", "Plans").await;
    ann.until("document.querySelectorAll('.invites li').length === 1", "it in the list").await;
}

async fn a_title_and_a_topic_are_written_anew(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    let ben = browser.open_named(&server, "Ben").await;
    ann.clicks("button", "Lobby").await;
    ann.until("document.querySelector('#about-topic')", "what the room is").await;
    ann.executes("document.querySelector('#about-topic').focus()", vec![]).await;
    ann.types("Anything at all").await;
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('.topic')?.textContent === 'Anything at all'", "the topic").await;
}

async fn two_people_talk_alone(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    let ben = browser.open_named(&server, "Ben").await;
    ann.clicks("button", "BBen").await;
    ann.until("document.querySelector('#person').textContent.includes('Here now')", "whether he is here").await;
    ann.clicks("button", "Message").await;
    ann.until("document.querySelector('h1').textContent === 'Ben'", "the room of two").await;
    ann.says("just us").await;
    let direct = "document.querySelector('.room-link[href^=\"/r/x-\"]')";
    ben.until(&format!("{direct}?.querySelector('.count').textContent === '1'"), "what was written to him").await;
    ben.until("document.title.startsWith('(1) ')", "the number in the title").await;
    assert_eq!(ben.evaluate(&format!("{direct}.querySelector('.room-name').textContent")).await, "Ann");
    ben.executes(&format!("{direct}.click()"), vec![]).await;
    ben.sees("Ann", "just us").await;
    ben.says("good").await;
    ann.sees("Ben", "good").await;
    ann.until(&format!("{direct}.querySelector('.avatar').dataset.online === ''"), "that he is here").await;
}

async fn several_people_talk_in_chinese(browser: Browser) {
    let server = Server::start();
    let mut li = Writer::comes_in(&server, "李雷");
    let mut han = Writer::comes_in(&server, "韩梅梅");
    li.says("早");
    han.says("早上好");
    let page = browser.open_named_with(Look::chinese(), &server, "小明").await;
    page.clicks("button", "新私信").await;
    let pick = "[...document.querySelectorAll('#new-direct .person')]";
    page.until(&format!("{pick}.length === 2"), "both of them").await;
    page.executes(&format!("{pick}.forEach(it => it.click())"), vec![]).await;
    page.until("document.querySelector('#new-direct').textContent.includes('已选 2 人')", "both to be chosen").await;
    page.clicks("button", "开始").await;
    page.until("document.querySelector('h1').textContent.includes('、')", "the room of three").await;
    let headings = "[...document.querySelectorAll('.section h2')].map(it => it.textContent).join()";
    assert_eq!(page.evaluate(headings).await, "房间,私信");
}
