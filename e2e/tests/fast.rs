//! A room that moves faster than a hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use serde_json::json;
use stonechat_e2e::{Browser, Look, Server, Writer, in_both_browsers};

in_both_browsers! {
    a_fast_room_holds_still_for_who_points_at_it,
    alt_holds_a_fast_room_still,
    who_writes_while_the_room_holds_still_goes_on_with_it,
    an_alt_key_that_is_let_go_elsewhere_holds_nothing,
    a_hundred_lines_are_painted_in_one_picture,
    removals_reach_lines_while_the_room_holds_still,
    a_flood_is_announced_in_one_line_and_a_calm_line_as_it_is,
    floods_and_calm_lines_are_announced_in_chinese,
}

/// Somebody who writes line after line until they are told to stop.
struct Flood {
    is_over: Arc<AtomicBool>,
    writes: JoinHandle<(Writer, Vec<u64>)>,
}

impl Flood {
    fn comes_in(server: &Server) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let (over, mut writer) = (Arc::clone(&is_over), Writer::comes_in(server, "Zoë"));
        let writes = std::thread::spawn(move || {
            let mut seqs = Vec::new();
            while !over.load(Ordering::Relaxed) {
                seqs.push(writer.says(&format!("line {}", seqs.len())));
            }
            (writer, seqs)
        });
        Self { is_over, writes }
    }

    fn ends(self) -> (Writer, Vec<u64>) {
        self.is_over.store(true, Ordering::Relaxed);
        self.writes.join().expect("the writer has written")
    }
}

/// More lines than the view has place for.
const IS_FULL: &str = "(it => it.scrollHeight > it.clientHeight)(document.querySelector('.timeline'))";
const IS_HELD: &str = "/Held still|已暂停滚动/.test(document.querySelector('.jump:not([hidden])')?.textContent ?? '')";
const IS_COUNTING: &str =
    "/Held still, [1-9]|已暂停滚动，[1-9]/.test(document.querySelector('.jump:not([hidden])')?.textContent ?? '')";
const NOTES_A_LINE: &str = "
window.aim = [...document.querySelectorAll('.message')].at(-3);
window.aimed = aim.getBoundingClientRect().top;";

/// Aims at a line near the end, as `how` does it, until the room holds still; then notes where the line is.
fn aims(how: &str) -> String {
    format!(
        "(() => {{
           const pill = () => document.querySelector('.jump:not([hidden])')?.textContent ?? '';
           if (!/Held still|已暂停滚动/.test(pill())) {{
             window.aim = [...document.querySelectorAll('.message')].at(-3);
             window.aimed = aim?.getBoundingClientRect().top;
             if (aim) {{ {how} }}
           }}
           return /Held still, [1-9]|已暂停滚动，[1-9]/.test(pill());
         }})()"
    )
}

const POINTS: &str = "aim.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))";
const LEAVES: &str = "document.querySelector('.timeline').dispatchEvent(new PointerEvent('pointerleave'))";
const STANDS: &str = "Math.abs(aim.getBoundingClientRect().top - aimed) < 1.5";
const AT_THE_END: &str = "document.querySelector('.jump').hidden
  && (it => it.scrollHeight - it.clientHeight - it.scrollTop < 2)(document.querySelector('.timeline'))";

async fn a_fast_room_holds_still_for_who_points_at_it(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let page = browser.open(&server, "Ann").await;
    let flood = Flood::comes_in(&server);
    // A hand that moves over the lines until they are fast.
    page.until(IS_FULL, "a room full of lines").await;
    let mut n = 0;
    while page.evaluate(IS_HELD).await != true {
        page.moves_to(600.0 + f64::from(n % 2) * 20.0, 400.0).await;
        n += 1;
        assert!(n < 500, "the room never holds still");
    }
    page.executes(NOTES_A_LINE, vec![]).await;
    page.until(IS_COUNTING, "how many wait").await;
    assert_eq!(page.evaluate(STANDS).await, true);
    flood.ends();
    page.moves_to(600.0, 5.0).await;
    page.until(AT_THE_END, "the room to go on, at its newest line").await;
}

async fn alt_holds_a_fast_room_still(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let page = browser.open_with(Look::chinese(), &server.url(), "Ann").await;
    let flood = Flood::comes_in(&server);
    page.until(IS_FULL, "a room full of lines").await;
    // It is pressed again and again until the room is fast.
    let mut n = 0;
    page.holds("Alt").await;
    while page.evaluate(IS_HELD).await != true {
        page.lets_go_of("Alt").await;
        page.holds("Alt").await;
        n += 1;
        assert!(n < 500, "the room never holds still");
    }
    page.executes(NOTES_A_LINE, vec![]).await;
    page.until(IS_COUNTING, "how many wait").await;
    assert_eq!(page.evaluate(STANDS).await, true);
    flood.ends();
    page.lets_go_of("Alt").await;
    page.until(AT_THE_END, "the room to go on, at its newest line").await;
}

async fn who_writes_while_the_room_holds_still_goes_on_with_it(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let page = browser.open(&server, "Ann").await;
    page.takes_their_name().await;
    let flood = Flood::comes_in(&server);
    page.until(&aims(POINTS), "the room to hold still").await;
    let (mut writer, _) = flood.ends();
    // The pointer rests where it is.
    page.says("mine").await;
    page.sees("Ann", "mine").await;
    page.until(AT_THE_END, "the room to go on, at its newest line").await;
    writer.says("theirs");
    page.sees("Zoë", "theirs").await;
    page.until(AT_THE_END, "the room to stay at its newest line").await;
    page.executes(LEAVES, vec![]).await;
    page.until(AT_THE_END, "the room to stay where it is").await;
}

async fn an_alt_key_that_is_let_go_elsewhere_holds_nothing(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let page = browser.open(&server, "Ann").await;
    let flood = Flood::comes_in(&server);
    let pressed = "dispatchEvent(new KeyboardEvent('keyup', { key: 'Alt', bubbles: true }));
      dispatchEvent(new KeyboardEvent('keydown', { key: 'Alt', bubbles: true }))";
    page.until(&aims(pressed), "the room to hold still").await;
    // As Alt Tab does: the key is let go over another window.
    page.executes("document.hasFocus = () => false; dispatchEvent(new Event('blur'))", vec![]).await;
    page.until("document.querySelector('.jump').hidden", "the room to go on").await;
    flood.ends();
}

async fn a_hundred_lines_are_painted_in_one_picture(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let page = browser.open(&server, "Ann").await;
    page.takes_their_name().await;
    page.says("before").await;
    page.sees("Ann", "before").await;
    page.executes(HOLDS_PICTURES, vec![]).await;
    let (mut zoe, mut zed) = (Writer::comes_in(&server, "Zoë"), Writer::comes_in(&server, "Zed"));
    zed.says_all(&["gone too", "gone as well"]);
    let lines: Vec<String> = (1..=100).map(|n| format!("line {n}")).collect();
    let seqs = zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    // What is removed before it was painted is never seen.
    zoe.sends(&json!({ "type": "remove", "id": "r", "room": "lobby", "target": seqs[49] }));
    zoe.says("line 101");
    zed.sends(&json!({ "type": "purge", "id": "all", "room": "lobby", "user": zed.id() }));
    page.until("window.arrived", "the last event to arrive").await;
    assert_eq!(page.evaluate("document.querySelectorAll('.message').length").await, 1, "nothing before the picture");
    assert_eq!(page.evaluate("held.length").await, 1, "however many frames came, one picture is asked for");
    page.executes("paint()", vec![]).await;
    page.sees("Zoë", "line 101").await;
    let texts: Vec<String> = page.lines().await.into_iter().map(|line| line.text).collect();
    let removed = "This message was removed";
    let shown = ["before", removed, removed].into_iter().map(str::to_owned);
    let shown = shown.chain((1..=101).map(|n| if n == 50 { removed.to_owned() } else { format!("line {n}") }));
    assert_eq!(texts, shown.collect::<Vec<_>>());
}

/// From now on pictures are painted when `paint` is called, and `arrived` tells that a purge is in the page, which has
/// had its turn to take it in.
const HOLDS_PICTURES: &str = "
window.held = [];
const paints = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = then => held.push(then);
window.paint = () => { window.requestAnimationFrame = paints; held.forEach(then => paints(then)); };
const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
Object.defineProperty(MessageEvent.prototype, 'data', { ...data, get() {
  const text = data.get.call(this);
  if (typeof text === 'string' && text.includes('purge')) {
    setTimeout(() => { window.arrived = true; document.body.dataset.arrived = ''; });
  }
  return text;
} });";

async fn removals_reach_lines_while_the_room_holds_still(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let page = browser.open(&server, "Ann").await;
    let flood = Flood::comes_in(&server);
    page.until(&aims(POINTS), "the room to hold still").await;
    let (mut writer, seqs) = flood.ends();
    let aimed_at = page.evaluate("Number(aim.dataset.seq)").await.as_u64().unwrap_or_default();
    let newest = seqs[seqs.len() - 1];
    for (n, target) in [aimed_at, newest].into_iter().enumerate() {
        writer.sends(&json!({ "type": "remove", "id": format!("r{n}"), "room": "lobby", "target": target }));
    }
    page.until("aim.hasAttribute('data-removed')", "the removal of the line that is aimed at").await;
    let (all, removed) = ("document.querySelectorAll('.message')", "[data-removed]");
    let all_are_gone = format!("[...{all}].every(it => it.matches('{removed}'))");
    assert_eq!(page.evaluate(&all_are_gone).await, false);
    writer.sends(&json!({ "type": "purge", "id": "all", "room": "lobby", "user": writer.id() }));
    page.until(&all_are_gone, "all lines of the same person to be removed, where they stand").await;
    assert_eq!(page.evaluate(STANDS).await, true);
    page.executes(LEAVES, vec![]).await;
    let gone = format!("document.querySelector(\".message[data-seq='{newest}'][data-removed]\")");
    page.until(&gone, "those that were not seen yet to come without their texts").await;
    assert_eq!(page.evaluate(&all_are_gone).await, true);
    assert_eq!(page.evaluate("document.querySelector('.timeline').textContent.includes('line ')").await, false);
}

async fn a_flood_is_announced_in_one_line_and_a_calm_line_as_it_is(browser: Browser) {
    announces(browser, "en-US", "40 new messages", "Zoë: calm").await;
}

async fn floods_and_calm_lines_are_announced_in_chinese(browser: Browser) {
    announces(browser, "zh-CN", "40 条新消息", "Zoë：calm").await;
}

/// All that the page's one polite announcer says while forty lines come at once, and then one.
async fn announces(browser: Browser, language: &'static str, flood: &str, calm: &str) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let page = browser.open_with(Look { language, ..Look::default() }, &server.url(), "Ann").await;
    page.takes_their_name().await;
    let polite = "[...document.querySelectorAll('[aria-live]:not([aria-live=off])')].map(it => `${it.id} ${it.ariaLive}`).join()";
    assert_eq!(page.evaluate(polite).await, "announcer polite");
    page.executes(
        "window.said = []; new MutationObserver(() => said.push(document.querySelector('#announcer').textContent))
           .observe(document.querySelector('#announcer'), { characterData: true, childList: true, subtree: true })",
        vec![],
    )
    .await;
    let mut writer = Writer::comes_in(&server, "Zoë");
    let lines: Vec<String> = (0..40).map(|n| format!("line {n}")).collect();
    writer.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    page.until("said.length", "the announcer").await;
    assert_eq!(page.evaluate("said.join()").await, flood);
    writer.says("calm");
    page.until("said.length > 1", "the announcer again").await;
    assert_eq!(page.evaluate("said.slice(1).join()").await, calm);
}
