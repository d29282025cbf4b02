//! Rooms for some, people, what is new to each, and what each likes.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    the_list_counts_what_is_new_and_marks_what_names_one,
    a_room_opens_at_what_is_new,
    what_is_far_above_is_found_by_the_button,
    what_is_marked_as_unread_stays_new,
    a_muted_room_is_calm,
    a_private_room_is_seen_by_who_is_in_it_and_entered_by_invitation,
    a_title_and_a_topic_are_written_anew,
    two_people_talk_alone,
    several_people_talk_in_chinese,
    a_mention_leads_to_who_is_named,
    what_one_likes_holds_in_every_tab,
    a_guests_choice_becomes_theirs_with_their_name,
    who_looks_elsewhere_is_told,
    who_is_away_or_was_here_is_seen,
    of_very_many_people_the_list_comes_in_pages,
}

/// What the list says of a room: the number behind it, and whether it is for oneself.
fn count_of(href: &str) -> String {
    format!(
        "(link => link && (count => count.hidden ? '' : count.textContent + ('mentions' in count.dataset ? '!' : ''))\
         (link.querySelector('.count')))(document.querySelector('.room-link[href=\"{href}\"]'))"
    )
}

async fn follows(page: &Page, href: &str) {
    page.until(&format!("document.querySelector('.room-link[href=\"{href}\"]')"), "the room in the list").await;
    page.executes("document.querySelector(`.room-link[href=\"${arguments[0]}\"]`).click()", vec![json!(href)]).await;
    page.until(
        &format!("document.querySelector('.room-link[href=\"{href}\"]').ariaCurrent === 'page' && !document.querySelector('[role=log][aria-busy]')"),
        "the room",
    )
    .await;
}

/// Puts the focus on the message with this text, and waits for what can be done to it.
async fn takes_up(page: &Page, text: &str) {
    let found = format!(
        "[...document.querySelectorAll('.message[data-seq]')].find(it => it.querySelector('.text')?.textContent === '{text}')"
    );
    page.until(&found, text).await;
    page.executes(&format!("{found}.focus()"), vec![]).await;
    page.until("document.activeElement.querySelector(':scope > .actions')", "what can be done").await;
}

async fn named(browser: Browser, server: &Server, name: &str) -> Page {
    let page = browser.open(server, name).await;
    page.takes_their_name().await;
    page
}

async fn the_list_counts_what_is_new_and_marks_what_names_one(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben");
    ben.makes_room(&server, "dev", "Development");
    let ann = named(browser, &server, "Ann").await;
    ben.says_in("dev", "one");
    ben.says_in("dev", "two, @ann");
    let dev = count_of("/r/dev");
    ann.until(&format!("{dev} === '1!'"), "the number of mentions").await;
    ann.until("document.title.startsWith('(1) ')", "the number in the title").await;
    ann.until("document.querySelector('link[rel=icon]').href.startsWith('data:')", "the mark on the icon").await;
    follows(&ann, "/r/dev").await;
    ann.until(&format!("{dev} === ''"), "no number").await;
    ann.until("!document.title.startsWith('(')", "no number in the title").await;
    // This one is looked at no more, but still heard: nobody has to ask.
    follows(&ann, "/").await;
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
    let ann = named(browser, &server, "Ann").await;
    follows(&ann, "/r/dev").await;
    ann.goes_to(&format!("{}r/dev", server.url())).await;
    let new: Vec<String> = (1..=60).map(|n| format!("new {n}")).collect();
    zoe.says_all(&new.iter().map(String::as_str).collect::<Vec<_>>());
    follows(&ann, "/").await;
    let first = "[...document.querySelectorAll('.message .text')].find(it => it.textContent === 'new 1')";
    let seen = format!("(place => place.top > 0 && place.bottom < innerHeight)({first}.getBoundingClientRect())");
    ann.until(&seen, "the first new message in view").await;
    assert_eq!(ann.evaluate("document.querySelector('.divider.new') !== null").await, true);
    assert_eq!(ann.evaluate("document.querySelector('.jump').hidden").await, false);
    ann.executes("document.querySelector('[role=log]').focus()", vec![]).await;
    ann.presses(Key::Escape).await;
    ann.until("!document.querySelector('.divider.new') && document.querySelector('.jump').hidden", "all to be read")
        .await;
    follows(&ann, "/r/dev").await;
    ann.until(&format!("{} === ''", count_of("/")), "nothing new").await;
}

async fn what_is_far_above_is_found_by_the_button(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = named(browser, &server, "Ann").await;
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
    let ann = named(browser, &server, "Ann").await;
    zoe.says_all(&["one", "two", "three"]);
    ann.sees("Zoë", "three").await;
    takes_up(&ann, "two").await;
    ann.clicks("button", "Mark as unread from here").await;
    ann.until("document.querySelector('.divider.new + .message .text')?.textContent === 'two'", "the line above it")
        .await;
    follows(&ann, "/r/dev").await;
    ann.until(&format!("{} === '2'", count_of("/")), "what is new again").await;
}

async fn a_muted_room_is_calm(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = named(browser, &server, "Ann").await;
    ann.goes_to(&format!("{}r/dev", server.url())).await;
    ann.clicks("button", "Development").await;
    ann.clicks("switch", "Mute").await;
    ann.until("document.querySelector('.room-link[href=\"/r/dev\"]').dataset.muted === ''", "the room to be muted")
        .await;
    ann.clicks("button", "Close").await;
    follows(&ann, "/").await;
    zoe.says_in("dev", "@Ann!");
    zoe.says("done");
    ann.sees("Zoë", "done").await;
    assert_eq!(ann.evaluate(&count_of("/r/dev")).await, "");
    assert_eq!(ann.evaluate("document.title.startsWith('(')").await, false);
    ann.reloads().await;
    ann.until("document.querySelector('.room-link[href=\"/r/dev\"]')?.dataset.muted === ''", "it to stay muted").await;
}

async fn a_private_room_is_seen_by_who_is_in_it_and_entered_by_invitation(browser: Browser) {
    let server = Server::start();
    let ann = named(browser, &server, "Ann").await;
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

    let carl = named(browser, &server, "Carl").await;
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
    let ann = named(browser, &server, "Ann").await;
    let ben = named(browser, &server, "Ben").await;
    ann.clicks("button", "Lobby").await;
    ann.until("document.querySelector('#about-topic')", "what the room is").await;
    ann.executes("document.querySelector('#about-topic').focus()", vec![]).await;
    ann.types("Anything at all").await;
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('.topic')?.textContent === 'Anything at all'", "the topic").await;
}

async fn two_people_talk_alone(browser: Browser) {
    let server = Server::start();
    let ann = named(browser, &server, "Ann").await;
    let ben = named(browser, &server, "Ben").await;
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
    let look = Look { language: "zh-CN", ..Look::default() };
    let page = browser.open_with(look, &server.url(), "小明").await;
    page.takes_their_name().await;
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

async fn a_mention_leads_to_who_is_named(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben Smith");
    let ann = named(browser, &server, "Ann").await;
    ben.says("I am @Ben_Smith");
    ann.sees("Ben Smith", "I am @Ben_Smith").await;
    ann.clicks("link", "@Ben_Smith").await;
    ann.until("document.querySelector('#person .card-name')?.textContent === 'Ben Smith'", "who that is").await;
    ann.until("document.querySelector('#person').textContent.includes('Member')", "what he is").await;
}

async fn what_one_likes_holds_in_every_tab(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("hello");
    let ann = named(browser, &server, "Ann").await;
    ann.sees("Zoë", "hello").await;
    let first = ann.opens_in_another_tab(&server.url()).await;
    ann.sees("Zoë", "hello").await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "Dark").await;
    ann.clicks("radio", "12 hours").await;
    ann.until("document.documentElement.dataset.theme === 'dark'", "the dark").await;
    ann.until("/[AP]M/.test(document.querySelector('.message .time').textContent)", "half a day's hours").await;
    ann.looks_at(first).await;
    ann.until("document.documentElement.dataset.theme === 'dark'", "the dark here, too").await;
    ann.until("/[AP]M/.test(document.querySelector('.message .time').textContent)", "half a day's hours here, too")
        .await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "24 hours").await;
    ann.until("!/[AP]M/.test(document.querySelector('.message .time').textContent)", "all hours of the day").await;
}

async fn a_guests_choice_becomes_theirs_with_their_name(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "中文").await;
    ann.until("document.documentElement.lang === 'zh-CN'", "the language").await;
    ann.clicks("button", "关闭").await;
    ann.takes_their_name().await;
    let kept = "const done = arguments[0]; const ask = () => fetch('/api/settings').then(answer => answer.json())
        .then(settings => settings.language ? done(settings.language) : ask()); ask();";
    assert_eq!(ann.executes_async(kept, vec![]).await, "zh-CN");
}

async fn who_looks_elsewhere_is_told(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = named(browser, &server, "Ann").await;
    let stub = "window.notes = [];
        window.Notification = class {
          static permission = 'default';
          static async requestPermission() { return Notification.permission = 'granted'; }
          constructor(title, options) { notes.push(this); this.said = `${title}: ${options.body}`; document.body.dataset.notes = notes.map(note => note.said).join(); }
          close() {}
        };";
    ann.executes(stub, vec![]).await;
    ann.clicks("button", "Settings").await;
    ann.clicks("switch", "Notifications in this browser").await;
    ann.until("document.querySelector('#settings [role=switch]').checked", "the leave to be given").await;
    ann.clicks("button", "Close").await;
    zoe.says_in("dev", "nobody in particular");
    zoe.says("@Ann, here");
    let seq = zoe.says_in("dev", "**and** there, @Ann");
    ann.until("document.body.dataset.notes?.includes('there')", "a note").await;
    // Not of what she looks at, nor of what does not name her.
    assert_eq!(ann.evaluate("document.body.dataset.notes").await, "Zoë · Development: and there, @Ann");
    ann.executes("notes[0].onclick()", vec![]).await;
    ann.until(
        &format!(
            "location.pathname === '/r/dev' && document.querySelector('.message[data-seq=\"{seq}\"][data-flash]')"
        ),
        "the message",
    )
    .await;
}

async fn who_is_away_or_was_here_is_seen(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben");
    ben.says("hello");
    ben.sends(&json!({ "type": "join", "room": "lobby" }));
    let ann = named(browser, &server, "Ann").await;
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
    let ann = named(browser, &server, "Ann").await;
    ann.until_patiently("document.querySelector('.here')?.textContent.trim() === '231'", "how many are here").await;
    ann.until("document.querySelectorAll('.members .person').length === 200", "one page of them").await;
    ann.clicks("button", "More people").await;
    ann.until("document.querySelectorAll('.members .person').length === 231", "all of them").await;
    assert_eq!(ann.evaluate("document.querySelector('.members .text-button')").await, json!(null), "and no more");
}
