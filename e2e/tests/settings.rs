//! What each likes: it holds at once, in every tab, and wherever they come back.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Server, Writer, in_both_browsers};

in_both_browsers! {
    what_one_likes_holds_in_every_tab,
    a_guests_choice_becomes_theirs_with_their_name,
    a_name_is_changed_in_the_settings,
    each_choice_is_seen_and_holds_where_the_browser_kept_nothing,
}

async fn what_one_likes_holds_in_every_tab(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("hello");
    let ann = browser.open_named(&server, "Ann").await;
    ann.sees("Zoë", "hello").await;
    let first = ann.opens_in_another_tab(&server.url()).await;
    ann.sees("Zoë", "hello").await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "Dark").await;
    ann.clicks("radio", "24 hours").await;
    ann.until("document.documentElement.dataset.theme === 'dark'", "the dark").await;
    ann.until("/^\\d\\d:\\d\\d$/.test(document.querySelector('.message .time').textContent)", "all hours of the day")
        .await;
    let second = ann.looks_at(first).await;
    ann.until("document.documentElement.dataset.theme === 'dark'", "the dark here, too").await;
    ann.until("/^\\d\\d:\\d\\d$/.test(document.querySelector('.message .time').textContent)", "all hours here, too")
        .await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "12 hours").await;
    ann.until("/\\s[AP]M$/.test(document.querySelector('.message .time').textContent)", "half a day's hours").await;
    // Back to how it was for who never chose: no tab that remembers better takes that back.
    ann.clicks("radio", "By language").await;
    ann.clicks("radio", "System").await;
    let usual = "!document.documentElement.dataset.theme";
    ann.until(usual, "the usual look").await;
    ann.looks_at(second).await;
    ann.until(usual, "the usual look here, too").await;
    let kept = ann.asks("GET", "/api/settings", json!(null)).await;
    assert_eq!((&kept["theme"], &kept["clock"]), (&json!("system"), &json!("auto")));
}

async fn a_name_is_changed_in_the_settings(browser: Browser) {
    let server = Server::start();
    let _ben = Writer::comes_in(&server, "Ben");
    let ann = browser.open_named(&server, "Ann").await;
    ann.turns_to_chinese().await;
    ann.clicks("button", "设置").await;
    let field = "document.querySelector('#settings-name')";
    ann.until(&format!("{field}?.value === 'Ann'"), "her name in its field").await;
    for (name, answer) in [
        ("Ben", "document.querySelector('#settings-name-error').textContent.includes('名字')"),
        ("小安", "document.body.textContent.includes('你现在叫小安')"),
    ] {
        ann.executes(&format!("{field}.value = arguments[0]; {field}.focus()"), vec![json!(name)]).await;
        ann.presses(Key::Enter).await;
        ann.until(answer, &format!("what comes of {name}")).await;
    }
    ann.until("document.querySelector('#settings-name-error').textContent === ''", "nothing to be wrong").await;
    ann.clicks("button", "关闭").await;
    ann.says("这是我").await;
    ann.sees("小安", "这是我").await;
}

async fn a_guests_choice_becomes_theirs_with_their_name(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "中文").await;
    ann.until("document.documentElement.lang === 'zh-CN'", "the language").await;
    ann.clicks("button", "关闭").await;
    ann.takes_their_name().await;
    let kept = ann.executes_async(KEPT, vec![json!("language"), json!("zh-CN")]).await;
    assert_eq!(kept["language"], "zh-CN");
}

/// The line beside the list, as it is painted; the page below it; and how high a message is.
const LINE: &str = "getComputedStyle(document.querySelector('.sidebar')).borderInlineEndColor";
const PAPER: &str = "getComputedStyle(document.querySelector('.room')).backgroundColor";
const HEIGHT: &str = "document.querySelector('.message').offsetHeight";
const TIME: &str = "document.querySelector('.message .time').textContent";

async fn each_choice_is_seen_and_holds_where_the_browser_kept_nothing(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("hello");
    // The system is dark, so that it differs from what is light.
    let ann = browser.open_named_with(Look { dark: true, ..Look::chinese() }, &server, "Ann").await;
    ann.sees("Zoë", "hello").await;
    ann.is_drawn().await;
    ann.executes(&format!("window.before = [{LINE}, {PAPER}, {HEIGHT}]"), vec![]).await;
    ann.clicks("button", "设置").await;
    let choices = [
        ("浅色", format!("document.documentElement.dataset.theme === 'light' && {PAPER} !== before[1]")),
        ("跟随系统", format!("!document.documentElement.dataset.theme && {PAPER} === before[1]")),
        ("高对比度", format!("document.documentElement.dataset.theme === 'contrast' && {LINE} !== before[0]")),
        ("紧凑", format!("document.documentElement.dataset.density === 'compact' && {HEIGHT} < before[2]")),
        ("标准", format!("!document.documentElement.dataset.density && {HEIGHT} === before[2]")),
        ("紧凑", format!("document.documentElement.dataset.density === 'compact' && {HEIGHT} < before[2]")),
        ("24 小时制", format!("/^\\d\\d:\\d\\d$/.test({TIME})")),
        ("12 小时制", format!("/^(上午|下午)\\d{{1,2}}:\\d\\d$/.test({TIME})")),
        ("全部消息", told_of("all")),
        ("English", format!("document.documentElement.lang === 'en' && /\\s[AP]M$/.test({TIME})")),
        ("Mentions", told_of("mentions")),
        ("Nothing", told_of("none")),
        ("Everything", told_of("all")),
    ];
    for (choice, seen) in &choices {
        ann.clicks("radio", choice).await;
        ann.until(seen, choice).await;
    }
    ann.clicks("button", "Close").await;
    let chosen = json!({ "language": "en", "theme": "contrast", "density": "compact", "clock": "12", "notify": "all" });
    assert_eq!(ann.executes_async(KEPT, vec![json!("notify"), json!("all")]).await, chosen, "on the server");

    ann.executes("localStorage.clear()", vec![]).await;
    ann.reloads().await;
    ann.until("document.documentElement.lang === 'en'", "the language").await;
    ann.until("document.documentElement.dataset.theme === 'contrast'", "the theme").await;
    ann.until("document.documentElement.dataset.density === 'compact'", "the density").await;
    ann.until(&format!("/\\s[AP]M$/.test({TIME})"), "the clock").await;
    ann.clicks("button", "Settings").await;
    let checked = "[...document.querySelectorAll('#settings :checked')].map(it => it.value).join()";
    ann.until(&format!("{checked} === 'en,contrast,compact,12,all'"), "what is chosen").await;
}

fn told_of(what: &str) -> String {
    format!("document.querySelector('[name=notify]:checked').value === '{what}'")
}

/// Asks the server until one of the settings that it keeps is this; answers all of them.
const KEPT: &str = "
const [name, value, done] = arguments;
const ask = () => fetch('/api/settings').then(answer => answer.json())
  .then(settings => settings[name] === value ? done(settings) : ask());
ask();";
