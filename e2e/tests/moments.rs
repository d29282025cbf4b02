//! What a page hears of its browser: a network that is there again, somebody who looks, sleep, being left.

use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Page, Proxy, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_network_that_is_there_again_ends_the_wait_at_once,
    who_looks_at_the_page_does_not_wait,
    who_wakes_finds_a_line_that_was_lost_in_sleep,
    a_page_that_is_left_lets_go_of_its_connection_and_takes_it_up_again,
    who_leaves_by_a_link_and_comes_back_sees_everything_and_sends_once,
}

const NOTHING_WAITS: &str = "!document.querySelector('.message[data-id]')";

/// From now on the wait for the next try, which is half a second to a second long at first, does not end by itself.
const NEVER_TRIES: &str = "
const later = window.setTimeout.bind(window);
window.setTimeout = (then, ms, ...rest) => ms >= 500 && ms <= 1000 ? 0 : later(then, ms, ...rest);";

/// By its clock the page has slept for 35 seconds, longer than a ping may be late, and somebody wakes the machine. What it
/// would find out by itself, looking every five seconds, it does not.
const WAKES: &str = "
const later = window.setTimeout.bind(window);
window.setTimeout = (then, ms, ...rest) => ms === 5000 ? 0 : later(then, ms, ...rest);
const now = window.Date.now.bind(window.Date);
window.Date.now = () => now() + 35_000;
window.dispatchEvent(new window.Event('focus'));";

async fn a_network_that_is_there_again_ends_the_wait_at_once(browser: Browser) {
    comes_back_by(browser, "online").await;
}

async fn who_looks_at_the_page_does_not_wait(browser: Browser) {
    comes_back_by(browser, "focus").await;
}

/// Nothing but this event ends the wait of a page that has lost its connection.
async fn comes_back_by(browser: Browser, event: &str) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let ann = open(browser, &proxy).await;
    ann.executes(NEVER_TRIES, vec![]).await;
    proxy.cuts();
    ann.waits_for_the_line_to_be("reconnecting").await;
    ann.says("while it waits").await;
    ann.until("document.querySelector('.message[data-state=queued]')", "the message to wait").await;
    let before = server.figure("stonechat_connections_total");
    ann.executes(&format!("window.dispatchEvent(new window.Event('{event}'))"), vec![]).await;
    ann.sees("Ann", "while it waits").await;
    assert_eq!(ann.lines().await.len(), 1);
    assert_eq!(server.figure("stonechat_connections_total"), before + 1, "one try was enough");
}

async fn who_wakes_finds_a_line_that_was_lost_in_sleep(browser: Browser) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let ann = open(browser, &proxy).await;
    let mut ben = Writer::comes_in(&server, "Ben");
    // The connection is gone for good, and nobody is told.
    proxy.swallows(Faults { is_black_hole: true, ..Faults::default() }, || {
        ben.says("while you slept");
    });
    proxy.heals();
    assert_eq!(ann.evaluate("document.querySelector('[data-line]').dataset.line").await, "connected");
    ann.executes(WAKES, vec![]).await;
    ann.sees("Ben", "while you slept").await;
    ann.says("good morning").await;
    ann.sees("Ann", "good morning").await;
    assert_eq!(ann.lines().await.len(), 2);
}

async fn a_page_that_is_left_lets_go_of_its_connection_and_takes_it_up_again(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.says("before").await;
    ann.sees("Ann", "before").await;
    server.waits_until("stonechat_connections", 1);
    ann.leaves_by_a_link_to(&format!("{}healthz", server.url())).await;
    server.waits_until("stonechat_connections", 0);
    Writer::comes_in(&server, "Ben").says("while you were away");
    ann.goes_back().await;
    ann.sees("Ann", "before").await;
    ann.sees("Ben", "while you were away").await;
    ann.says("after").await;
    ann.sees("Ann", "after").await;
    assert_eq!(ann.lines().await.len(), 3);
}

async fn who_leaves_by_a_link_and_comes_back_sees_everything_and_sends_once(browser: Browser) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let ann = open(browser, &proxy).await;
    ann.says("before").await;
    ann.sees("Ann", "before").await;
    proxy.does(Faults { holds: true, ..Faults::default() });
    proxy.cuts();
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the line to be down").await;
    ann.says("written and left").await;
    ann.until("document.querySelector('.message[data-state=queued]')", "the message to wait").await;
    ann.leaves_by_a_link_to(&format!("{}healthz", server.url())).await;
    Writer::comes_in(&server, "Ben").says("while you were away");
    proxy.heals();
    ann.goes_back().await;
    for (author, text) in [("Ann", "before"), ("Ben", "while you were away"), ("Ann", "written and left")] {
        ann.sees(author, text).await;
    }
    ann.until(NOTHING_WAITS, "nothing on its way").await;
    assert_eq!(ann.lines().await.len(), 3);
    assert_eq!(server.figure("stonechat_repeats_total"), 0, "it was sent once");
}

async fn open(browser: Browser, proxy: &Proxy) -> Page {
    let page = browser.open_at(&proxy.url(), "Ann").await;
    page.takes_their_name().await;
    page.is_in_the_room().await;
    page
}
