//! Rooms by invitation, talks of a few, and what a room is called.

use fantoccini::key::Key;
use serde_json::{Value, json};
use stonechat_e2e::{Browser, Look, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_private_room_is_seen_by_who_is_in_it_and_entered_by_invitation,
    an_invitation_ends_with_its_time_or_its_people,
    a_title_and_a_topic_are_written_anew,
    all_that_one_wrote_in_a_room_goes_at_once,
    two_people_talk_alone,
    several_people_talk_in_chinese,
    eight_people_talk_and_nobody_else_sees_it,
}

/// What is said of a private room, in one language.
struct Words {
    new_room: &'static str,
    by_invitation: &'static str,
    only_those_in_it: &'static str,
    create: &'static str,
    private_rooms: &'static str,
    new_invitation: &'static str,
    copied: &'static str,
    one_person: &'static str,
    join: &'static str,
    leave: &'static str,
    leave_sure: &'static str,
    take_back: &'static str,
    leads_nowhere: &'static str,
    close: &'static str,
}

const ENGLISH: Words = Words {
    new_room: "New room",
    by_invitation: "By invitation",
    only_those_in_it: "Only the people in it see that it is there. Others come by an invitation.",
    create: "Create",
    private_rooms: "Private rooms",
    new_invitation: "New invitation",
    copied: "The invitation’s link is copied",
    one_person: "A private room with 1 person",
    join: "Join",
    leave: "Leave this room",
    leave_sure: "Leave for good?",
    take_back: "Take back",
    leads_nowhere: "This invitation leads nowhere any more. Ask for a new one.",
    close: "Close",
};

const CHINESE: Words = Words {
    new_room: "新建房间",
    by_invitation: "仅限受邀者",
    only_those_in_it: "只有其中的人知道它的存在。其他人凭邀请加入。",
    create: "创建",
    private_rooms: "私密房间",
    new_invitation: "新建邀请",
    copied: "邀请链接已复制",
    one_person: "私密房间，1 人",
    join: "加入",
    leave: "退出此房间",
    leave_sure: "确定永久退出？",
    take_back: "撤回",
    leads_nowhere: "这个邀请已经失效，请索取新的邀请。",
    close: "关闭",
};

async fn a_private_room_is_seen_by_who_is_in_it_and_entered_by_invitation(browser: Browser) {
    let server = Server::start();
    let carl = Writer::comes_in(&server, "Carl");
    let ann = browser.open_named(&server, "Ann").await;
    let link = makes_a_private_room(&ann, &ENGLISH, "Plans").await;
    let listed = carl.asks(&server, "GET", "/api/rooms", &json!(null)).expect("he may ask");
    let listed: Vec<&Value> = listed["rooms"].as_array().into_iter().flatten().map(|room| &room["title"]).collect();
    assert_eq!(listed, ["Lobby"], "nobody else sees it");

    let ben = browser.open_at(&link, "Ben").await;
    is_invited(&ben, &ENGLISH, "Plans").await;
    ben.executes("document.querySelector('#invited-name').focus()", vec![]).await;
    ben.types("Ben").await;
    comes_and_leaves(&ann, &ben, &ENGLISH, "Plans").await;
    takes_back(&ann, &ENGLISH, "Plans").await;
    ben.goes_to(&link).await;
    ben.until(&leads_nowhere(ENGLISH.leads_nowhere), "that it was taken back").await;
    ben.clicks("button", ENGLISH.close).await;

    for page in [&ann, &ben] {
        page.turns_to_chinese().await;
    }
    let link = makes_a_private_room(&ann, &CHINESE, "计划").await;
    ben.goes_to(&link).await;
    is_invited(&ben, &CHINESE, "计划").await;
    comes_and_leaves(&ann, &ben, &CHINESE, "计划").await;
    takes_back(&ann, &CHINESE, "计划").await;
    ben.goes_to(&link).await;
    ben.until(&leads_nowhere(CHINESE.leads_nowhere), "that it was taken back").await;

    // Another one is made where one writes.
    ann.says("/invite").await;
    ann.until("document.querySelector('#composer-input').value === ''", "the command to be carried out").await;
    ann.clicks("button", "计划").await;
    ann.until("document.querySelectorAll('.invites li').length === 1", "it in the list").await;
}

/// Makes the room, and a way into it; answers that. There is a message then.
async fn makes_a_private_room(page: &Page, words: &Words, title: &str) -> String {
    page.clicks("button", words.new_room).await;
    page.clicks("radio", words.by_invitation).await;
    let says = format!(
        "document.querySelector('#new-room fieldset .field-hint').textContent === '{}'",
        words.only_those_in_it
    );
    page.until(&says, "what that means").await;
    page.executes("document.querySelector('#room-title').focus()", vec![]).await;
    page.types(title).await;
    page.clicks("button", words.create).await;
    page.until(&format!("document.querySelector('h1')?.textContent === '{title}'"), "the private room").await;
    let private =
        format!("[...document.querySelectorAll('.section')].find(it => it.textContent === '{}')", words.private_rooms);
    page.until(&format!("{private}?.nextElementSibling.textContent.includes('{title}')"), "it in its list").await;
    page.clicks("button", title).await;
    page.clicks("button", words.new_invitation).await;
    page.until("document.querySelector('.invites code')", "the invitation").await;
    page.until(
        &format!("document.querySelector('.notice')?.textContent === '{}'", words.copied),
        "its link to be copied",
    )
    .await;
    let link = page.evaluate("document.querySelector('.invites code').textContent").await;
    page.clicks("button", words.close).await;
    page.says("who comes?").await;
    link.as_str().expect("it is a text").to_owned()
}

async fn is_invited(page: &Page, words: &Words, title: &str) {
    let card = "[...document.querySelectorAll('#invitation .card p')].map(it => it.textContent).join('|')";
    page.until(&format!("{card} === '{title}|{}'", words.one_person), "where it leads").await;
}

/// By the invitation that he sees; and leaves for good.
async fn comes_and_leaves(ann: &Page, ben: &Page, words: &Words, title: &str) {
    let join = "document.querySelector('#invitation [type=submit]')";
    ben.until(&format!("{join}.textContent === '{}'", words.join), "the way in").await;
    ben.executes(&format!("{join}.click()"), vec![]).await;
    ben.sees("Ann", "who comes?").await;
    assert_eq!(ben.evaluate("location.pathname").await, ann.evaluate("location.pathname").await);
    ben.says("me").await;
    ann.sees("Ben", "me").await;
    ben.clicks("button", title).await;
    ben.clicks("button", words.leave).await;
    // He has read the question.
    let later = "const now = window.Date.now.bind(window.Date); window.Date.now = () => now() + 1000";
    ben.executes(later, vec![]).await;
    is_sure(ben, words.leave_sure).await;
    let is_out = format!(
        "location.pathname === '/' && !document.querySelector('.sidebar').textContent.includes('{title}') \
         && !document.querySelector('#about')"
    );
    ben.until(&is_out, "to be out of it").await;
}

async fn takes_back(page: &Page, words: &Words, title: &str) {
    page.clicks("button", title).await;
    page.clicks("button", words.take_back).await;
    page.until("!document.querySelector('.invites li')", "no invitation").await;
    page.clicks("button", words.close).await;
}

/// Chooses what is good for so long, or for so many.
const CHOOSES: &str = "
const [name, text] = arguments;
const choice = document.querySelector(`#about select[aria-label=\"${name}\"]`);
choice.value = [...choice.options].find(option => option.textContent === text).value;
choice.dispatchEvent(new Event('change', { bubbles: true }));";

async fn an_invitation_ends_with_its_time_or_its_people(browser: Browser) {
    let server = Server::start();
    let ben = Writer::comes_in(&server, "Ben");
    let ann = browser.open_named(&server, "Ann").await;
    let room = ann.asks("POST", "/api/rooms", json!({ "title": "Plans", "private": true })).await;
    let room = room["room"].as_str().expect("a room has a name");
    ann.goes_to(&format!("{}r/{room}", server.url())).await;
    ann.clicks("button", "Plans").await;
    ann.until("document.querySelector('#about .invite-new select')", "what an invitation is good for").await;
    for (name, text) in [("Good for how long", "1 hour"), ("Good for how many people", "1 person")] {
        ann.executes(CHOOSES, vec![json!(name), json!(text)]).await;
    }
    ann.clicks("button", "New invitation").await;
    ann.until(&only_invitation("Ann · 1 hour left · 1 person"), "the invitation").await;
    let link = ann.evaluate("document.querySelector('.invites code').textContent").await;
    let (_, invite) = link.as_str().and_then(|link| link.rsplit_once('/')).expect("it is a link");

    let over = ann.asks("POST", &format!("/api/rooms/{room}/invites"), json!({ "expires_ms": 1 })).await;
    ann.goes_to(&format!("{}i/{}", server.url(), over["invite"].as_str().expect("it is made"))).await;
    ann.until(&leads_nowhere(ENGLISH.leads_nowhere), "that its time is over").await;
    ann.clicks("button", "Close").await;

    ann.turns_to_chinese().await;
    ann.goes_to(&format!("{}r/{room}", server.url())).await;
    ann.clicks("button", "Plans").await;
    // The other one is not among them any more.
    ann.until(&only_invitation("Ann · 还剩 1 小时 · 1 人"), "the invitation in Chinese").await;
    let comes_in = format!("/api/invites/{invite}");
    assert!(ben.asks(&server, "POST", &comes_in, &json!({})).is_some(), "one person comes in");
    let carl = browser.open_with(Look::chinese(), &format!("{}i/{invite}", server.url()), "Carl").await;
    carl.until(&leads_nowhere(CHINESE.leads_nowhere), "that somebody else came in").await;
    let dora = Writer::comes_in(&server, "Dora");
    assert!(dora.asks(&server, "POST", &comes_in, &json!({})).is_none(), "a second one does not");
    assert!(ben.asks(&server, "POST", &comes_in, &json!({})).is_some(), "who is in is let in");
    ann.clicks("button", "新建邀请").await;
    ann.until(&only_invitation("Ann · 还剩 24 小时 · 5 人"), "another one in the place of that").await;
}

/// This and nothing else is said of the invitations to a room.
fn only_invitation(hint: &str) -> String {
    format!("[...document.querySelectorAll('.invites .field-hint')].map(it => it.textContent).join() === '{hint}'")
}

/// The page says why, and offers no way in.
fn leads_nowhere(sentence: &str) -> String {
    format!(
        "document.querySelector('#invitation [role=alert]')?.textContent === '{sentence}' \
         && !document.querySelector('#invitation form')"
    )
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

async fn all_that_one_wrote_in_a_room_goes_at_once(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    let ben = browser.open_named_with(Look::chinese(), &server, "Ben").await;
    for (page, name) in [(&ann, "Ann"), (&ben, "Ben")] {
        page.says(&format!("{name}'s first")).await;
        page.says(&format!("{name}'s second")).await;
        page.sees(name, &format!("{name}'s second")).await;
    }
    let removed = "[...document.querySelectorAll('.message')].map(it => it.hasAttribute('data-removed')).join()";
    removes_all(&ann, "Remove all I wrote here", "Remove it all for good?").await;
    for page in [&ann, &ben] {
        page.until(&format!("{removed} === 'true,true,false,false'"), "Ann's messages to be gone, and no others").await;
    }
    removes_all(&ben, "删除我在此写的全部消息", "确定全部永久删除？").await;
    for page in [&ann, &ben] {
        page.until(&format!("{removed} === 'true,true,true,true'"), "Ben's messages to be gone as well").await;
    }
    ann.says("Ann's third").await;
    ben.sees("Ann", "Ann's third").await;
}

/// The first click asks, and a second does it, once the question can have been read.
async fn removes_all(page: &Page, name: &str, question: &str) {
    page.executes("document.querySelector('.head-name').click()", vec![]).await;
    page.executes("window.clock = window.Date.now; const now = clock(); window.Date.now = () => now", vec![]).await;
    page.clicks("button", name).await;
    page.clicks("button", question).await;
    assert_eq!(page.evaluate("!document.querySelector('#about')").await, false, "half a double click is no answer");
    page.executes("window.Date.now = window.clock", vec![]).await;
    is_sure(page, question).await;
    page.until("!document.querySelector('#about')", "the dialog to close").await;
}

/// Clicks on what asks whether one is sure: a second after it asked, by the page's clock.
async fn is_sure(page: &Page, question: &str) {
    page.executes("window.clock = window.Date.now; window.Date.now = () => window.clock() + 1000", vec![]).await;
    page.clicks("button", question).await;
    page.executes("window.Date.now = window.clock", vec![]).await;
}

async fn two_people_talk_alone(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named_with(Look::chinese(), &server, "Ann").await;
    let ben = browser.open_named(&server, "Ben").await;
    ann.clicks("button", "BBen").await;
    let card = "[...document.querySelectorAll('#person .field-hint')].map(it => it.textContent).join('|')";
    ann.until(&format!("{card} === '成员|在线'"), "what he is, and whether he is here").await;
    ann.clicks("button", "发私信").await;
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
    page.until(
        "document.querySelector('#new-direct').textContent.includes('已选 2 人，最多 7 人')",
        "both to be chosen",
    )
    .await;
    page.clicks("button", "开始").await;
    page.until("document.querySelector('h1').textContent.includes('、')", "the room of three").await;
    let headings = "[...document.querySelectorAll('.section h2')].map(it => it.textContent).join()";
    assert_eq!(page.evaluate(headings).await, "房间,私信");
}

async fn eight_people_talk_and_nobody_else_sees_it(browser: Browser) {
    let server = Server::start();
    let mut others: Vec<Writer> = (1..=7).map(|n| Writer::comes_in(&server, &format!("Person {n}"))).collect();
    for other in &mut others {
        other.sends(&json!({ "type": "join", "room": "lobby" }));
    }
    let zed = browser.open_named(&server, "Zed").await;
    let ann = browser.open_named(&server, "Ann").await;
    ann.until("document.querySelector('.here').textContent.trim() === '9'", "all of them").await;
    ann.clicks("button", "New direct message").await;
    let picks = "[...document.querySelectorAll('#new-direct .person')]";
    ann.until(&format!("{picks}.length === 8"), "all but oneself").await;
    ann.executes(&format!("{picks}.forEach(it => it.click())"), vec![]).await;
    ann.until("document.querySelector('#new-direct').textContent.includes('7 of 7 chosen')", "seven of them").await;
    let left = format!("{picks}.filter(it => !it.querySelector(':checked')).map(it => it.textContent).join()");
    assert_eq!(ann.evaluate(&left).await, "ZZed", "who came too late");
    ann.clicks("button", "Start").await;
    ann.until("document.querySelector('h1').textContent.split(', ').length === 7", "the room of eight").await;
    ann.says("only us").await;
    ann.sees("Ann", "only us").await;
    let room = ann.evaluate("location.pathname").await;
    let room = room.as_str().expect("it is a path");
    let messages = format!("/api/rooms/{}/messages", room.trim_start_matches("/r/"));
    for other in &others {
        let read = other.asks(&server, "GET", &messages, &json!(null));
        assert_eq!(read.map(|page| page["messages"][0]["text"].clone()), Some(json!("only us")));
    }
    let direct = "document.querySelectorAll('.room-link[href^=\"/r/x-\"]').length";
    assert_eq!(ann.evaluate(direct).await, 1);

    others[0].says("@Zed, are you there?");
    zed.sees("Person 1", "@Zed, are you there?").await;
    assert_eq!(zed.evaluate(direct).await, 0, "what came later is here");
    zed.leaves_by_a_link_to(&format!("{}{}", server.url().trim_end_matches('/'), room)).await;
    let name = room.trim_start_matches("/r/");
    let missing = "document.querySelector('[data-kind=missing] h2')?.textContent";
    zed.until(&format!("{missing} === 'There is no room “{name}”'"), "no room").await;
    zed.until("document.querySelector('.room-link')", "the list").await;
    zed.turns_to_chinese().await;
    zed.until(&format!("{missing} === '没有名为“{name}”的房间'"), "no room in Chinese either").await;
    assert_eq!(zed.evaluate(direct).await, 0);
    assert_eq!(zed.asks("GET", &messages, json!(null)).await["messages"], json!(null));
}
