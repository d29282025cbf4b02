//! Nobody is shut out of what is seen now and then: while one writes, where nothing is found, where something goes wrong.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::views::{clicks, closes, opens, takes_up};
use stonechat_e2e::{Axe, Browser, Look, Page, Proxy, Server, Writer, in_both_browsers};

in_both_browsers! {
    nobody_is_shut_out_now_and_then_in_english,
    nobody_is_shut_out_now_and_then_in_chinese,
}

async fn nobody_is_shut_out_now_and_then_in_english(browser: Browser) {
    now_and_then(browser, "en-US").await;
}

async fn nobody_is_shut_out_now_and_then_in_chinese(browser: Browser) {
    now_and_then(browser, "zh-CN").await;
}

async fn now_and_then(browser: Browser, language: &'static str) {
    let mut axe = Axe::with(&["light", "dark"]);
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    zoe.sends(&json!({ "type": "join", "room": "lobby" }));
    zoe.says("ask @nobody");
    let page = browser.open_with(Look { language, ..Look::default() }, &proxy.url(), "Ann").await;
    page.takes_their_name().await;
    page.sees("Zoë", "ask @nobody").await;
    offers(&mut axe, &page).await;
    what_is_written(&mut axe, &page).await;
    files(&mut axe, &page).await;
    nothing(&mut axe, &page).await;
    people(&mut axe, &page).await;
    new(&mut axe, &page, &proxy, &mut zoe).await;
    crowd(&mut axe, &page, &server).await;
    page.follows("/").await;
    held(&mut axe, &page, &mut zoe).await;
    lines(&mut axe, &page, &proxy, &mut zoe).await;
    fallen(&mut axe, &page).await;
    axe.found_nothing();
}

/// What the composer holds, from one moment to the next.
const HOLDS: &str = "
const field = document.querySelector('#composer-input');
field.value = arguments[0];
field.dispatchEvent(new InputEvent('input', { bubbles: true }));
";

async fn holds(page: &Page, text: &str) {
    page.executes(HOLDS, vec![json!(text)]).await;
}

/// Each list that completes.
async fn offers(axe: &mut Axe, page: &Page) {
    for typed in ["/", "@", "#", ":smi"] {
        holds(page, "").await;
        page.writes(typed).await;
        page.until("document.querySelector('.suggest [role=option]')", typed).await;
        axe.looks_at(page, &format!("completion of {typed}")).await;
    }
    holds(page, "").await;
}

async fn what_is_written(axe: &mut Axe, page: &Page) {
    page.says("/nosuch command").await;
    page.until("document.querySelector('.under[role=alert]')", "what is wrong").await;
    axe.looks_at(page, "a command that there is not").await;
    holds(page, &"x".repeat(3_900)).await;
    page.until("document.querySelector('.counter') && !document.querySelector('.under[role=alert]')", "how long it is")
        .await;
    axe.looks_at(page, "a long text").await;
    holds(page, &"x".repeat(4_100)).await;
    page.until(
        "document.querySelector('.counter') && document.querySelector('.under[role=alert]')",
        "that it is too long",
    )
    .await;
    axe.looks_at(page, "a text that is too long").await;
    holds(page, "").await;
    page.says("my own").await;
    page.sees("Ann", "my own").await;
    for (text, key) in [("my own", "e"), ("ask @nobody", "r")] {
        takes_up(page, text).await;
        page.types(key).await;
        page.until("document.activeElement.id === 'composer-input' && document.querySelector('.context')", key).await;
        axe.looks_at(page, &format!("the composer after {key}")).await;
        page.presses(Key::Escape).await;
        page.until("!document.querySelector('.context')", "it to be let go of").await;
    }
}

async fn files(axe: &mut Axe, page: &Page) {
    page.until("document.querySelector('.chooser')", "who takes files").await;
    page.holds_uploads().await;
    let files = json!([{ "name": "a.png", "width": 300, "height": 200 }, { "name": "b.txt", "text": "b" }]);
    page.brings("drop", files.clone()).await;
    page.says("with two files").await;
    page.until(
        "document.querySelector('.tray-note') && document.querySelector('[role=progressbar]')",
        "the way of them",
    )
    .await;
    axe.looks_at(page, "files on their way").await;
    page.executes("fail()", vec![]).await;
    page.until("document.querySelectorAll('.tray-file[data-state=failed]').length === 2", "that they failed").await;
    page.presses(Key::Enter).await;
    page.until("document.querySelector('.under[role=alert]')", "what to do about them").await;
    axe.looks_at(page, "files that failed").await;
    page.brings("hover", files).await;
    page.until("document.querySelector('.drop').checkVisibility()", "where to let go").await;
    axe.looks_at(page, "files over the room").await;
    page.executes("document.querySelector('[data-drop]').removeAttribute('data-drop')", vec![]).await;
    for left in [1, 0] {
        clicks(page, ".tray-file > button:last-of-type").await;
        page.until(&format!("document.querySelectorAll('.tray-file').length === {left}"), "one less").await;
    }
    holds(page, "").await;
}

/// Where nothing is found.
async fn nothing(axe: &mut Axe, page: &Page) {
    clicks(page, ".head-actions button:nth-child(1)").await;
    page.until("document.querySelector('#pinned .panel-empty')", "that nothing is pinned").await;
    axe.looks_at(page, "nothing pinned").await;
    clicks(page, ".head-actions button:nth-child(2)").await;
    page.until("document.activeElement.id === 'search-input'", "the search").await;
    page.types("qqq").await;
    page.until("document.querySelector('#search .panel-empty')", "that nothing is found").await;
    axe.looks_at(page, "nothing found").await;
    page.presses(Key::Escape).await;
    clicks(page, ".composer .emoji").await;
    page.until("document.activeElement.matches('#picker input')", "the picker").await;
    page.types("qqq").await;
    page.until("document.querySelector('#picker .list-empty')", "that no emoji is called so").await;
    axe.looks_at(page, "no emoji").await;
    // Escape may empty the field first, as the browser likes it.
    page.executes("document.querySelector('#picker').hidePopover()", vec![]).await;
    page.until("!document.querySelector('#picker')", "the picker to close").await;
    clicks(page, "a.mention").await;
    opens(page, "person").await;
    page.until("document.querySelector('#person .field-hint')", "that nobody is called so").await;
    axe.looks_at(page, "nobody").await;
    closes(page, "person").await;
}

/// A new talk, and what it is.
async fn people(axe: &mut Axe, page: &Page) {
    clicks(page, ".section:has(~ .room-list:empty) ~ .section button").await;
    opens(page, "new-direct").await;
    clicks(page, "#new-direct .person").await;
    page.until("document.querySelector('#new-direct :checked')", "somebody to be chosen").await;
    axe.looks_at(page, "a new talk with somebody").await;
    page.executes("document.querySelector('#direct-search').focus()", vec![]).await;
    page.types("qqq").await;
    page.until("document.querySelector('#new-direct .list-empty')", "that nobody is called so").await;
    axe.looks_at(page, "a new talk with nobody").await;
    clicks(page, "#new-direct .button.primary").await;
    page.until("document.querySelector('h1')?.textContent === 'Zoë' && !document.querySelector('dialog')", "the talk")
        .await;
    clicks(page, ".head-name").await;
    opens(page, "about").await;
    page.until("document.querySelectorAll('#about .person').length === 2", "who is in it").await;
    axe.looks_at(page, "what a talk is").await;
    closes(page, "about").await;
}

/// More was written than one counts: what is new begins above, and then in the view.
async fn new(axe: &mut Axe, page: &Page, proxy: &Proxy, zoe: &mut Writer) {
    let lines: Vec<String> = (1..=120).map(|n| format!("missed {n}")).collect();
    zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    page.counts("/", "99+").await;
    page.goes_to(&proxy.url()).await;
    page.until("!document.querySelector('.jump-new').hidden", "the way to what is new").await;
    axe.looks_at(page, "what is new, above").await;
    clicks(page, ".jump-new .text-button").await;
    let seen =
        "(it => it.top > 0 && it.bottom < innerHeight)(document.querySelector('.divider.new').getBoundingClientRect())";
    page.until(seen, "the first that is new").await;
    axe.looks_at(page, "what is new").await;
}

/// More people than a page of the list has.
async fn crowd(axe: &mut Axe, page: &Page, server: &Server) {
    let mut crowd: Vec<Writer> = (0..201).map(|n| Writer::comes_in(server, &format!("Guest {n}"))).collect();
    crowd[0].makes_room(server, "crowd", "Crowd");
    for writer in &mut crowd {
        writer.sends(&json!({ "type": "join", "room": "crowd" }));
    }
    page.follows("/r/crowd").await;
    page.until("document.querySelector('.here').textContent.trim() === '202'", "how many are here").await;
    page.until("document.querySelector('.members .text-button')", "the way to more of them").await;
    axe.looks_at(page, "a crowd").await;
}

/// A fast room holds still for who points at it.
async fn held(axe: &mut Axe, page: &Page, zoe: &mut Writer) {
    let is_held = "!document.querySelector('.jump').hidden";
    for round in 0..20 {
        let lines: Vec<String> = (0..12).map(|n| format!("line {round} {n}")).collect();
        zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        page.sees("Zoë", &format!("line {round} 11")).await;
        let points = "[...document.querySelectorAll('.message')].at(-3).dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))";
        page.executes(points, vec![]).await;
        if page.evaluate(is_held).await == true {
            break;
        }
    }
    zoe.says_all(&["one more", "and another"]);
    page.until("document.querySelector('.jump[data-new]:not([hidden])')", "how many wait").await;
    axe.looks_at(page, "a room that holds still").await;
    page.executes("document.querySelector('.timeline').dispatchEvent(new PointerEvent('pointerleave'))", vec![]).await;
    page.sees("Zoë", "and another").await;
}

/// From now on the server turns this page away.
const TURNS_AWAY: &str = "
window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new CloseEvent('close', { code: 4003 })));
  }
  send() {}
  close() {}
};
";

/// Others type, and the line is refused, or slow.
async fn lines(axe: &mut Axe, page: &Page, proxy: &Proxy, zoe: &mut Writer) {
    zoe.sends(&json!({ "type": "typing", "room": "lobby" }));
    page.until("document.querySelector('.typing')", "that she types").await;
    // She goes on, as far as this page hears.
    proxy.does(Faults { drops_answers: true, ..Faults::default() });
    axe.looks_at(page, "somebody who types").await;
    page.executes(TURNS_AWAY, vec![]).await;
    proxy.does(Faults { strips_upgrade: true, ..Faults::default() });
    proxy.cuts();
    page.until("document.querySelector('[data-line=refused]')", "to be turned away").await;
    axe.looks_at(page, "turned away").await;
    page.reloads().await;
    page.until_patiently("document.querySelector('[data-way=events]')", "the slower way").await;
    axe.looks_at(page, "the slower way").await;
}

/// What stands ready for the day that the program breaks, or does not start.
async fn fallen(axe: &mut Axe, page: &Page) {
    for id in ["panic", "start-failed"] {
        page.executes("document.getElementById(arguments[0]).hidden = false", vec![json!(id)]).await;
        axe.looks_at(page, id).await;
        page.executes("document.getElementById(arguments[0]).hidden = true", vec![json!(id)]).await;
    }
}
