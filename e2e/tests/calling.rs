//! What calls who looks elsewhere: notes, sounds and marks, as much as each likes.

use stonechat_e2e::page::count_of;
use stonechat_e2e::{Browser, Look, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    who_looks_elsewhere_is_told,
    each_room_calls_for_as_much_as_one_likes,
    a_muted_room_is_calm,
}

/// Notes what the browser would show.
const NOTES: &str = "
window.notes = [];
window.Notification = class {
  static permission = 'default';
  static async requestPermission() { return Notification.permission = 'granted'; }
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
    ann.goes_to(&format!("{}r/dev", server.url())).await;
    ann.clicks("button", "Development").await;
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
    ann.reloads().await;
    ann.until("document.querySelector('.room-link[href=\"/r/dev\"]')?.dataset.muted === ''", "it to stay muted").await;
}
