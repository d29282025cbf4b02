//! What goes over the line, for people who want to see it.

use fantoccini::key::Key;
use serde_json::{Value, json};
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Look, Page, Proxy, Server, Writer, in_both_browsers};

in_both_browsers! {
    frames_are_listed_as_they_go_by,
    a_frame_opens_to_its_json,
    frames_without_a_socket_are_listed_too,
    what_is_listed_is_narrowed_copied_held_and_emptied_in_both_languages,
    the_figures_tell_how_the_line_is_in_both_languages,
}

/// What it says in a language.
struct Words {
    language: &'static str,
    frames: &'static str,
    filter: &'static str,
    pause: &'static str,
    clear: &'static str,
    copy: &'static str,
    copied: &'static str,
    /// Frames and bytes a second, some of them.
    rate: &'static str,
    no_line: &'static str,
    trip: &'static str,
    reconnects: [&'static str; 2],
}

const WORDS: [Words; 2] = [
    Words {
        language: "en-US",
        frames: "Frames",
        filter: "Filter",
        pause: "Pause",
        clear: "Clear",
        copy: "Copy as JSON lines",
        copied: "Copied",
        rate: r"^[↑↓] [1-9]\d* frames/s, [1-9][\d,]* B/s$",
        no_line: "Not connected",
        trip: r"^Round trip \d[\d,]* ms$",
        reconnects: ["0 reconnects", "1 reconnect"],
    },
    Words {
        language: "zh-CN",
        frames: "数据帧",
        filter: "筛选",
        pause: "暂停",
        clear: "清空",
        copy: "复制为 JSON 行",
        copied: "已复制",
        rate: r"^[↑↓] [1-9]\d* 帧/秒，[1-9][\d,]* 字节/秒$",
        no_line: "未连接",
        trip: r"^往返 \d[\d,]* 毫秒$",
        reconnects: ["重连 0 次", "重连 1 次"],
    },
];

async fn opens_in(browser: Browser, words: &Words, url: &str) -> Page {
    let look = Look { language: words.language, ..Look::default() };
    let page = browser.open_with(look, url, &format!("Ann {}", words.language)).await;
    page.takes_their_name().await;
    page.clicks("button", words.frames).await;
    page.until("document.querySelector('#inspector .frames')", "the list of frames").await;
    page
}

/// Each line of what was copied, as JSON.
fn read(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

async fn opens(page: &Page) {
    page.takes_their_name().await;
    page.clicks("button", "Frames").await;
    page.until("document.querySelector('#inspector .frames')", "the list of frames").await;
}

/// Direction, type and room of each frame that is listed, but for signs of life.
const LISTED: &str = "[...document.querySelectorAll('#inspector .frames > li')]
  .map(it => [it.dataset.direction, ...['kind', 'in'].map(part => it.querySelector('.' + part).textContent)].join(' '))
  .filter(it => !/ping|pong|presence|read/.test(it))";

async fn frames_are_listed_as_they_go_by(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    ann.says("before").await;
    ann.sees("Ann", "before").await;
    ann.clicks("button", "Frames").await;
    ann.says("hello").await;
    ann.until(&format!("{LISTED}.includes('heard events lobby')"), "the event").await;
    for frame in ["sent post lobby", "heard ok lobby", "heard events lobby"] {
        ann.until(&format!("{LISTED}.includes('{frame}')"), frame).await;
    }
    ann.until("document.querySelector('#inspector .handshake').textContent.includes('WebSocket')", "the way").await;
    ann.until("document.querySelector('#inspector .chart')", "a round trip").await;
    // Closed and opened by keys.
    let keys: String = [Key::Control, Key::Shift].into_iter().map(char::from).collect();
    ann.types(&format!("{keys}f{}", char::from(Key::Null))).await;
    ann.until("!document.querySelector('#inspector')", "it to close").await;
    // What went by while nobody looked is kept nowhere.
    ann.says("after").await;
    ann.sees("Ann", "after").await;
    ann.clicks("button", "Frames").await;
    ann.says("again").await;
    let texts = "[...document.querySelectorAll('#inspector .json')].map(it => it.textContent).join()";
    ann.until(&format!("{texts}.includes('again')"), "what goes by now").await;
    assert_eq!(ann.evaluate(&format!("{texts}.match(/before|hello|after/g)")).await, Value::Null);
}

async fn a_frame_opens_to_its_json(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    opens(&ann).await;
    ann.says("hello").await;
    ann.until(&format!("{LISTED}.includes('sent post lobby')"), "the post").await;
    ann.executes(
        "[...document.querySelectorAll('#inspector .frame')].find(it => it.querySelector('.kind').textContent === 'post').click()",
        vec![],
    )
    .await;
    ann.until(
        "document.querySelector('#inspector .pretty')?.textContent.includes('\\n  \"text\": \"hello\"')",
        "its JSON",
    )
    .await;
}

async fn frames_without_a_socket_are_listed_too(browser: Browser) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    proxy.does(Faults { strips_upgrade: true, ..Faults::default() });
    let ann = browser.open_at(&proxy.url(), "Ann").await;
    ann.until_patiently("document.querySelector('[data-way=events]')", "the slower way").await;
    opens(&ann).await;
    ann.says("hello").await;
    ann.until(&format!("{LISTED}.includes('sent post lobby')"), "the post").await;
    ann.until("document.querySelector('#inspector .handshake').textContent.includes('Server-sent events')", "the way")
        .await;
}

async fn what_is_listed_is_narrowed_copied_held_and_emptied_in_both_languages(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    for words in &WORDS {
        let ann = opens_in(browser, words, &server.url()).await;
        ann.keeps_what_is_copied().await;
        let [apple, pear] = ["apple", "pear"].map(|what| format!("{what} {}", words.language));
        let texts = "[...document.querySelectorAll('#inspector .json')].map(it => it.textContent).join()";
        // One after the other: what comes at once comes in one frame.
        for text in [&apple, &pear] {
            zoe.says(text);
            ann.until(&format!("{texts}.includes('{text}')"), "the frame").await;
        }
        ann.clicks("button", words.copy).await;
        let all = read(&ann.copied().await);
        assert!(all.iter().all(|it| it["at"].is_u64() && it["frame"]["type"].is_string()), "{all:?}");
        assert!(all.iter().all(|it| ["sent", "heard"].map(Value::from).contains(&it["direction"])), "{all:?}");
        let told =
            |what: &str| all.iter().any(|it| it["direction"] == "heard" && it["frame"].to_string().contains(what));
        assert!(told(&apple) && told(&pear), "{all:?}");
        let said = format!("document.querySelector('.notice')?.textContent === '{}'", words.copied);
        ann.until(&said, "that it is copied").await;

        ann.executes("document.querySelector('#inspector [type=search]').focus()", vec![]).await;
        assert_eq!(ann.evaluate("document.activeElement.ariaLabel").await, words.filter);
        ann.types("APPLE").await;
        ann.until(&format!("!{texts}.includes('{pear}')"), "only one of them").await;
        ann.clicks("button", words.copy).await;
        let narrowed = read(&ann.copied().await);
        assert!(!narrowed.is_empty() && narrowed.iter().all(|it| it.to_string().contains("apple")), "{narrowed:?}");
        ann.executes("document.querySelector('#inspector [type=search]').select()", vec![]).await;
        ann.presses(Key::Delete).await;
        ann.until(&format!("{texts}.includes('{pear}')"), "all of them").await;

        let held = format!("{texts}.includes('held {}')", words.language);
        ann.clicks("button", words.pause).await;
        zoe.says(&format!("held {}", words.language));
        ann.sees("Zoë", &format!("held {}", words.language)).await;
        ann.is_drawn().await;
        assert_eq!(ann.evaluate(&held).await, false);
        ann.clicks("button", words.pause).await;
        zoe.says(&format!("on {}", words.language));
        ann.until(&format!("{texts}.includes('on {}')", words.language), "it to go on").await;
        assert_eq!(ann.evaluate(&held).await, false, "what came in the pause is not listed later either");
        ann.clicks("button", words.clear).await;
        ann.until(&format!("!{texts}.includes('on {}')", words.language), "an empty list").await;
        ann.clicks("button", words.copy).await;
        assert!(!ann.copied().await.contains("apple"), "what was emptied is not copied either");
    }
}

async fn the_figures_tell_how_the_line_is_in_both_languages(browser: Browser) {
    let mut server = Server::start();
    for words in &WORDS {
        let ann = opens_in(browser, words, &server.url()).await;
        let listens = "const Before = WebSocket;
          window.WebSocket = class extends Before {
            constructor(url, ...rest) {
              super(url, ...rest);
              document.body.dataset.socket = new URL(url).href;
            }
          };";
        ann.executes(listens, vec![]).await;
        ann.says("hello").await;
        let figures = "[...document.querySelectorAll('#inspector .rates > .figure')].map(it => it.textContent)";
        let rates = format!("{figures}.filter(it => new RegExp({}).test(it)).length === 2", json!(words.rate));
        ann.until(&rates, "what goes by in a second, both ways").await;
        let trip = format!("{figures}.some(it => new RegExp({}).test(it))", json!(words.trip));
        ann.until(&trip, "how long the way is").await;
        ann.until(&format!("{figures}.at(-1) === {}", json!(words.reconnects[0])), "that it was never lost").await;
        let told = "[...document.querySelectorAll('#inspector .frame')].map(it => ['kind', 'size', 'at', 'seq'].map(part => it.querySelector('.' + part).textContent))";
        let are_there = r"it.every(([, size, at]) => /^[1-9]\d* B$/.test(size) && /^\d\d:\d\d:\d\d\.\d{3}$/.test(at)) && ['ok', 'events'].every(of => it.some(([kind, , , seq]) => kind === of && seq > 0))";
        ann.until(&format!("(it => {are_there})({told})"), "how large, when and which").await;
        let handshake = "document.querySelector('#inspector .handshake').textContent";
        server.kill();
        ann.until(&format!("{handshake} === {}", json!(words.no_line)), "no line").await;
        server.start_again();
        ann.until_patiently(&format!("{figures}.at(-1) === {}", json!(words.reconnects[1])), "the second line").await;
        let told = "`WebSocket (RFC 6455) ${document.body.dataset.socket} · http/1.1`";
        ann.until(&format!("{handshake} === {told}"), "how they came together").await;
    }
}
