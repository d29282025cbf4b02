//! Rooms and people without a pointer: what a room is, who is in it, the ways in and out, on a desk and on a phone.

use serde_json::json;
use stonechat_e2e::keyboard::{closes, comes_in, is_on_a_message, is_open, is_sure, takes_up_the_last, writes};
use stonechat_e2e::{Browser, Look, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_private_room_is_made_changed_entered_and_left_without_a_pointer,
    several_people_are_written_to_without_a_pointer,
    a_phone_with_a_keyboard_needs_no_touch,
}

async fn opens(ann: &Page, name: &str, id: &str) {
    ann.tabs_back_to(name).await;
    ann.strikes("Enter").await;
    is_open(ann, id).await;
}

async fn is_in(ann: &Page, title: &str) {
    let is =
        format!("document.querySelector('h1')?.textContent === {} && !document.querySelector('dialog')", json!(title));
    ann.until(&is, title).await;
    ann.has_the_focus_in("#composer-input").await;
}

async fn a_private_room_is_made_changed_entered_and_left_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    ann.keeps_what_is_copied().await;
    opens(&ann, "New room", "new-room").await;
    ann.tabs_back_to("Everybody").await;
    ann.strikes("Right").await;
    ann.until("document.activeElement.matches('[value=private]:checked')", "by invitation").await;
    ann.tabs_to("Title").await;
    ann.keys_in("Plans").await;
    ann.strikes("Enter").await;
    is_in(&ann, "Plans").await;
    let room = ann.evaluate("location.href").await;
    is_named_anew(&ann).await;
    is_wished_for(&ann).await;
    invites(&ann).await;
    let link = ann.evaluate("document.querySelector('.invites code').textContent").await;
    closes(&ann, "about").await;
    ann.has_the_focus_on("Secret plans").await;

    // Somebody else comes by the link.
    ann.loses_their_session().await;
    ann.goes_to(link.as_str().unwrap_or_default()).await;
    ann.has_the_focus_in("#invited-name").await;
    ann.tabs_to("Not now").await;
    ann.strikes("Enter").await;
    ann.until("location.pathname === '/' && !document.querySelector('#invitation')", "the lobby").await;
    ann.sees_the_focus().await;
    ann.goes_to(link.as_str().unwrap_or_default()).await;
    ann.has_the_focus_in("#invited-name").await;
    ann.keys_in("Ben").await;
    ann.tabs_to("Join").await;
    ann.strikes("Enter").await;
    is_in(&ann, "Secret plans").await;
    ann.keys_in("to be removed").await;
    ann.strikes("Enter").await;
    ann.sees("Ben", "to be removed").await;
    opens(&ann, "Secret plans", "about").await;
    ann.tabs_to("Remove all I wrote here").await;
    ann.strikes("Enter").await;
    is_sure(&ann, "Remove it all for good?").await;
    ann.until("document.querySelector('.removed') && !document.querySelector('#about')", "it to be removed").await;
    ann.has_the_focus_on("Secret plans").await;
    ann.strikes("Enter").await;
    is_open(&ann, "about").await;
    ann.tabs_to("Leave this room").await;
    ann.strikes("Enter").await;
    is_sure(&ann, "Leave for good?").await;
    ann.until(
        "location.pathname === '/' && !document.querySelector('.sidebar').textContent.includes('plans')",
        "to be out",
    )
    .await;
    ann.sees_the_focus().await;
    ann.goes_to(room.as_str().unwrap_or_default()).await;
    ann.until("document.querySelector('[data-kind=missing]')", "that it is not there any more").await;
    ann.has_the_focus_on("Go to the lobby").await;
    ann.strikes("Enter").await;
    is_in(&ann, "Lobby").await;
}

/// The title, the topic.
async fn is_named_anew(ann: &Page) {
    opens(ann, "Plans", "about").await;
    ann.tabs_to("Title").await;
    ann.keys_in("Secret plans").await;
    ann.tabs_to("Topic").await;
    ann.keys_in("Hush").await;
    ann.tabs_to("Save").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('h1').textContent === 'Secret plans'", "the title").await;
    ann.until("document.querySelector('.topic').textContent === 'Hush'", "the topic").await;
    ann.has_the_focus_on("Secret plans").await;
}

/// What to be told of, and whether it is quiet.
async fn is_wished_for(ann: &Page) {
    ann.strikes("Enter").await;
    is_open(ann, "about").await;
    ann.tabs_to("As usual").await;
    ann.strikes("Right").await;
    ann.until("document.activeElement.matches('[value=all]:checked')", "everything").await;
    ann.tabs_to("Mute").await;
    ann.strikes("Space").await;
    ann.until("document.activeElement.checked && document.querySelector('.room-link[data-muted]')", "the quiet").await;
    ann.sees_the_focus().await;
    closes(ann, "about").await;
    ann.strikes("Enter").await;
    is_open(ann, "about").await;
    ann.tabs_to("Everything").await;
}

/// One that is taken back, and one that stays.
async fn invites(ann: &Page) {
    let hints = "[...document.querySelectorAll('.invites .field-hint')].map(it => it.textContent).join()";
    ann.tabs_to("Good for how long").await;
    ann.strikes("Down").await;
    ann.tabs_to("Good for how many people").await;
    ann.strikes("Down").await;
    ann.tabs_to("New invitation").await;
    ann.strikes("Enter").await;
    ann.until(&format!("{hints} === 'Ann · 7 days left · 25 people'"), "the invitation").await;
    ann.has_copied("/i/").await;
    ann.has_the_focus_on("New invitation").await;
    ann.tabs_to("Copy link").await;
    ann.strikes("Enter").await;
    ann.has_copied("/i/").await;
    ann.tabs_to("Take back").await;
    ann.strikes("Enter").await;
    ann.until(&format!("{hints} === ''"), "it to be taken back").await;
    ann.sees_the_focus().await;
    ann.has_the_focus_on("New invitation").await;
    ann.strikes("Enter").await;
    ann.until(&format!("{hints} !== ''"), "another").await;
}

async fn several_people_are_written_to_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let _others = ["Ben", "Carl"].map(|name| {
        let mut writer = Writer::comes_in(&server, name);
        writer.says("hello");
        writer
    });
    let ann = comes_in(browser, &server).await;
    opens(&ann, "New direct message", "new-direct").await;
    ann.until("document.querySelectorAll('#new-direct .person').length === 2", "whom one can write to").await;
    for name in ["Ben", "Carl"] {
        ann.tabs_to(name).await;
        ann.strikes("Space").await;
        ann.until("document.activeElement.checked", name).await;
        ann.sees_the_focus().await;
    }
    ann.tabs_to("Start").await;
    ann.strikes("Enter").await;
    // Who of them is named first is for chance.
    ann.until("/Ben, Carl|Carl, Ben/.test(document.querySelector('h1').textContent)", "the room of three").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.goes_into("Shift Tab", ".head-name").await;
    ann.strikes("Enter").await;
    is_open(&ann, "about").await;
    ann.tabs_to("Carl").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('#person .card-name')?.textContent === 'Carl'", "who that is").await;
    ann.has_the_focus_on("Message").await;
    ann.strikes("Enter").await;
    is_in(&ann, "Carl").await;
}

async fn pane(ann: &Page, name: &str) {
    ann.until(&format!("document.querySelector('.app').dataset.pane === '{name}'"), name).await;
    ann.sees_the_focus().await;
}

/// More buttons stand over a message than beside each other on a phone.
const ALL_IN_VIEW: &str =
    "(all => all.length > 6 && all.every(it => (place => place.left >= 0 && place.right <= innerWidth)
  (it.getBoundingClientRect())))([...document.querySelectorAll('.actions button')])";

async fn a_phone_with_a_keyboard_needs_no_touch(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    zoe.says("a needle");
    let look = Look { width: 390, height: 844, language: "zh-CN", ..Look::default() };
    let ann = browser.open_with(look, &server.url(), "Ann").await;
    ann.goes_into("Tab", "#name").await;
    ann.keys_in("Ann").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#composer-input").await;
    writes(&ann, "hay").await;

    among_the_panes(&ann).await;
    takes_up_the_last(&ann).await;
    ann.strikes("r").await;
    writes(&ann, "more hay").await;
    takes_up_the_last(&ann).await;
    ann.until(ALL_IN_VIEW, "all that can be done, on the screen").await;
    ann.strikes("t").await;
    pane(&ann, "thread").await;
    ann.strikes("Escape").await;
    pane(&ann, "room").await;
    ann.tabs_back_to("置顶消息").await;
    ann.strikes("Enter").await;
    pane(&ann, "pinned").await;
    ann.tabs_back_to("关闭").await;
    ann.strikes("Enter").await;
    pane(&ann, "room").await;
    ann.tabs_back_to("搜索消息").await;
    ann.strikes("Enter").await;
    pane(&ann, "search").await;
    ann.keys_in("needle").await;
    ann.until("document.querySelector('#search .hit')", "what is found").await;
    ann.strikes("Down").await;
    ann.strikes("Enter").await;
    pane(&ann, "room").await;
    ann.has_the_focus_in(".message[data-seq='1']").await;
    is_on_a_message(&ann).await;
}

/// To the rooms, to another of them and back, to the people.
async fn among_the_panes(ann: &Page) {
    // The last time to where one is already.
    for (path, key) in [("/r/dev", "Tab"), ("/", "Shift Tab"), ("/", "")] {
        ann.tabs_back_to("所有房间").await;
        ann.strikes("Enter").await;
        pane(ann, "rooms").await;
        if !key.is_empty() {
            ann.goes_into(key, &format!(".room-link[href='{path}']")).await;
        }
        ann.strikes("Enter").await;
        ann.until(&format!("location.pathname === '{path}'"), path).await;
        pane(ann, "room").await;
    }
    ann.tabs_back_to("1 人在线").await;
    ann.strikes("Enter").await;
    pane(ann, "people").await;
    ann.until("document.querySelector('#members .person')", "who they are").await;
    ann.tabs_to("Zoë").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_on("发私信").await;
    closes(ann, "person").await;
    ann.has_the_focus_on("Zoë").await;
    ann.tabs_back_to("关闭").await;
    ann.strikes("Enter").await;
    pane(ann, "room").await;
    ann.tabs_back_to("1 人在线").await;
    ann.strikes("Enter").await;
    pane(ann, "people").await;
    ann.strikes("Escape").await;
    pane(ann, "room").await;
    ann.has_the_focus_in("#composer-input").await;
}
