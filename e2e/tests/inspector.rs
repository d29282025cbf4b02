//! What goes over the line, for people who want to see it.

use fantoccini::key::Key;
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Page, Proxy, Server, in_both_browsers};

in_both_browsers! {
    frames_are_listed_as_they_go_by,
    a_frame_opens_to_its_json,
    what_is_filtered_out_or_comes_in_a_pause_is_not_listed,
    frames_without_a_socket_are_listed_too,
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
    let ann = browser.open(&server, "Ann").await;
    opens(&ann).await;
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

async fn what_is_filtered_out_or_comes_in_a_pause_is_not_listed(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    opens(&ann).await;
    ann.says("apple").await;
    ann.says("pear").await;
    ann.until(&format!("{LISTED}.length >= 6"), "the frames").await;
    ann.executes("document.querySelector('#inspector [type=search]').focus()", vec![]).await;
    ann.types("APPLE").await;
    let texts = "[...document.querySelectorAll('#inspector .json')].map(it => it.textContent)";
    ann.until(&format!("{texts}.length && {texts}.every(it => it.includes('apple'))"), "only one of them").await;
    ann.clicks("button", "Pause").await;
    ann.says("apple again").await;
    ann.sees("Ann", "apple again").await;
    assert_eq!(ann.evaluate(&format!("{texts}.some(it => it.includes('again'))")).await, false);
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
