//! The server dies and comes back while people write: nothing is lost, nothing is there twice.

use stonechat_e2e::{Browser, Page, Server, in_both_browsers};

in_both_browsers! {
    a_killed_server_costs_no_message_and_doubles_none,
    who_is_offline_says_so_and_may_go_on_writing,
    a_restart_is_told_to_pages_which_come_back_when_they_were_told,
    open_pages_notice_a_restore_and_show_what_was_restored,
}

async fn a_killed_server_costs_no_message_and_doubles_none(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    ann.takes_their_name().await;
    ben.takes_their_name().await;
    let mut expected = Vec::new();
    for round in 0..3 {
        for page in [&ann, &ben] {
            for part in ["before", "at"] {
                let text = format!("{} {part} {round}", page.who());
                page.says(&text).await;
                expected.push(text);
            }
        }
        // In the middle of what was just sent.
        server.kill();
        for page in [&ann, &ben] {
            let text = format!("{} without {round}", page.who());
            page.says(&text).await;
            expected.push(text);
        }
        server.start_again();
        for page in [&ann, &ben] {
            page.waits_for_the_line_to_be("connected").await;
        }
    }
    for page in [&ann, &ben] {
        for text in &expected {
            let author = text.split(' ').next().unwrap_or_default();
            page.sees(author, text).await;
        }
        page.until("!document.querySelector('.message[data-id]')", "nothing on its way").await;
    }
    // The same lines in the same order for both, each once.
    let lines = ann.lines().await;
    assert_eq!(lines, ben.lines().await);
    let mut texts: Vec<String> = lines.into_iter().map(|line| line.text).collect();
    texts.sort();
    expected.sort();
    assert_eq!(texts, expected);
}

/// What is said of the line, in one language: as patterns where there is a number in it.
struct Words {
    connected: &'static str,
    reconnecting: &'static str,
    offline: &'static str,
    refused: &'static str,
    one_waits: &'static str,
    two_wait: &'static str,
    try_now: &'static str,
}

const ENGLISH: Words = Words {
    connected: "Connected",
    reconnecting: r"Reconnecting in [1-9]\d* s",
    offline: "Offline",
    refused: r"The server does not let this page in\.",
    one_waits: r"\. 1 message goes out when the line is back\.",
    two_wait: r"\. 2 messages go out when the line is back\.",
    try_now: "Try now",
};

const CHINESE: Words = Words {
    connected: "已连接",
    reconnecting: r"[1-9]\d* 秒后重新连接",
    offline: "离线",
    refused: "服务器拒绝了此页面。",
    one_waits: r"。恢复连接后将发出 1 条消息。",
    two_wait: r"。恢复连接后将发出 2 条消息。",
    try_now: "立即重试",
};

async fn who_is_offline_says_so_and_may_go_on_writing(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    ann.is_in_the_room().await;
    is_off_and_comes_back(&ann, &mut server, &ENGLISH).await;
    ann.executes(TURNS_AWAY, vec![]).await;
    server.kill();
    says(&ann, ENGLISH.reconnecting, "").await;
    tries_now(&ann).await;
    says(&ann, ENGLISH.refused, "").await;
    server.start_again();
    ann.turns_to_chinese().await;
    says(&ann, CHINESE.refused, "").await;
    ann.executes("window.WebSocket = window.opens", vec![]).await;
    tries_now(&ann).await;
    is_off_and_comes_back(&ann, &mut server, &CHINESE).await;
    let lines: Vec<String> = ann.lines().await.into_iter().map(|line| line.text).collect();
    let written = [&ENGLISH, &CHINESE].map(|words| ["first", "second"].map(|n| format!("{}: {n}", words.offline)));
    assert_eq!(lines, written.concat());
}

/// The server is gone, and then the network as well; the network is back, and the server is.
async fn is_off_and_comes_back(ann: &Page, server: &mut Server, words: &Words) {
    let texts = ["first", "second"].map(|n| format!("{}: {n}", words.offline));
    says(ann, words.connected, "").await;
    server.kill();
    says(ann, words.reconnecting, "").await;
    ann.says(&texts[0]).await;
    says(ann, words.reconnecting, words.one_waits).await;
    ann.executes(&has_a_network(false), vec![]).await;
    says(ann, words.offline, words.one_waits).await;
    ann.says(&texts[1]).await;
    ann.until("document.querySelectorAll('.message[data-state=queued]').length === 2", "the messages to wait").await;
    says(ann, words.offline, words.two_wait).await;
    ann.executes(&has_a_network(true), vec![]).await;
    says(ann, words.reconnecting, words.two_wait).await;
    ann.until(&format!("!{TRY_NOW}.hidden && {TRY_NOW}.textContent === '{}'", words.try_now), words.try_now).await;
    server.start_again();
    tries_now(ann).await;
    says(ann, words.connected, "").await;
    for text in &texts {
        ann.sees("Ann", text).await;
    }
}

/// Waits until the page says so in the corner; and above the composer where it is down, with what becomes
/// of what waits.
async fn says(page: &Page, line: &str, waiting: &str) {
    let corner = "document.querySelector('[data-line] .line-text').textContent";
    let notice = "document.querySelector('.notice span')?.textContent ?? ''";
    let is_down = "document.querySelector('[data-line]').dataset.line !== 'connected'";
    let said =
        format!("/^{line}$/.test({corner}) && ({is_down} ? /^{line}{waiting}$/.test({notice}) : {notice} === '')");
    page.until(&said, &format!("“{line}{waiting}”")).await;
}

/// From now on the server wants none of this page, and does not say why.
const TURNS_AWAY: &str = "
window.opens = window.WebSocket;
window.WebSocket = class extends window.EventTarget {
  constructor() {
    super();
    window.setTimeout(() => this.dispatchEvent(new window.CloseEvent('close', { code: 4003 })));
  }
  send() {}
  close() {}
};";

const TRY_NOW: &str = "document.querySelector('[data-line] button')";

/// Unless the page has tried by itself by now.
async fn tries_now(page: &Page) {
    page.executes(&format!("{TRY_NOW}.click()"), vec![]).await;
}

/// As when a cable is put in, or pulled out.
fn has_a_network(has: bool) -> String {
    let event = if has { "online" } else { "offline" };
    format!(
        "Object.defineProperty(window.navigator, 'onLine', {{ configurable: true, get: () => {has} }});
         window.dispatchEvent(new window.Event('{event}'));"
    )
}

/// Keeps what the server says before it goes, and how long the page waits for what.
const NOTES: &str = "
const data = Object.getOwnPropertyDescriptor(window.MessageEvent.prototype, 'data').get;
Object.defineProperty(window.MessageEvent.prototype, 'data', { configurable: true, get() {
  const said = data.call(this);
  if (typeof said === 'string' && said.includes('\"type\":\"bye\"')) window.bye = JSON.parse(said);
  return said;
} });
const later = window.setTimeout.bind(window);
window.waits = [];
window.setTimeout = (then, ms, ...rest) => { window.waits.push(ms); return later(then, ms, ...rest); };";

async fn a_restart_is_told_to_pages_which_come_back_when_they_were_told(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    for page in [&ann, &ben] {
        page.takes_their_name().await;
        page.is_in_the_room().await;
        page.executes(NOTES, vec![]).await;
    }
    // Taken in, or waiting in the page: nobody knows.
    ann.says("at the last moment").await;
    server.stops();
    server.start_again();
    for page in [&ann, &ben] {
        page.until("window.bye?.code === 4200", "to be told").await;
        page.until("window.waits.includes(window.bye.retry_ms)", "to wait as it was told").await;
        page.sees("Ann", "at the last moment").await;
    }
    ben.says("and on it goes").await;
    ann.sees("Ben", "and on it goes").await;
    ben.sees("Ben", "and on it goes").await;
    let lines = ann.lines().await;
    assert_eq!(lines.len(), 2);
    assert_eq!(lines, ben.lines().await);
}

async fn open_pages_notice_a_restore_and_show_what_was_restored(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    ann.takes_their_name().await;
    ben.takes_their_name().await;
    ann.says("before").await;
    ben.sees("Ann", "before").await;
    let backup = server.backs_up();
    for text in ["after the backup", "and more"] {
        ann.says(text).await;
        ben.sees("Ann", text).await;
    }
    server.stops();
    server.restores(&backup);
    server.start_again();
    for page in [&ann, &ben] {
        let is_gone = "![...document.querySelectorAll('.message .text')].some(it => it.textContent !== 'before')";
        page.until(is_gone, "what was not restored to go").await;
        page.sees("Ann", "before").await;
    }
    ben.says("and on it goes").await;
    ann.sees("Ben", "and on it goes").await;
    ben.sees("Ben", "and on it goes").await;
    let lines = ann.lines().await;
    assert_eq!(lines.len(), 2);
    assert_eq!(lines, ben.lines().await);
}
