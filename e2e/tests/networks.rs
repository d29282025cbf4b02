//! Firewalls, proxies and lines that break: the page finds its way, and nothing is lost or there twice.

use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Look, Page, Proxy, Server, Writer, in_both_browsers};

in_both_browsers! {
    where_no_socket_passes_two_people_talk_by_events_and_come_back_to_the_socket,
    where_streams_are_held_back_two_people_talk_by_questions,
    where_sockets_open_and_stay_mute_two_people_talk_by_events,
    where_sockets_carry_only_what_comes_down_two_people_talk_by_events,
    a_line_that_is_cut_again_and_again_loses_and_doubles_nothing,
    a_line_that_falls_silent_is_given_up_and_found_again,
    who_was_away_for_long_gets_the_newest_and_loads_the_rest,
}

const NOTHING_WAITS: &str = "!document.querySelector('.message[data-id]')";

async fn where_no_socket_passes_two_people_talk_by_events_and_come_back_to_the_socket(browser: Browser) {
    let (_server, proxy, ann, ben) = two_people(browser, Faults { strips_upgrade: true, ..Faults::default() }).await;
    for page in [&ann, &ben] {
        by(page, "events").await;
    }
    talk(&ann, &ben, "by events").await;
    // What he tries in vain is tried again and again, every three minutes: his are short.
    ben.executes(MINUTES_ARE_SHORT, vec![]).await;
    ben.clicks("button", "Try now").await;
    ben.until("tries > 2", "what he tries in vain").await;
    talk(&ann, &ben, "while it is tried").await;
    proxy.heals();
    ann.clicks("button", "Try now").await;
    by(&ann, "socket").await;
    talk(&ann, &ben, "each by their own way").await;
    by(&ben, "socket").await;
    talk(&ann, &ben, "by the socket").await;
}

/// From now on, what is to happen in three minutes happens in a fifth of a second, and sockets are counted.
const MINUTES_ARE_SHORT: &str = "
window.tries = 0;
window.WebSocket = class extends WebSocket {
  constructor(...how) { super(...how); window.tries += 1; }
};
const later = window.setTimeout;
window.setTimeout = (then, ms) => later.call(window, then, ms === 180_000 ? 200 : ms);
";

async fn where_streams_are_held_back_two_people_talk_by_questions(browser: Browser) {
    let faults = Faults { strips_upgrade: true, buffers_streams: true, ..Faults::default() };
    let (_server, proxy, ann, ben) = two_people(browser, faults).await;
    for page in [&ann, &ben] {
        by(page, "questions").await;
    }
    talk(&ann, &ben, "by questions").await;
    ann.clicks("button", "Frames").await;
    let handshake = "document.querySelector('#inspector .handshake').textContent.startsWith('Long polling http')";
    ann.until(handshake, "how it is carried").await;
    ann.clicks("button", "Frames").await;
    proxy.heals();
    ann.clicks("button", "Try now").await;
    by(&ann, "socket").await;
    talk(&ann, &ben, "each by their own way").await;
}

async fn where_sockets_open_and_stay_mute_two_people_talk_by_events(browser: Browser) {
    let (_server, proxy, ann, ben) = two_people(browser, Faults { mutes_sockets: true, ..Faults::default() }).await;
    for page in [&ann, &ben] {
        by(page, "events").await;
    }
    talk(&ann, &ben, "by events").await;
    proxy.heals();
    ann.clicks("button", "Try now").await;
    by(&ann, "socket").await;
    talk(&ann, &ben, "each by their own way").await;
}

async fn where_sockets_carry_only_what_comes_down_two_people_talk_by_events(browser: Browser) {
    let (_server, proxy, ann, ben) = two_people(browser, Faults { deafens_sockets: true, ..Faults::default() }).await;
    for page in [&ann, &ben] {
        by(page, "events").await;
    }
    talk(&ann, &ben, "by events").await;
    proxy.heals();
    ann.clicks("button", "Try now").await;
    by(&ann, "socket").await;
    talk(&ann, &ben, "each by their own way").await;
}

async fn a_line_that_is_cut_again_and_again_loses_and_doubles_nothing(browser: Browser) {
    let (_server, proxy, ann, ben) = two_people(browser, Faults::default()).await;
    let mut expected = Vec::new();
    for round in 0..6 {
        for page in [&ann, &ben] {
            let text = format!("{} {round}", page.who());
            page.says(&text).await;
            expected.push(text);
        }
        // In turns: whatever is on its way, and answers only, after which the post stands and nobody knows.
        if round % 2 == 0 {
            proxy.does(Faults { drops_answers: true, ..Faults::default() });
            ann.says(&format!("Ann unanswered {round}")).await;
            if round == 0 {
                // Later, the line may still be on its way back.
                is_sending(&ann, "Sending").await;
            }
            expected.push(format!("Ann unanswered {round}"));
        }
        proxy.cuts();
        proxy.heals();
    }
    for page in [&ann, &ben] {
        for text in &expected {
            page.sees(text.split(' ').next().unwrap_or_default(), text).await;
        }
        page.until(NOTHING_WAITS, "nothing on its way").await;
    }
    let lines = ann.lines().await;
    assert_eq!(lines, ben.lines().await);
    let mut texts: Vec<String> = lines.into_iter().map(|line| line.text).collect();
    texts.sort();
    expected.sort();
    assert_eq!(texts, expected);
}

async fn a_line_that_falls_silent_is_given_up_and_found_again(browser: Browser) {
    // Silence is noticed by the pings that do not come: here they come every second.
    let server = Server::start_with(&["--post-rate", "0", "--connections-per-ip", "0", "--ping-ms", "1000"]);
    let proxy = Proxy::before(server.addr());
    let ann = browser.open_with(Look::chinese(), &proxy.url(), "Ann").await;
    ann.takes_their_name().await;
    ann.is_in_the_room().await;
    proxy.does(Faults { is_black_hole: true, ..Faults::default() });
    ann.says("into the dark").await;
    is_sending(&ann, "正在发送").await;
    ann.until("document.querySelector('[data-line]').dataset.line !== 'connected'", "the silence to be noticed").await;
    proxy.heals();
    ann.sees("Ann", "into the dark").await;
    assert_eq!(ann.lines().await.len(), 1);
}

async fn who_was_away_for_long_gets_the_newest_and_loads_the_rest(browser: Browser) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let ann = open(browser, &proxy, "Ann").await;
    ann.says("before").await;
    ann.sees("Ann", "before").await;
    proxy.does(Faults { holds: true, ..Faults::default() });
    proxy.cuts();
    let mut ben = Writer::comes_in(&server, "Ben");
    let lines: Vec<String> = (1..=1_200).map(|n| format!("line {n}")).collect();
    ben.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    proxy.heals();
    ann.sees("Ben", "line 1200").await;
    assert!(ann.lines().await.len() <= 300, "a snapshot, not all of it");
    // What lies between is a divider that loads as it is reached.
    let is_start = "document.querySelector('.start')";
    for _ in 0..200 {
        if ann.evaluate(&format!("!!{is_start}")).await == true {
            break;
        }
        ann.executes("document.querySelector('[role=log]').scrollTop = 0", vec![]).await;
        // What is put above moves the top away from where the reader is.
        ann.until(&format!("{is_start} || document.querySelector('[role=log]').scrollTop > 0"), "earlier lines").await;
    }
    ann.sees("Ann", "before").await;
    ann.sees("Ben", "line 1").await;
}

/// Ann and Ben, with their names, behind a proxy that begins to misbehave when they are there.
async fn two_people(browser: Browser, faults: Faults) -> (Server, Proxy, Page, Page) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let ann = open(browser, &proxy, "Ann").await;
    let ben = open(browser, &proxy, "Ben").await;
    if faults != Faults::default() {
        proxy.does(faults);
        proxy.cuts();
    }
    (server, proxy, ann, ben)
}

async fn open(browser: Browser, proxy: &Proxy, who: &str) -> Page {
    let page = browser.open_at(&proxy.url(), who).await;
    page.takes_their_name().await;
    page.is_in_the_room().await;
    page
}

/// Waits until the page says so of a message.
async fn is_sending(page: &Page, sentence: &str) {
    let state = "document.querySelector('.message[data-state=sending] > .state')";
    page.until(&format!("[{state}.title, {state}.textContent].join() === '{sentence},{sentence}'"), sentence).await;
}

/// Waits until the chat is carried this way.
async fn by(page: &Page, way: &str) {
    page.until_patiently(&format!("document.querySelector('[data-line]').dataset.way === '{way}'"), way).await;
}

async fn talk(ann: &Page, ben: &Page, text: &str) {
    ann.says(text).await;
    ben.sees("Ann", text).await;
    ben.says(&format!("{text} too")).await;
    ann.sees("Ben", &format!("{text} too")).await;
    for page in [ann, ben] {
        page.until(NOTHING_WAITS, "nothing on its way").await;
    }
    assert_eq!(ann.lines().await, ben.lines().await);
}
