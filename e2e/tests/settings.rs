//! What each likes: it holds at once, in every tab, and wherever they come back.

use stonechat_e2e::{Browser, Server, Writer, in_both_browsers};

in_both_browsers! {
    what_one_likes_holds_in_every_tab,
    a_guests_choice_becomes_theirs_with_their_name,
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
    ann.clicks("radio", "12 hours").await;
    ann.until("document.documentElement.dataset.theme === 'dark'", "the dark").await;
    ann.until("/[AP]M/.test(document.querySelector('.message .time').textContent)", "half a day's hours").await;
    ann.looks_at(first).await;
    ann.until("document.documentElement.dataset.theme === 'dark'", "the dark here, too").await;
    ann.until("/[AP]M/.test(document.querySelector('.message .time').textContent)", "half a day's hours here, too")
        .await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "24 hours").await;
    ann.until("!/[AP]M/.test(document.querySelector('.message .time').textContent)", "all hours of the day").await;
}

async fn a_guests_choice_becomes_theirs_with_their_name(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.clicks("button", "Settings").await;
    ann.clicks("radio", "中文").await;
    ann.until("document.documentElement.lang === 'zh-CN'", "the language").await;
    ann.clicks("button", "关闭").await;
    ann.takes_their_name().await;
    let kept = "const done = arguments[0]; const ask = () => fetch('/api/settings').then(answer => answer.json())
        .then(settings => settings.language ? done(settings.language) : ask()); ask();";
    assert_eq!(ann.executes_async(kept, vec![]).await, "zh-CN");
}
