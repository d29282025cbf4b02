//! The server dies and comes back while people write: nothing is lost, nothing is there twice.

use stonechat_e2e::{Browser, Server, in_both_browsers};

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

async fn who_is_offline_says_so_and_may_go_on_writing(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.is_in_the_room().await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("while it was away").await;
    ann.until("document.querySelector('.message[data-state=queued]')", "the message to wait").await;
    // What waits survives the page.
    server.start_again();
    ann.sees("Ann", "while it was away").await;
    assert_eq!(ann.lines().await.len(), 1);
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
