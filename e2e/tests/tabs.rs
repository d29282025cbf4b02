//! One person, two tabs: both show the same, each line is sent once, and a tab that is gone loses nothing.

use std::sync::Arc;

use stonechat_e2e::{Browser, Look, Page, Profile, Server, Writer, in_both_browsers};

in_both_browsers! {
    what_waits_in_one_tab_is_shown_in_the_other_and_sent_once,
    what_a_closed_tab_left_is_sent_by_the_one_that_is_open,
    what_a_closed_tab_left_is_kept_where_the_storage_is_full,
    what_waits_in_a_page_that_was_left_is_sent_by_another_tab_and_once,
    what_was_written_offline_outlives_the_page_and_goes_out_in_order,
    what_was_written_offline_outlives_the_browser_and_goes_out_once,
    what_one_person_wrote_is_never_sent_as_another_and_holds_nobody_up,
}

const QUEUED: &str = "Waiting to be sent";
const NOTHING_WAITS: &str = "!document.querySelector('.message[data-id]')";

async fn what_waits_in_one_tab_is_shown_in_the_other_and_sent_once(browser: Browser) {
    let mut server = Server::start();
    let (ann, first) = two_tabs_in(browser, Look::chinese(), &server).await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("from the second tab").await;
    ann.until(&waits("from the second tab", "等待发送"), "the line to wait").await;
    let second = ann.looks_at(first).await;
    ann.until(&waits("from the second tab", "正在另一个标签页中等待发送"), "the other tab's line").await;
    ann.says("from the first tab").await;
    ann.looks_at(second).await;
    ann.until(&waits("from the first tab", "正在另一个标签页中等待发送"), "the other tab's line").await;
    server.start_again();
    for text in ["from the first tab", "from the second tab"] {
        ann.sees("Ann", text).await;
    }
    ann.until(NOTHING_WAITS, "nothing on its way").await;
    assert_eq!(sorted(&ann).await, ["from the first tab", "from the second tab"]);
    assert_eq!(server.figure("stonechat_repeats_total"), 0, "each was sent by one tab");
}

async fn what_a_closed_tab_left_is_sent_by_the_one_that_is_open(browser: Browser) {
    let mut server = Server::start();
    let (ann, first) = two_tabs(browser, &server).await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("written and closed").await;
    ann.until(&waits("written and closed", QUEUED), "the line to wait").await;
    ann.closes_this_tab_and_looks_at(first).await;
    ann.until(&waits("written and closed", QUEUED), "the line to be taken over").await;
    server.start_again();
    ann.sees("Ann", "written and closed").await;
    assert_eq!(sorted(&ann).await, ["written and closed"]);
}

/// Takes all that the browser gives one site, and notes what is deleted while it is written nowhere else.
const FILL: &str = "
const remove = window.Storage.prototype.removeItem;
window.Storage.prototype.removeItem = function (key) {
  const [text, others] = [this.getItem(key), Object.entries({...this}).filter(([other]) => other !== key)];
  if (text?.includes('written and closed') && !others.some(([, other]) => other.includes('written and closed')))
    window.lost = text;
  return remove.call(this, key);
};
let count = 0;
for (let size = 1 << 22; size > 0;) {
  try { localStorage.setItem(`filler.${count}`, 'x'.repeat(size)); count += 1; } catch { size >>= 1; }
}
return count;";

async fn what_a_closed_tab_left_is_kept_where_the_storage_is_full(browser: Browser) {
    let mut server = Server::start();
    let (ann, first) = two_tabs(browser, &server).await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("written and closed").await;
    ann.until(&waits("written and closed", QUEUED), "the line to wait").await;
    let second = ann.looks_at(first.clone()).await;
    ann.until(&waits("written and closed", "Waiting in another tab"), "the other tab's line").await;
    ann.says("of one's own").await;
    ann.until(&waits("of one's own", QUEUED), "the line to wait").await;
    let pieces = ann.executes(FILL, vec![]).await;
    assert!(pieces.as_u64() > Some(0), "there was space left");
    ann.looks_at(second).await;
    ann.closes_this_tab_and_looks_at(first).await;
    ann.until(&waits("written and closed", QUEUED), "the line to be taken over").await;
    // Whatever had become of this tab, the line was still written somewhere.
    assert_eq!(ann.evaluate("window.lost ?? 'nothing'").await, "nothing");
    server.start_again();
    for text in ["written and closed", "of one's own"] {
        ann.sees("Ann", text).await;
    }
    assert_eq!(sorted(&ann).await, ["of one's own", "written and closed"]);
}

async fn what_waits_in_a_page_that_was_left_is_sent_by_another_tab_and_once(browser: Browser) {
    let (mut server, elsewhere) = (Server::start(), Server::start());
    let (ann, first) = two_tabs(browser, &server).await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("written and left").await;
    ann.until(&waits("written and left", QUEUED), "the line to wait").await;
    // The browser may keep the page as it is, for who comes back.
    ann.leaves_by_a_link_to(&format!("{}healthz", elsewhere.url())).await;
    let second = ann.looks_at(first).await;
    ann.until(&waits("written and left", QUEUED), "the line to be taken over").await;
    server.start_again();
    ann.sees("Ann", "written and left").await;
    ann.looks_at(second).await;
    ann.goes_back().await;
    ann.sees("Ann", "written and left").await;
    ann.until(NOTHING_WAITS, "nothing on its way").await;
    assert_eq!(sorted(&ann).await, ["written and left"]);
    assert_eq!(server.figure("stonechat_repeats_total"), 0, "it was sent by one tab");
}

async fn what_was_written_offline_outlives_the_browser_and_goes_out_once(browser: Browser) {
    let mut server = Server::start();
    let profile = Arc::new(Profile::fresh(browser));
    let ann = browser.open_in(Arc::clone(&profile), &server.url(), "Ann").await;
    ann.takes_their_name().await;
    ann.is_in_the_room().await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    for n in 1..=3 {
        ann.says(&format!("line {n}")).await;
    }
    ann.until(&waits("line 3", QUEUED), "the last line to wait").await;
    // The browser with it.
    drop(ann);
    server.start_again();
    let mut ben = Writer::comes_in(&server, "Ben");
    assert_eq!(ben.says("nobody has come back yet"), 1);
    let ann = browser.open_in(Arc::clone(&profile), &server.url(), "Ann").await;
    ann.sees("Ann", "line 3").await;
    ann.until(NOTHING_WAITS, "nothing on its way").await;
    let lines: Vec<String> = ann.lines().await.into_iter().map(|line| line.text).collect();
    assert_eq!(lines, ["nobody has come back yet", "line 1", "line 2", "line 3"]);
    assert_eq!(ben.says("the next one"), 5, "nothing else was sent");
}

async fn what_was_written_offline_outlives_the_page_and_goes_out_in_order(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.is_in_the_room().await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    for n in 1..=5 {
        ann.says(&format!("line {n}")).await;
    }
    ann.until(&waits("line 5", QUEUED), "the last line to wait").await;
    server.start_again();
    // At once, before the page has found the server again by itself.
    ann.reloads().await;
    ann.sees("Ann", "line 5").await;
    ann.until(NOTHING_WAITS, "nothing on its way").await;
    let lines: Vec<String> = ann.lines().await.into_iter().map(|line| line.text).collect();
    assert_eq!(lines, ["line 1", "line 2", "line 3", "line 4", "line 5"]);
}

async fn what_one_person_wrote_is_never_sent_as_another_and_holds_nobody_up(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.is_in_the_room().await;
    server.kill();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("only Ann's").await;
    ann.until(&waits("only Ann's", QUEUED), "the line to wait").await;
    ann.loses_their_session().await;
    server.start_again();
    ann.takes_the_name("Carl").await;
    ann.says("I am Carl").await;
    ann.sees("Carl", "I am Carl").await;
    ann.reloads().await;
    ann.sees("Carl", "I am Carl").await;
    ann.until(NOTHING_WAITS, "nothing on its way").await;
    assert_eq!(sorted(&ann).await, ["I am Carl"]);
    let mut ben = Writer::comes_in(&server, "Ben");
    assert_eq!(ben.says("the next one"), 2, "nothing else was sent");
}

/// Ann in two tabs; looks at the second. Answers the first.
async fn two_tabs(browser: Browser, server: &Server) -> (Page, fantoccini::wd::WindowHandle) {
    two_tabs_in(browser, Look::default(), server).await
}

async fn two_tabs_in(browser: Browser, look: Look, server: &Server) -> (Page, fantoccini::wd::WindowHandle) {
    let ann = browser.open_named_with(look, server, "Ann").await;
    ann.is_in_the_room().await;
    let first = ann.opens_in_another_tab(&server.url()).await;
    ann.is_in_the_room().await;
    (ann, first)
}

/// Whether this line stands there, and this is said of it.
fn waits(text: &str, said: &str) -> String {
    let text = text.replace('\'', "\\'");
    format!(
        "[...document.querySelectorAll('.message')].some(it => it.querySelector('.text')?.textContent === '{text}' \
         && it.querySelector('.state')?.title === '{said}')"
    )
}

async fn sorted(page: &Page) -> Vec<String> {
    let mut texts: Vec<String> = page.lines().await.into_iter().map(|line| line.text).collect();
    texts.sort();
    texts
}
