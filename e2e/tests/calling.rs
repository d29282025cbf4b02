//! What calls who looks elsewhere: notes, sounds and marks, as much as each likes.

use serde_json::json;
use stonechat_e2e::page::count_of;
use stonechat_e2e::{Browser, Look, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    who_looks_elsewhere_is_told,
    each_room_calls_for_as_much_as_one_likes,
    a_muted_room_is_calm,
}

/// Notes what the browser would show, where its person gives leave: not where `leave` says something else.
const NOTES: &str = "
window.notes = [];
window.Notification = class {
  static permission = 'default';
  static async requestPermission() { return Notification.permission = window.leave ?? 'granted'; }
  constructor(title, options) {
    notes.push(this);
    this.said = `${title}: ${options.body}`;
    document.body.dataset.notes = notes.map(note => note.said).join();
  }
  close() {}
};";

/// Counts what the browser would play: each sound has one note that begins at once.
const SOUNDS: &str = "
const nothing = () => {};
window.AudioContext = class {
  currentTime = 0;
  destination = {};
  createGain() { return { gain: { setValueAtTime: nothing, exponentialRampToValueAtTime: nothing }, connect: nothing }; }
  createOscillator() { return { frequency: {}, connect: nothing, start: this.begins, stop: nothing }; }
  begins(at) { if (at === 0) document.body.dataset.sounds = Number(document.body.dataset.sounds ?? 0) + 1; }
};";

async fn who_looks_elsewhere_is_told(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    ann.executes(NOTES, vec![]).await;
    ann.clicks("button", "Settings").await;
    let switch = "document.querySelector('#settings [role=switch]')";
    for (leave, checked, hint) in [
        ("denied", false, "Your browser does not let this page. Change that in its settings for this address."),
        ("granted", true, "Shown while you look elsewhere. Your browser asks you first."),
    ] {
        ann.executes("window.leave = arguments[0]", vec![json!(leave)]).await;
        ann.clicks("switch", "Notifications in this browser").await;
        let shown = "document.querySelector('#settings .switch .field-hint').textContent";
        ann.until(&format!("{shown} === '{hint}' && {switch}.checked === {checked}"), hint).await;
    }
    ann.clicks("button", "Close").await;
    zoe.says_in("dev", "nobody in particular");
    zoe.says("@Ann, here");
    let seq = zoe.says_in("dev", "**and** there, @Ann");
    // Not of what she looks at, nor of what does not name her.
    let mut told = vec!["Zoë · Development: and there, @Ann"];
    is_told(&ann, &told).await;
    // What is written to her alone names her by that.
    let me = ann.asks("GET", "/api/session", json!(null)).await;
    let talk = zoe.asks(&server, "POST", "/api/direct", &json!({ "users": [me["user"]["id"]] })).expect("she is here");
    zoe.says_in(talk["room"].as_str().expect("a room has a name"), "between us");
    told.push("Zoë: between us");
    is_told(&ann, &told).await;
    ann.executes("notes[0].onclick()", vec![]).await;
    ann.until(
        &format!(
            "location.pathname === '/r/dev' && document.querySelector('.message[data-seq=\"{seq}\"][data-flash]')"
        ),
        "the message",
    )
    .await;
    // From now on she looks at another window: what is open here is elsewhere, too.
    ann.executes("document.hasFocus = () => false; dispatchEvent(new Event('blur'))", vec![]).await;
    zoe.says_in("dev", "nobody either");
    zoe.says_in("dev", "still there, @Ann?");
    told.push("Zoë · Development: still there, @Ann?");
    is_told(&ann, &told).await;
}

async fn each_room_calls_for_as_much_as_one_likes(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    zoe.makes_room(&server, "ops", "Operations");
    let ann = browser.open_named_with(Look::chinese(), &server, "Ann").await;
    ann.executes(NOTES, vec![]).await;
    ann.executes(SOUNDS, vec![]).await;
    // Of both there is a copy from now on: what comes is called in the order in which it came.
    ann.follows("/r/ops").await;
    likes(&ann, Some("全部消息"), "不通知", &["在此浏览器中显示通知"]).await;
    zoe.says_in("dev", "@Ann, not this");
    zoe.says_in("ops", "all of it");
    let mut told = vec!["Zoë · Operations: all of it"];
    is_told(&ann, &told).await;
    assert_eq!(ann.evaluate("document.body.dataset.sounds ?? 'silence'").await, "silence");

    likes(&ann, Some("不通知"), "全部消息", &["提示音"]).await;
    ann.until("document.body.dataset.sounds === '1'", "what it sounds like").await;
    zoe.says_in("ops", "@Ann, nor this");
    zoe.says_in("dev", "whatever it is");
    told.push("Zoë · Development: whatever it is");
    is_told(&ann, &told).await;

    likes(&ann, None, "提及我的", &[]).await;
    zoe.says_in("dev", "nor that");
    zoe.says_in("dev", "this, @Ann");
    told.push("Zoë · Development: this, @Ann");
    is_told(&ann, &told).await;

    likes(&ann, None, "默认", &[]).await;
    zoe.says_in("dev", "@Ann, as everywhere: nothing");
    likes(&ann, Some("提及我的"), "默认", &[]).await;
    zoe.says_in("ops", "not for anybody");
    zoe.says_in("dev", "for @Ann");
    told.push("Zoë · Development: for @Ann");
    is_told(&ann, &told).await;
    assert_eq!(ann.evaluate("document.body.dataset.sounds").await, "4", "one with each note since it was wanted");
}

/// Says what to be told of, everywhere and in this one room, turns switches, and goes back to the lobby.
async fn likes(page: &Page, everywhere: Option<&str>, in_dev: &str, switches: &[&str]) {
    page.clicks("button", "设置").await;
    if let Some(choice) = everywhere {
        page.clicks("radio", choice).await;
    }
    for switch in switches {
        page.clicks("switch", switch).await;
        let on = format!("document.querySelector('#settings [role=switch][aria-label=\"{switch}\"]').checked");
        page.until(&on, "it to be on").await;
    }
    page.clicks("button", "关闭").await;
    page.follows("/r/dev").await;
    page.clicks("button", "Development").await;
    page.clicks("radio", in_dev).await;
    page.clicks("button", "关闭").await;
    page.follows("/").await;
}

/// Waits for the last of these notes; there must be no others.
async fn is_told(page: &Page, notes: &[&str]) {
    let last = notes.last().copied().unwrap_or_default();
    page.until(&format!("document.body.dataset.notes?.endsWith('{last}')"), last).await;
    assert_eq!(page.evaluate("document.body.dataset.notes").await, notes.join(","));
}

async fn a_muted_room_is_calm(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_named(&server, "Ann").await;
    ann.executes(NOTES, vec![]).await;
    ann.clicks("button", "Settings").await;
    ann.clicks("switch", "Notifications in this browser").await;
    ann.until("document.querySelector('#settings [role=switch]').checked", "the leave to be given").await;
    ann.clicks("button", "Close").await;
    ann.follows("/r/dev").await;
    ann.clicks("button", "Development").await;
    for (choice, value) in [("Nothing", "none"), ("As usual", "usual"), ("Mentions", "mentions"), ("Everything", "all")]
    {
        ann.clicks("radio", choice).await;
        ann.until(&format!("document.querySelector('#about :checked').value === '{value}'"), choice).await;
    }
    ann.clicks("switch", "Mute").await;
    ann.until("document.querySelector('.room-link[href=\"/r/dev\"]').dataset.muted === ''", "the room to be muted")
        .await;
    ann.clicks("button", "Close").await;
    ann.follows("/").await;
    zoe.says_in("dev", "@Ann!");
    zoe.says("done");
    ann.sees("Zoë", "done").await;
    assert_eq!(ann.evaluate(&count_of("/r/dev")).await, "");
    assert_eq!(ann.evaluate("document.title.startsWith('(')").await, false);
    assert_eq!(ann.evaluate("document.body.dataset.notes ?? 'nothing'").await, "nothing");
    ann.reloads().await;
    ann.until("document.querySelector('.room-link[href=\"/r/dev\"]')?.dataset.muted === ''", "it to stay muted").await;

    ann.executes(NOTES, vec![]).await;
    ann.executes("window.Notification.permission = 'granted'", vec![]).await;
    ann.turns_to_chinese().await;
    ann.follows("/r/dev").await;
    ann.clicks("button", "Development").await;
    let switch = "document.querySelector('#about [role=switch][aria-label=静音]')";
    ann.until(&format!("{switch}?.checked"), "the switch to be on").await;
    ann.clicks("switch", "静音").await;
    ann.until("!('muted' in document.querySelector('.room-link[href=\"/r/dev\"]').dataset)", "it to be muted no more")
        .await;
    ann.clicks("button", "关闭").await;
    ann.follows("/").await;
    zoe.says_in("dev", "to nobody");
    is_told(&ann, &["Zoë · Development: to nobody"]).await;
    ann.counts("/r/dev", "1").await;
}
