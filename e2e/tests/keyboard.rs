//! Everything without a pointer: only keys are pressed here, and the focus is always seen and never lost.

use serde_json::json;
use stonechat_e2e::keyboard::{closes, comes_in, is_on_a_message, is_open, takes_up_the_last, writes};
use stonechat_e2e::{Browser, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_name_a_message_and_its_correction_need_no_pointer,
    what_can_be_done_to_a_message_needs_no_pointer,
    the_list_of_keys_and_a_removal_with_its_way_back_need_no_pointer,
    a_search_and_its_results_need_no_pointer,
    going_to_a_room_and_making_one_need_no_pointer,
    settings_need_no_pointer,
    people_and_talking_to_one_of_them_need_no_pointer,
    what_was_refused_is_retried_or_dropped_without_a_pointer,
}

const TEXTS: &str = "[...document.querySelectorAll('.message > .text')].map(it => it.textContent).join('|')";

async fn reads(ann: &Page, texts: &str) {
    ann.until(&format!("{TEXTS} === {}", json!(texts)), texts).await;
}

async fn a_name_a_message_and_its_correction_need_no_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    ann.keys_in("one").await;
    ann.strikes("Shift Enter").await;
    ann.keys_in("two").await;
    ann.strikes("Enter").await;
    ann.sees("Ann", "one\ntwo").await;
    ann.has_the_focus_in("#composer-input").await;
    writes(&ann, "teh").await;
    ann.strikes("Up").await;
    ann.until("document.querySelector('#composer-input').value === 'teh'", "the text to be taken up").await;
    ann.strikes("Escape").await;
    ann.until("document.querySelector('#composer-input').value === ''", "the text to be dropped").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.strikes("Up").await;
    ann.until("document.querySelector('#composer-input').value === 'teh'", "the text to be taken up again").await;
    ann.strikes("Backspace").await;
    ann.strikes("Backspace").await;
    ann.keys_in("he").await;
    ann.strikes("Enter").await;
    reads(&ann, "one\ntwo|the (edited)").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.tabs_to("Emoji").await;
    ann.tabs_to("Send").await;
}

async fn what_can_be_done_to_a_message_needs_no_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    writes(&ann, "first").await;
    writes(&ann, "second").await;
    takes_up_the_last(&ann).await;
    ann.strikes("Up").await;
    is_on_a_message(&ann).await;
    assert_eq!(ann.evaluate("document.activeElement.querySelector('.text').textContent").await, "first");
    ann.tabs_to("React with 👍").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.reaction')?.textContent === '👍1'", "the reaction").await;
    ann.has_the_focus_on("React with 👍").await;
    ann.tabs_to("Add a reaction").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_on("Search for an emoji").await;
    ann.until("document.querySelectorAll('.picker-row').length > 200", "all the emoji").await;
    ann.keys_in("rocket").await;
    ann.until("document.querySelector('.picker-row')?.textContent.startsWith('🚀')", "what was looked for").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelectorAll('.reaction').length === 2", "the other reaction").await;
    ann.has_the_focus_on("Add a reaction").await;
    ann.tabs_back_to("👍, 1 person").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelectorAll('.reaction').length === 1", "the reaction to be taken back").await;
    ann.has_the_focus_in(".message").await;
    ann.tabs_to("Pin").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.message [aria-label=Pinned]')", "the pin").await;
    ann.has_the_focus_on("Unpin").await;
    ann.tabs_to("Copy link").await;
    ann.strikes("Enter").await;
    ann.until("document.body.textContent.includes('Copied')", "that it is copied").await;
    ann.has_the_focus_on("Copy link").await;
    ann.tabs_back_to("Reply").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.until("document.querySelector('.context')", "whom the answer is for").await;
    writes(&ann, "third").await;
    ann.until("document.querySelector('button.quote')?.textContent === 'Annfirst'", "the answer").await;
    // To what it answers, and the same by single keys.
    ann.goes_by("Shift Tab", "Annfirst").await;
    ann.strikes("Enter").await;
    is_on_a_message(&ann).await;
    ann.until("document.activeElement.querySelector('.text').textContent === 'first'", "the first").await;
    ann.strikes("r").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.strikes("Escape").await;
    ann.until("!document.querySelector('.context')", "the answer to be dropped").await;
}

async fn the_list_of_keys_and_a_removal_with_its_way_back_need_no_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    writes(&ann, "kept").await;
    takes_up_the_last(&ann).await;
    ann.strikes("?").await;
    is_open(&ann, "keys").await;
    closes(&ann, "keys").await;
    ann.has_the_focus_in(".message").await;
    ann.strikes("Delete").await;
    ann.until("document.querySelector('.removed')", "the removal").await;
    ann.has_the_focus_in(".message").await;
    ann.tabs_to("Undo").await;
    ann.strikes("Enter").await;
    reads(&ann, "kept").await;
    ann.has_the_focus_in(".message").await;
    ann.tabs_to("Remove").await;
    ann.strikes("Enter").await;
    ann.until_patiently("document.querySelector('.removed') && !document.querySelector('.removed button')", "its end")
        .await;
    ann.sees_the_focus().await;
}

async fn a_search_and_its_results_need_no_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    writes(&ann, "a needle").await;
    writes(&ann, "hay").await;
    takes_up_the_last(&ann).await;
    ann.strikes("/").await;
    ann.has_the_focus_in("#search-input").await;
    ann.keys_in("needle").await;
    ann.until("document.querySelector('#search .hit')", "what is found").await;
    ann.strikes("Down").await;
    ann.has_the_focus_in(".hit").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in(".message[data-seq='1']").await;
    ann.strikes("/").await;
    ann.has_the_focus_in("#search-input").await;
    ann.strikes("Escape").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.tabs_back_to("Pinned messages").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('#pinned')?.checkVisibility()", "what is pinned").await;
    ann.sees_the_focus().await;
    ann.strikes("Escape").await;
    ann.until("!document.querySelector('#pinned').checkVisibility()", "it to close").await;
    ann.sees_the_focus().await;
}

async fn going_to_a_room_and_making_one_need_no_pointer(browser: Browser) {
    let server = Server::start();
    Writer::comes_in(&server, "Zoë").makes_room(&server, "dev", "Development");
    let ann = comes_in(browser, &server).await;
    ann.strikes("Control k").await;
    ann.has_the_focus_in("#switcher-input").await;
    closes(&ann, "switcher").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.strikes("Control k").await;
    ann.has_the_focus_in("#switcher-input").await;
    ann.keys_in("deve").await;
    ann.until("document.querySelector('#switcher [aria-selected=true]')?.textContent === 'Development'", "the room")
        .await;
    ann.strikes("Enter").await;
    ann.until("location.pathname === '/r/dev'", "the room").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.tabs_back_to("New room").await;
    ann.strikes("Enter").await;
    is_open(&ann, "new-room").await;
    closes(&ann, "new-room").await;
    ann.has_the_focus_on("New room").await;
    ann.strikes("Enter").await;
    is_open(&ann, "new-room").await;
    ann.has_the_focus_in("#room-name").await;
    ann.keys_in("tests").await;
    ann.strikes("Enter").await;
    ann.until("location.pathname === '/r/tests' && !document.querySelector('#new-room')", "the new room").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.tabs_back_to("tests").await;
    ann.tabs_back_to("Lobby").await;
    ann.strikes("Enter").await;
    ann.until("location.pathname === '/'", "the lobby").await;
    ann.sees_the_focus().await;
}

/// As if the browser asked and the person agreed.
const GIVES_LEAVE: &str =
    "window.Notification = class { static permission = 'default'; static requestPermission = async () => 'granted' }";

async fn settings_need_no_pointer(browser: Browser) {
    let server = Server::start();
    let _zoe = Writer::comes_in(&server, "Zoë");
    let ann = comes_in(browser, &server).await;
    writes(&ann, "what time is it?").await;
    ann.tabs_back_to("Settings").await;
    ann.strikes("Enter").await;
    is_open(&ann, "settings").await;
    for (group, keys, holds) in [
        ("theme", "Right Right", "document.documentElement.dataset.theme === 'dark'"),
        ("density", "Right", "document.documentElement.dataset.density === 'compact'"),
        ("clock", "Right Right", "!/[AP]M/.test(document.querySelector('.message .time').textContent)"),
        ("notify", "Right", "document.activeElement.value === 'none'"),
    ] {
        ann.goes_into("Tab", &format!("[name={group}]:checked")).await;
        assert_eq!(ann.evaluate(&format!("Boolean({holds})")).await, false, "{group} is to be changed");
        for key in keys.split(' ') {
            ann.strikes(key).await;
        }
        ann.until(holds, group).await;
        ann.sees_the_focus().await;
    }
    ann.executes(GIVES_LEAVE, vec![]).await;
    for name in ["Notifications in this browser", "A sound"] {
        ann.tabs_to(name).await;
        ann.strikes("Space").await;
        ann.until("document.activeElement.checked", name).await;
        ann.sees_the_focus().await;
    }
    ann.goes_into("Shift Tab", "[name=language]:checked").await;
    ann.strikes("Right").await;
    ann.until("document.documentElement.lang === 'zh-CN'", "the language").await;
    ann.sees_the_focus().await;
    closes(&ann, "settings").await;
    ann.has_the_focus_on("设置").await;
    ann.strikes("Enter").await;
    is_open(&ann, "settings").await;
    ann.tabs_back_to("你的名字").await;
    ann.keys_in("Zoë").await;
    ann.strikes("Enter").await;
    let refused = "document.querySelector('#settings-name-error').textContent";
    ann.until(&format!("{refused} !== ''"), "that somebody else has this name").await;
    ann.has_the_focus_on("你的名字").await;
    ann.strikes("End").await;
    ann.keys_in("h").await;
    ann.tabs_to("保存").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.me').textContent.includes('Zoëh')", "the new name").await;
    ann.until(&format!("{refused} === ''"), "nothing to be wrong").await;
    ann.has_the_focus_on("保存").await;
    closes(&ann, "settings").await;
    ann.sees_the_focus().await;
}

async fn people_and_talking_to_one_of_them_need_no_pointer(browser: Browser) {
    let server = Server::start();
    let mut ben = Writer::comes_in(&server, "Ben");
    ben.sends(&json!({ "type": "join", "room": "lobby" }));
    ben.says("hello");
    let ann = comes_in(browser, &server).await;
    ann.until("document.querySelectorAll('#members .person').length === 2", "both of them").await;
    ann.tabs_to("Ben").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_on("Message").await;
    closes(&ann, "person").await;
    ann.has_the_focus_on("Ben").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_on("Message").await;
    ann.strikes("Enter").await;
    ann.until(
        "document.querySelector('h1')?.textContent === 'Ben' && !document.querySelector('#person')",
        "the room of two",
    )
    .await;
    ann.has_the_focus_in("#composer-input").await;
    ann.tabs_back_to("New direct message").await;
    ann.strikes("Enter").await;
    is_open(&ann, "new-direct").await;
    ann.until("document.querySelector('#new-direct .person')", "whom one can write to").await;
    ann.keys_in("be").await;
    ann.goes_by("Tab", "Ben").await;
    ann.strikes("Space").await;
    ann.until("document.activeElement.checked", "him to be chosen").await;
    closes(&ann, "new-direct").await;
    ann.has_the_focus_on("New direct message").await;
}

/// From now on, this text goes out as an answer to what is not there, and refusals are counted.
const ANSWERS_NOTHING: &str = "
const send = WebSocket.prototype.send;
let refusals = 0;
WebSocket.prototype.send = function (text) {
  this.onmessage = ({ data }) => {
    if (data.includes('\"error\"')) document.body.dataset.refusals = ++refusals;
  };
  return send.call(this, text.replace('\"text\":\"refused\"', '$&,\"reply\":999999'));
};
";

async fn what_was_refused_is_retried_or_dropped_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    ann.executes(ANSWERS_NOTHING, vec![]).await;
    ann.keys_in("refused").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('[data-state=refused]')", "the refusal").await;
    ann.tabs_back_to("Retry").await;
    ann.strikes("Enter").await;
    ann.until(
        "document.body.dataset.refusals === '2' && document.querySelector('[data-state=refused]')",
        "the refusal, again",
    )
    .await;
    ann.sees_the_focus().await;
    ann.tabs_to("Discard").await;
    ann.strikes("Enter").await;
    ann.until("!document.querySelector('.message')", "it to be gone").await;
    ann.sees_the_focus().await;
}
