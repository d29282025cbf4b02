//! Nobody is shut out: axe-core's rules hold in every view, in both languages, by day and by night, at a desk and on a phone.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::views::{clicks, closes, opens, pane, takes_up};
use stonechat_e2e::{Axe, Browser, Look, Page, Proxy, Server, Writer, in_both_browsers};

in_both_browsers! {
    nobody_is_shut_out_in_english,
    nobody_is_shut_out_in_chinese_by_night,
    nobody_is_shut_out_on_a_phone,
    nobody_is_shut_out_on_a_phone_in_chinese,
}

/// High contrast is made of the system's choice.
const BY_DAY: &[&str] = &["light", "dark", "contrast"];
const BY_NIGHT: &[&str] = &["dark", "light", "contrast"];

async fn nobody_is_shut_out_in_english(browser: Browser) {
    at_a_desk(browser, Look::default(), BY_DAY).await;
}

async fn nobody_is_shut_out_in_chinese_by_night(browser: Browser) {
    at_a_desk(browser, Look { language: "zh-CN", dark: true, ..Look::default() }, BY_NIGHT).await;
}

async fn at_a_desk(browser: Browser, look: Look, themes: &'static [&'static str]) {
    let mut axe = Axe::with(themes);
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    let writers = talk(&server);
    let page = browser.open_with(look, &proxy.url(), "Ann").await;
    page.until("document.querySelector('.message')", "the talk").await;
    axe.looks_at(&page, "first visit").await;
    a_taken_name(&mut axe, &page).await;
    page.takes_their_name().await;
    every_kind_of_message(&page).await;
    axe.looks_at(&page, "room").await;
    pictures(&mut axe, &page).await;
    over_the_room(&mut axe, &page).await;
    beside_the_room(&mut axe, &page).await;
    dialogs(&mut axe, &page).await;
    without_a_line(&mut axe, &page, &proxy).await;
    private_room(&mut axe, &page).await;
    drop(writers);
    axe.found_nothing();
}

async fn nobody_is_shut_out_on_a_phone(browser: Browser) {
    on_a_phone(browser, "en-US").await;
}

async fn nobody_is_shut_out_on_a_phone_in_chinese(browser: Browser) {
    on_a_phone(browser, "zh-CN").await;
}

async fn on_a_phone(browser: Browser, language: &'static str) {
    let mut axe = Axe::with(BY_DAY);
    let server = Server::start();
    let writers = talk(&server);
    let look = Look { width: 390, height: 844, language, ..Look::default() };
    let page = browser.open_with(look, &server.url(), "Ann").await;
    page.until("document.querySelector('.message')", "the talk").await;
    axe.looks_at(&page, "phone, first visit").await;
    page.takes_their_name().await;
    every_kind_of_message(&page).await;
    axe.looks_at(&page, "phone, room").await;
    pictures(&mut axe, &page).await;
    takes_up(&page, "shall we?").await;
    axe.looks_at(&page, "phone, message menu").await;
    page.types("t").await;
    pane(&page, "thread").await;
    page.until("document.querySelector('#thread .hit')", "the thread").await;
    axe.looks_at(&page, "phone, thread").await;
    page.presses(Key::Escape).await;
    pane(&page, "room").await;
    picker(&mut axe, &page, "phone, emoji picker").await;
    clicks(&page, ".head .here").await;
    pane(&page, "people").await;
    axe.looks_at(&page, "phone, members").await;
    clicks(&page, ".members-head button").await;
    pane(&page, "room").await;
    clicks(&page, ".head .only-phone").await;
    pane(&page, "rooms").await;
    axe.looks_at(&page, "phone, rooms").await;
    clicks(&page, ".me button:last-child").await;
    opens(&page, "settings").await;
    axe.looks_at(&page, "phone, settings").await;
    closes(&page, "settings").await;
    clicks(&page, ".room-link[href='/']").await;
    pane(&page, "room").await;
    clicks(&page, ".head-actions button:nth-child(2)").await;
    page.until("document.activeElement.id === 'search-input'", "the search").await;
    page.types("the").await;
    page.until("document.querySelector('#search .hit')", "what is found").await;
    axe.looks_at(&page, "phone, search").await;
    page.presses(Key::Escape).await;
    pane(&page, "room").await;
    clicks(&page, ".head-actions button:nth-child(1)").await;
    page.until("document.querySelector('#pinned .hit')", "what is pinned").await;
    axe.looks_at(&page, "phone, pinned").await;
    page.presses(Key::Escape).await;
    pane(&page, "room").await;
    // A phone has no button for it, and may have a keyboard.
    page.types(&[Key::Control.into(), Key::Shift.into(), 'f', Key::Null.into()].iter().collect::<String>()).await;
    inspector(&mut axe, &page, "phone, inspector").await;
    drop(writers);
    axe.found_nothing();
}

/// Somebody else is called so.
async fn a_taken_name(axe: &mut Axe, page: &Page) {
    page.executes("document.querySelector('#name').focus()", vec![]).await;
    page.types("Zoë").await;
    page.presses(Key::Enter).await;
    page.until("document.querySelector('.under[data-kind=error]')", "that the name is taken").await;
    axe.looks_at(page, "first visit, a taken name").await;
    page.executes("document.querySelector('#name').value = ''", vec![]).await;
}

/// What others said before: of each kind one.
fn talk(server: &Server) -> [Writer; 2] {
    let mut zoe = Writer::comes_in(server, "Zoë");
    let mut li = Writer::comes_in(server, "李雷");
    for writer in [&mut zoe, &mut li] {
        writer.sends(&json!({ "type": "join", "room": "lobby" }));
    }
    for (room, title) in [("design", "Design"), ("zhongwen", "中文")] {
        zoe.makes_room(server, room, title);
    }
    zoe.says_in("design", "new there, @Ann");
    let question = zoe.says("shall we?");
    let reply = json!({ "type": "post", "id": "reply", "room": "lobby", "text": "当然", "reply": question });
    li.sends(&reply);
    let seqs = zoe.says_all(&[
        "```rust\nlet the_line = a_rather_long_line_that_does_not_fit(into, any, window, however, wide, it, may, be, today);\n```",
        "> quoted\n\n**bold** *thin* ~~gone~~ `code`\n- one\n- two\nhttps://example.org/the/page @Ann #design",
        "😄🎉",
        "to be edited",
        "to be removed",
        "pinned: the rules",
    ]);
    let note = zoe.uploads(server, "notes.txt", "a few words");
    for command in [
        json!({ "type": "edit", "id": "e", "room": "lobby", "target": seqs[3], "text": "written anew" }),
        json!({ "type": "remove", "id": "r", "room": "lobby", "target": seqs[4] }),
        json!({ "type": "pin", "id": "p", "room": "lobby", "target": seqs[5], "on": true }),
        json!({ "type": "react", "id": "a", "room": "lobby", "target": question, "emoji": "👍", "on": true }),
        json!({ "type": "post", "id": "f", "room": "lobby", "text": "a file", "files": [note] }),
    ] {
        zoe.sends(&command);
    }
    [zoe, li]
}

/// One's own: sent, removed with the way back, and refused.
async fn every_kind_of_message(page: &Page) {
    page.sees("Zoë", "a file").await;
    page.until("document.querySelector('.removed') && document.querySelector('.reaction')", "what happened to them")
        .await;
    page.says("my own").await;
    page.sees("Ann", "my own").await;
    page.executes(ANSWERS_NOTHING, vec![]).await;
    page.says("what is refused").await;
    page.until("document.querySelector('[data-state=refused]')", "the refusal").await;
}

/// From now on, this text goes out as an answer to what is not there.
const ANSWERS_NOTHING: &str = "
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) {
  return send.call(this, text.replace('\"text\":\"what is refused\"', '$&,\"reply\":999999'));
};
";

/// What is brought, sent, and looked at.
async fn pictures(axe: &mut Axe, page: &Page) {
    page.until("document.querySelector('.chooser')", "who takes files").await;
    let files = json!([{ "name": "a.png", "width": 300, "height": 200 }, { "name": "b.txt", "text": "b" }]);
    page.brings("drop", files).await;
    page.until("document.querySelectorAll('.tray-file[data-state=there]').length === 2", "the files").await;
    axe.looks_at(page, "files to send").await;
    page.says("what I saw").await;
    page.until("[...document.querySelectorAll('.picture img')].some(it => it.naturalWidth)", "the picture").await;
    axe.looks_at(page, "picture").await;
    clicks(page, ".picture").await;
    page.until("document.querySelector('dialog[open] img')?.naturalWidth", "the large picture").await;
    axe.looks_at(page, "large picture").await;
    page.presses(Key::Escape).await;
    page.until("!document.querySelector('dialog[open]')", "the room").await;
}

async fn over_the_room(axe: &mut Axe, page: &Page) {
    takes_up(page, "my own").await;
    page.keeps_what_is_copied().await;
    page.executes(NOTICES_STAY, vec![]).await;
    page.types("c").await;
    page.until("document.querySelector('.notice[role=alert]')", "that it is copied").await;
    axe.looks_at(page, "message menu, notice").await;
    page.types("r").await;
    page.until("document.querySelector('.context')", "the reply").await;
    page.types(":smi").await;
    page.until("document.querySelector('.suggest [role=option]')", "the completion").await;
    axe.looks_at(page, "completion, reply").await;
    page.presses(Key::Escape).await;
    page.presses(Key::Escape).await;
    page.until("!document.querySelector('.context')", "the reply to be dropped").await;
    picker(axe, page, "emoji picker").await;
}

/// From now on, what is said in passing stands until something else is said.
const NOTICES_STAY: &str = "
const later = window.setTimeout.bind(window);
window.setTimeout = (then, ms, ...rest) => ms === 6000 ? 0 : later(then, ms, ...rest);";

async fn picker(axe: &mut Axe, page: &Page, view: &str) {
    clicks(page, ".composer .emoji").await;
    page.until("document.querySelectorAll('#picker:popover-open .picker-row').length > 200", "the picker").await;
    axe.looks_at(page, view).await;
    page.presses(Key::Escape).await;
    page.until("!document.querySelector('#picker:popover-open')", "the picker to close").await;
}

async fn beside_the_room(axe: &mut Axe, page: &Page) {
    clicks(page, ".head-actions button:nth-child(2)").await;
    page.until("document.activeElement.id === 'search-input'", "the search").await;
    axe.looks_at(page, "search, hints").await;
    page.types("the").await;
    page.until("document.querySelector('#search .hit')", "what is found").await;
    axe.looks_at(page, "search, results").await;
    page.executes("document.activeElement.select()", vec![]).await;
    page.types("in:nowhere x").await;
    page.until("document.querySelector('#search [role=alert]')", "the reason").await;
    axe.looks_at(page, "search, refused").await;
    clicks(page, ".head-actions button:nth-child(1)").await;
    page.until("document.querySelector('#pinned .hit')", "what is pinned").await;
    axe.looks_at(page, "pinned").await;
    takes_up(page, "shall we?").await;
    page.types("t").await;
    page.until("document.querySelector('#thread .hit')", "the thread").await;
    axe.looks_at(page, "thread").await;
    page.presses(Key::Escape).await;
    pane(page, "room").await;
    clicks(page, ".head-actions .not-phone").await;
    inspector(axe, page, "inspector").await;
}

async fn inspector(axe: &mut Axe, page: &Page, view: &str) {
    page.until("document.querySelector('#inspector .frames')", "the inspector").await;
    page.says("over the line").await;
    page.until("document.querySelectorAll('#inspector .frame').length > 2", "the frames").await;
    clicks(page, "#inspector .frame").await;
    page.until(
        "document.querySelector('#inspector .pretty') && document.querySelector('#inspector .chart')",
        "a frame",
    )
    .await;
    axe.looks_at(page, view).await;
    clicks(page, "#inspector .inspector-head .icon-button").await;
    page.until("!document.querySelector('#inspector')", "the inspector to close").await;
}

async fn dialogs(axe: &mut Axe, page: &Page) {
    for (id, button, does, done) in [
        ("settings", ".me button:last-child", TAKEN, "document.querySelector('#settings-name-error').textContent"),
        ("keys", ".me button:nth-last-child(2)", "", "true"),
        ("new-room", ".section button", "", "true"),
        ("new-direct", ".section:has(~ .room-list:empty) ~ .section button", "", "true"),
        ("about", ".head-name", MUTES_AND_ASKS, "document.querySelector('.room-link[data-muted]')"),
        ("person", "#members .person", "", "true"),
    ] {
        clicks(page, button).await;
        opens(page, id).await;
        page.executes(does, vec![]).await;
        page.until(done, "what comes of it").await;
        axe.looks_at(page, id).await;
        closes(page, id).await;
    }
    page.types(&[char::from(Key::Control), 'k', char::from(Key::Null)].iter().collect::<String>()).await;
    opens(page, "switcher").await;
    page.types("de").await;
    page.until("document.querySelector('#switcher mark')", "what fits").await;
    axe.looks_at(page, "switcher").await;
    closes(page, "switcher").await;
}

/// A name that somebody else has.
const TAKEN: &str = "
document.querySelector('#settings-name').value = 'Zoë';
document.querySelector('#settings form .button').click();";

/// What cannot be taken back asks whether one is sure. A room that is muted, and left afterwards, stands back in the list.
const MUTES_AND_ASKS: &str =
    "document.querySelectorAll('#about [role=switch], #about .danger').forEach(it => it.click())";

async fn without_a_line(axe: &mut Axe, page: &Page, proxy: &Proxy) {
    // What fails at once is down at once.
    proxy.does(Faults { cuts_down_after: Some(0), ..Faults::default() });
    proxy.cuts();
    page.says("written on the train").await;
    page.until("document.querySelector('.message[data-state=queued]')", "the line to wait").await;
    page.until_patiently("document.querySelector('[data-line=reconnecting]')", "the line to be down").await;
    axe.looks_at(page, "reconnecting").await;
    page.executes(NO_NETWORK, vec![]).await;
    page.until("document.querySelector('[data-line=offline]')", "to be offline").await;
    axe.looks_at(page, "offline").await;
    proxy.heals();
    page.executes("delete navigator.onLine; window.dispatchEvent(new window.Event('online'))", vec![]).await;
    page.waits_for_the_line_to_be("connected").await;
    page.sees("Ann", "written on the train").await;
    page.executes("document.querySelector('.timeline').scrollTo(0, 0)", vec![]).await;
    axe.looks_at(page, "scrolled up").await;
}

/// As a browser says that has no network at all.
const NO_NETWORK: &str = "
Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
window.dispatchEvent(new window.Event('offline'));";

async fn private_room(axe: &mut Axe, page: &Page) {
    clicks(page, ".section button").await;
    opens(page, "new-room").await;
    clicks(page, "#new-room [value=private]").await;
    page.executes("document.querySelector('#room-title').focus()", vec![]).await;
    page.types("Plans").await;
    axe.looks_at(page, "new private room").await;
    page.presses(Key::Enter).await;
    page.until(
        "document.querySelector('h1')?.textContent === 'Plans' && document.querySelector('.timeline .empty')",
        "the room",
    )
    .await;
    axe.looks_at(page, "empty private room, muted room").await;
    clicks(page, ".head-name").await;
    opens(page, "about").await;
    clicks(page, "#about .invite-new button").await;
    page.until("document.querySelector('.invites code')", "the invitation").await;
    page.executes("document.querySelectorAll('#about .danger').forEach(it => it.click())", vec![]).await;
    axe.looks_at(page, "private room with an invitation").await;
    let room = page.evaluate("location.href").await;
    let link = page.evaluate("document.querySelector('.invites code').textContent").await;
    page.loses_their_session().await;
    page.goes_to(link.as_str().unwrap_or_default()).await;
    page.until("document.querySelector('#invitation .card-name')", "where it leads").await;
    axe.looks_at(page, "invitation").await;
    page.goes_to(&format!("{}x", link.as_str().unwrap_or_default())).await;
    page.until("document.querySelector('#invitation [role=alert]')", "that it leads nowhere").await;
    axe.looks_at(page, "dead invitation").await;
    page.goes_to(room.as_str().unwrap_or_default()).await;
    page.until("document.querySelector('[data-kind=missing]')", "that it is not there").await;
    axe.looks_at(page, "no such room").await;
}
