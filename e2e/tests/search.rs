//! Finding again: messages by their words, and what is pinned.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    results_come_while_one_types_and_lead_to_another_room,
    chinese_is_found_by_one_character_once_the_input_method_is_done,
    an_earlier_question_never_takes_the_place_of_a_later_one,
    a_result_far_back_is_shown_in_its_context,
    the_end_of_the_list_leads_on,
    what_was_removed_or_written_anew_is_found_no_more,
    what_was_removed_in_another_room_is_found_no_more,
    a_search_that_cannot_be_says_why_in_the_language_of_the_page,
    each_operator_leads_to_its_messages,
    what_is_private_is_found_by_who_may_read_it_and_nobody_else,
    what_can_narrow_a_search_is_put_into_the_field,
    a_search_needs_no_pointer,
    on_a_phone_one_comes_back_to_what_was_found,
    what_is_pinned_is_listed_and_leads_to_its_place,
}

/// Keeps what the page asks the search for in `asked`. A question for `hold` is answered when `release` is called.
const LISTEN: &str = "
const fetches = window.fetch;
window.asked = [];
window.fetch = async (url, init) => {
  const q = new URL(url, location).pathname === '/api/search' ? new URL(url, location).searchParams.get('q') : null;
  const answer = fetches.call(window, url, init);
  if (q !== null) window.asked.push(q);
  if (q !== null && q === arguments[0]) {
    await new Promise(release => { window.release = release; document.body.dataset.held = q; });
  }
  return answer;
};
";

/// An input method at work in the search field: the letters, then what is chosen.
const COMPOSE: &str = "
const [field, chosen] = [document.querySelector('#search-input'), arguments[0]];
const compose = (type, data) => field.dispatchEvent(new CompositionEvent(type, { data, bubbles: true }));
compose('compositionstart', '');
for (const part of ['t', 'ti', 'tian']) {
  compose('compositionupdate', part);
  field.value = part;
  field.dispatchEvent(new InputEvent('input', { data: part, isComposing: true, bubbles: true }));
}
field.value = chosen;
compose('compositionend', chosen);
";

const SHOWN: &str = "[...document.querySelectorAll('#search .hit-text')].map(it => it.textContent).join('|')";
const NOTHING: &str = "Nothing found|Try fewer words, or only the beginning of one.";

async fn opens_the_search(page: &Page) {
    let in_chinese = page.evaluate("document.documentElement.lang").await == "zh-CN";
    page.clicks("button", if in_chinese { "搜索消息" } else { "Search messages" }).await;
    page.until("document.activeElement.id === 'search-input'", "the field to have the focus").await;
}

/// Exactly these, in this order.
async fn finds(page: &Page, texts: &[&str]) {
    let found = format!("{SHOWN} === {} && !document.querySelector('#search [aria-busy]')", json!(texts.join("|")));
    page.until(&found, &format!("{texts:?} to be found")).await;
}

async fn finds_nothing(page: &Page, says: &str) {
    finds(page, &[]).await;
    let said = "[...document.querySelectorAll('#search .panel-empty p')].map(it => it.textContent).join('|')";
    page.until(&format!("{said} === '{says}'"), "that there is nothing").await;
}

/// Why nothing can be found.
async fn is_refused(page: &Page, sentence: &str) {
    page.until(&format!("document.querySelector('#search [role=alert]')?.textContent === '{sentence}'"), sentence)
        .await;
}

/// The message stands in the middle of what is seen, with its neighbours.
async fn is_shown(page: &Page, seq: u64) {
    let shines = format!("document.querySelector(\".message[data-seq='{seq}'][data-flash]\")");
    page.until_patiently(&shines, "the message to shine").await;
    let place = format!("document.querySelector(\".message[data-seq='{seq}']\").getBoundingClientRect()");
    page.until(&format!("(it => it.top > 0 && it.bottom < innerHeight)({place})"), "the message to be seen").await;
    for neighbour in [seq - 1, seq + 1] {
        page.until(&format!("document.querySelector(\".message[data-seq='{neighbour}']\")"), "its neighbours").await;
    }
}

/// A lobby with so many lines; each is its own seq, and those that are given here have another text.
fn filled(count: usize, special: &[(usize, &str)]) -> (Server, Writer) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    let text = |n: usize| {
        special.iter().find(|(seq, _)| *seq == n).map_or_else(|| format!("line {n}"), |(_, text)| (*text).to_owned())
    };
    let lines: Vec<String> = (1..=count).map(text).collect();
    zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    (server, zoe)
}

async fn results_come_while_one_types_and_lead_to_another_room(browser: Browser) {
    let server = Server::start();
    let zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_at(&format!("{}r/dev", server.url()), "Ann").await;
    ann.takes_their_name().await;
    ann.says("The Stonechat sings <b>loud</b>").await;
    ann.says("a stone").await;
    ann.sees("Ann", "a stone").await;
    ann.goes_to(&server.url()).await;
    opens_the_search(&ann).await;
    ann.types("sto").await;
    finds(&ann, &["a stone", "The Stonechat sings <b>loud</b>"]).await;
    ann.types("nechat").await;
    finds(&ann, &["The Stonechat sings <b>loud</b>"]).await;
    let hit = "document.querySelector('#search .hit')";
    assert_eq!(ann.evaluate(&format!("{hit}.querySelector('mark').textContent")).await, "Stonechat");
    assert_eq!(ann.evaluate(&format!("{hit}.querySelector('.author').textContent")).await, "Ann");
    assert_eq!(ann.evaluate(&format!("{hit}.querySelector('.hit-room').textContent")).await, "#Development");
    ann.until("document.querySelector('#announcer').textContent === '1 result'", "the number to be said").await;
    ann.executes(&format!("{hit}.click()"), vec![]).await;
    ann.until("location.pathname === '/r/dev'", "the room").await;
    ann.until("document.querySelector(\".message[data-seq='1'][data-flash]\")", "the message").await;
}

async fn chinese_is_found_by_one_character_once_the_input_method_is_done(browser: Browser) {
    let (server, _zoe) = filled(3, &[(2, "今天天气很好")]);
    let ann = browser.open_with(Look::chinese(), &server.url(), "Ann").await;
    ann.executes(LISTEN, vec![]).await;
    opens_the_search(&ann).await;
    ann.executes(COMPOSE, vec![json!("气")]).await;
    finds(&ann, &["今天天气很好"]).await;
    assert_eq!(ann.evaluate("document.querySelector('#search mark').textContent").await, "气");
    assert_eq!(ann.evaluate("window.asked").await, json!(["气"]));
    ann.until("document.querySelector('#announcer').textContent === '1 条结果'", "the number to be said").await;
}

async fn an_earlier_question_never_takes_the_place_of_a_later_one(browser: Browser) {
    let (server, _zoe) = filled(2, &[(1, "alpha"), (2, "alps")]);
    let ann = browser.open(&server, "Ann").await;
    ann.executes(LISTEN, vec![json!("alp")]).await;
    opens_the_search(&ann).await;
    ann.types("alp").await;
    ann.until("document.body.dataset.held", "the first question").await;
    ann.types("ha").await;
    finds(&ann, &["alpha"]).await;
    ann.executes_async("window.release(); setTimeout(arguments[0])", vec![]).await;
    ann.is_drawn().await;
    finds(&ann, &["alpha"]).await;
}

async fn a_result_far_back_is_shown_in_its_context(browser: Browser) {
    let text = format!("{}the needle in it, and what comes behind it", "hay and straw ".repeat(30));
    let (server, _zoe) = filled(700, &[(20, &text)]);
    let ann = browser.open(&server, "Ann").await;
    opens_the_search(&ann).await;
    ann.types("needle").await;
    finds(&ann, &["…\u{2060}straw hay and straw the needle in it, and what comes behind it"]).await;
    ann.presses(Key::Enter).await;
    is_shown(&ann, 20).await;
    assert_eq!(ann.evaluate("document.querySelector('#search').checkVisibility()").await, true);
}

async fn the_end_of_the_list_leads_on(browser: Browser) {
    let (server, _zoe) = filled(120, &[]);
    let ann = browser.open(&server, "Ann").await;
    opens_the_search(&ann).await;
    ann.types("line").await;
    let hits = "document.querySelectorAll('#search .hit').length";
    ann.until(&format!("{hits} === 50"), "the newest").await;
    let heard = "document.querySelector('#announcer').textContent";
    ann.until(&format!("{heard} === 'The newest 50 results; more below'"), "the number to be said").await;
    for more in [100, 120] {
        let down = "document.querySelector('#search .hit:last-child').closest('.panel-list').scrollTo(0, 1e6)";
        ann.executes(down, vec![]).await;
        ann.until(&format!("{hits} === {more}"), "older ones").await;
    }
    let texts = ann.evaluate(SHOWN).await;
    let expected: Vec<String> = (1..=120).rev().map(|n| format!("line {n}")).collect();
    assert_eq!(texts, expected.join("|"));
    ann.until(&format!("{heard} === '120 results'"), "the number to be said").await;
}

async fn what_was_removed_or_written_anew_is_found_no_more(browser: Browser) {
    let (server, mut zoe) = filled(3, &[(1, "a secret stone"), (2, "an old stone")]);
    let ann = browser.open(&server, "Ann").await;
    opens_the_search(&ann).await;
    ann.types("stone").await;
    finds(&ann, &["an old stone", "a secret stone"]).await;
    zoe.sends(&json!({ "type": "remove", "id": "r", "room": "lobby", "target": 1 }));
    finds(&ann, &["an old stone"]).await;
    assert_eq!(ann.evaluate("document.body.textContent.includes('secret')").await, false);
    zoe.sends(&json!({ "type": "edit", "id": "e", "room": "lobby", "target": 2, "text": "a new brick" }));
    finds_nothing(&ann, NOTHING).await;
    looks_for(&ann, "brick").await;
    finds(&ann, &["a new brick"]).await;
}

async fn what_was_removed_in_another_room_is_found_no_more(browser: Browser) {
    let (server, mut zoe) = filled(3, &[(1, "a secret stone"), (2, "an old stone"), (3, "a stone")]);
    zoe.makes_room(&server, "dev", "Development");
    let ann = browser.open_at(&format!("{}r/dev", server.url()), "Ann").await;
    ann.takes_their_name().await;
    opens_the_search(&ann).await;
    ann.types("stone").await;
    finds(&ann, &["a stone", "an old stone", "a secret stone"]).await;
    zoe.sends(&json!({ "type": "remove", "id": "r", "room": "lobby", "target": 1 }));
    // Until that room is opened the page hears of it again when she is called there, or with the next list.
    zoe.says("look, @Ann");
    finds(&ann, &["a stone", "an old stone"]).await;
    ann.follows("/").await;
    ann.follows("/r/dev").await;
    opens_the_search(&ann).await;
    looks_for(&ann, "old").await;
    finds(&ann, &["an old stone"]).await;
    zoe.sends(&json!({ "type": "remove", "id": "s", "room": "lobby", "target": 2 }));
    finds_nothing(&ann, NOTHING).await;
}

async fn a_search_that_cannot_be_says_why_in_the_language_of_the_page(browser: Browser) {
    let (server, _zoe) = filled(1, &[]);
    let ann = browser.open_with(Look::chinese(), &server.url(), "Ann").await;
    opens_the_search(&ann).await;
    ann.types("in:nowhere line").await;
    is_refused(&ann, "没有这个房间。请检查名称，或新建一个。").await;
    looks_for(&ann, "after:yesterday").await;
    is_refused(&ann, "日期请这样写：2026-11-24。").await;
    looks_for(&ann, "nothing").await;
    finds_nothing(&ann, "没有找到|试试更少的词，或者只输入开头。").await;
}

/// Other words than those in the field.
async fn looks_for(page: &Page, query: &str) {
    page.executes("document.querySelector('#search-input').select()", vec![]).await;
    page.types(query).await;
}

async fn each_operator_leads_to_its_messages(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0", "--connections-per-ip", "0", "--search-rate", "0"]);
    let (mut zoe, mut lilei) = (Writer::comes_in(&server, "Zoë"), Writer::comes_in(&server, "李雷"));
    zoe.makes_room(&server, "dev", "Development");
    zoe.says("old stone");
    zoe.says_in("dev", "stone, old");
    lilei.says_in("dev", "今天天气很好");
    let file = lilei.uploads(&server, "notes.txt", "hello");
    lilei.sends(&json!({ "type": "post", "id": "f", "room": "lobby", "text": "天气不错", "files": [file] }));
    let ann = browser.open(&server, "Ann").await;
    ann.sees("李雷", "天气不错").await;
    ann.executes(LISTEN, vec![]).await;
    opens_the_search(&ann).await;
    let all: &[&str] = &["天气不错", "今天天气很好", "stone, old", "old stone"];
    for (query, found) in [
        ("from:zoë", &["stone, old", "old stone"][..]),
        ("from:李雷", &["天气不错", "今天天气很好"]),
        ("in:dev", &["今天天气很好", "stone, old"]),
        ("has:file", &["天气不错"]),
        ("after:2020-01-01", all),
        ("after:2100-01-01", &[]),
        ("before:2100-01-01", all),
        ("before:2020-01-01", &[]),
        ("from:zoë in:dev", &["stone, old"]),
        ("“old stone”", &["old stone"]),
        // As a Chinese keyboard has them.
        ("from：李雷 in：dev", &["今天天气很好"]),
        ("“天气很好”", &["今天天气很好"]),
    ] {
        looks_for(&ann, query).await;
        // What a part of it finds is no answer to all of it.
        ann.until(&format!("window.asked.at(-1) === {}", json!(query)), query).await;
        if found.is_empty() { finds_nothing(&ann, NOTHING).await } else { finds(&ann, found).await }
    }
}

async fn what_is_private_is_found_by_who_may_read_it_and_nobody_else(browser: Browser) {
    let server = Server::start();
    let (mut zoe, ben) = (Writer::comes_in(&server, "Zoë"), Writer::comes_in(&server, "Ben"));
    zoe.says("a stone for all");
    let plans = makes(&zoe, &server, "/api/rooms", json!({ "title": "Plans", "private": true }));
    zoe.says_in(&plans, "a stone for a few");
    let talk = makes(&zoe, &server, "/api/direct", json!({ "users": [ben.id()] }));
    zoe.says_in(&talk, "a stone for Ben");
    let found = ben.asks(&server, "GET", "/api/search?q=stone", &json!(null)).expect("he may search");
    assert_eq!([&found["messages"][0]["text"], &found["messages"][1]["text"]], ["a stone for Ben", "a stone for all"]);
    let ann = browser.open_named(&server, "Ann").await;
    opens_the_search(&ann).await;
    ann.types("stone").await;
    finds(&ann, &["a stone for all"]).await;
    looks_for(&ann, &format!("stone in:{plans}")).await;
    is_refused(&ann, "There is no such room. Check its name, or make it.").await;
    let me = ann.asks("GET", "/api/session", json!(null)).await;
    let talk = makes(&zoe, &server, "/api/direct", json!({ "users": [me["user"]["id"]] }));
    zoe.says_in(&talk, "a stone for Ann");
    let invite = zoe.asks(&server, "POST", &format!("/api/rooms/{plans}/invites"), &json!({})).expect("it is made");
    let comes_in = format!("/api/invites/{}", invite["invite"].as_str().unwrap_or_default());
    assert_eq!(ann.asks("POST", &comes_in, json!({})).await["room"], plans);
    for room in [&plans, &talk] {
        ann.until(&format!("document.querySelector('.room-link[href=\"/r/{room}\"]')"), "it in her list").await;
    }
    looks_for(&ann, "a stone").await;
    finds(&ann, &["a stone for Ann", "a stone for a few", "a stone for all"]).await;
    let places = "[...document.querySelectorAll('#search .hit-room')].map(it => it.textContent).join('|')";
    assert_eq!(ann.evaluate(places).await, "Zoë|#Plans|#Lobby");
}

/// The name of the room that comes of this request.
fn makes(writer: &Writer, server: &Server, path: &str, what: serde_json::Value) -> String {
    let room = writer.asks(server, "POST", path, &what).expect("it is made");
    room["room"].as_str().expect("a room has a name").to_owned()
}

async fn what_can_narrow_a_search_is_put_into_the_field(browser: Browser) {
    let (server, _zoe) = filled(1, &[]);
    let ann = browser.open_with(Look::chinese(), &server.url(), "Ann").await;
    opens_the_search(&ann).await;
    let about = "在你能看到的所有房间中查找。";
    ann.until(&format!("document.querySelector('#search .hints')?.textContent.startsWith('{about}')"), about).await;
    // Who chooses one goes on in the field at once.
    let chosen = "return [...document.querySelectorAll('#search .hint')].map(it => {
      document.querySelector('#search .panel-list').focus();
      it.click();
      return [document.activeElement.value, it.querySelector('span').textContent];
    }).sort()";
    let chosen = ann.executes(chosen, vec![]).await;
    let chosen: Vec<_> = chosen.as_array().into_iter().flatten().map(|it| (it[0].clone(), it[1].clone())).collect();
    let operators: Vec<_> = chosen.iter().map(|(operator, _)| operator).collect();
    assert_eq!(operators, ["\"", "after:", "before:", "from:", "has:file", "in:"]);
    let in_chinese = |word: &serde_json::Value| word.as_str().is_some_and(|word| !word.is_empty() && !word.is_ascii());
    assert!(chosen.iter().all(|(_, word)| in_chinese(word)), "in the language of the page: {chosen:?}");
}

async fn a_search_needs_no_pointer(browser: Browser) {
    let (server, _zoe) = filled(300, &[(20, "first needle"), (40, "second needle")]);
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.presses_with_control('k').await;
    ann.until("document.activeElement.id === 'switcher-input'", "the switcher").await;
    ann.types("needle").await;
    ann.until("document.querySelector('#switcher [aria-selected=true]')?.textContent.includes('needle')", "the offer")
        .await;
    ann.presses(Key::Enter).await;
    ann.until("document.activeElement.id === 'search-input' && !document.querySelector('#switcher')", "the search")
        .await;
    finds(&ann, &["second needle", "first needle"]).await;
    let focused = |text: &str| format!("document.activeElement.querySelector('.hit-text')?.textContent === '{text}'");
    ann.presses(Key::Down).await;
    ann.until(&focused("second needle"), "the first result to have the focus").await;
    ann.presses(Key::Down).await;
    ann.until(&focused("first needle"), "the second result to have the focus").await;
    ann.presses(Key::Enter).await;
    is_shown(&ann, 20).await;
    ann.until("document.activeElement.dataset.seq === '20'", "the message to have the focus").await;
    ann.types("/").await;
    ann.until("document.activeElement.id === 'search-input'", "the field to have the focus").await;
    finds(&ann, &["second needle", "first needle"]).await;
    ann.presses(Key::Escape).await;
    ann.until("document.activeElement.id === 'composer-input'", "the composer to have the focus").await;
    assert_eq!(ann.evaluate("document.querySelector('#search').checkVisibility()").await, false);
    ann.types("/?").await;
    assert_eq!(ann.draft().await, "/?", "in a field they are letters");
}

async fn on_a_phone_one_comes_back_to_what_was_found(browser: Browser) {
    let (server, _zoe) = filled(300, &[(20, "needle")]);
    let look = Look { width: 390, height: 844, ..Look::default() };
    let ann = browser.open_with(look, &server.url(), "Ann").await;
    opens_the_search(&ann).await;
    let sees = |what: &str| format!("document.querySelector('{what}').checkVisibility({{ visibilityProperty: true }})");
    assert_eq!(ann.evaluate(&sees(".timeline")).await, false);
    ann.types("needle").await;
    finds(&ann, &["needle"]).await;
    ann.executes("document.querySelector('#search .hit').click()", vec![]).await;
    is_shown(&ann, 20).await;
    assert_eq!(ann.evaluate(&sees("#search")).await, false);
    opens_the_search(&ann).await;
    finds(&ann, &["needle"]).await;
}

async fn what_is_pinned_is_listed_and_leads_to_its_place(browser: Browser) {
    let (server, mut zoe) = filled(600, &[(20, "the **rules**")]);
    zoe.sends(&json!({ "type": "pin", "id": "p", "room": "lobby", "target": 20, "on": true }));
    zoe.says("all done");
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.clicks("button", "Pinned messages").await;
    let pinned = "[...document.querySelectorAll('#pinned .hit-text')].map(it => it.textContent).join('|')";
    ann.until(&format!("{pinned} === 'the rules'"), "what is pinned").await;
    ann.until("document.querySelector('#announcer').textContent === '1 pinned message'", "the number to be said").await;
    zoe.sends(&json!({ "type": "pin", "id": "q", "room": "lobby", "target": 590, "on": true }));
    ann.until(&format!("{pinned} === 'line 590|the rules'"), "what is pinned meanwhile").await;
    ann.executes("[...document.querySelectorAll('#pinned .hit')].at(-1).click()", vec![]).await;
    is_shown(&ann, 20).await;
    ann.until("document.querySelector(\".message[data-seq='20'] [aria-label=Pinned]\")", "the pin").await;
    ann.executes("[...document.querySelectorAll('#pinned [aria-label=Unpin]')].at(-1).click()", vec![]).await;
    ann.until("!document.querySelector(\".message[data-seq='20'] [aria-label=Pinned]\")", "the pin to be gone").await;
    ann.until(&format!("{pinned} === 'line 590'"), "the rest").await;
    ann.clicks("button", "Pinned messages").await;
    ann.until("!document.querySelector('#pinned').checkVisibility()", "the list to be closed").await;
}
