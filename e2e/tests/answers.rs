//! Answers, the threads that they make, and links that lead to a message.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Server, Writer, in_both_browsers};

in_both_browsers! {
    an_answer_leads_to_what_it_answers,
    a_thread_is_read_on_its_own_and_goes_on_from_there,
    a_link_opens_at_its_message_in_its_context,
    an_answer_shows_what_it_answers_however_far_back_that_is,
}

async fn an_answer_leads_to_what_it_answers(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = browser.open_two(&server).await;
    ann.says("shall we?").await;
    ben.takes_up("shall we?").await;
    ben.clicks("button", "Reply").await;
    ben.until("document.querySelector('.context')?.textContent.includes('Ann')", "whom the answer is for").await;
    ben.says("let us").await;
    ann.until(
        "document.querySelector('button.quote')?.textContent === 'Annshall we?'",
        "the answer with what it answers",
    )
    .await;
    assert_eq!(ben.evaluate("document.querySelector('.context')").await, json!(null));
    ann.executes("document.querySelector('button.quote').click()", vec![]).await;
    ann.until(
        "document.querySelector('.message[data-flash] > .text')?.textContent === 'shall we?'",
        "the first to shine",
    )
    .await;
}

async fn a_thread_is_read_on_its_own_and_goes_on_from_there(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = browser.open_two(&server).await;
    let mut zoe = Writer::comes_in(&server, "Zoë");
    for text in ["lunch?", "something else"] {
        zoe.says(text);
    }
    ben.takes_up("lunch?").await;
    ben.clicks("button", "Reply").await;
    ben.says("at noon").await;
    ann.takes_up("at noon").await;
    ann.clicks("button", "Reply").await;
    ann.says("I come").await;
    ben.takes_up("I come").await;
    ben.clicks("button", "Show the thread").await;
    let shown = "[...document.querySelectorAll('#thread .hit-text')].map(it => it.textContent).join()";
    ben.until(&format!("{shown} === 'lunch?,at noon,I come'"), "the thread").await;
    assert_eq!(ben.evaluate("document.querySelector('#thread [aria-current] .hit-text').textContent").await, "I come");
    // It goes on while it is looked at, and what is removed says so.
    ann.says("just a moment").await;
    ben.clicks("button", "Reply to this thread").await;
    ben.says("me too").await;
    ben.until(&format!("{shown} === 'lunch?,at noon,I come,me too'"), "what was added").await;
    ann.takes_up("I come").await;
    ann.clicks("button", "Remove").await;
    ben.until_patiently(&format!("{shown} === 'lunch?,at noon,This message was removed,me too'"), "what was removed")
        .await;
    // A line of it leads to the message, and the key that closes it back to writing.
    ben.executes("document.querySelector('#thread .hit').click()", vec![]).await;
    ben.until("document.querySelector('.message[data-flash] > .text')?.textContent === 'lunch?'", "the first").await;
    ben.executes("document.querySelector('#thread .hit').focus()", vec![]).await;
    ben.presses(Key::Escape).await;
    ben.until("document.activeElement.id === 'composer-input'", "the field").await;
    assert_eq!(ben.evaluate("document.querySelector('#thread').checkVisibility()").await, false);
}

async fn a_link_opens_at_its_message_in_its_context(browser: Browser) {
    let server = Server::start_with(&["--post-rate", "0"]);
    let lines: Vec<String> = (1..=3_000).map(|n| format!("line {n}")).collect();
    Writer::comes_in(&server, "Zoë").says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let page = browser.open_at(&format!("{}r/lobby#20", server.url()), "Ann").await;
    page.until_patiently("document.querySelector(\".message[data-seq='20'][data-flash]\")", "the message").await;
    let seen = "(place => place.top > 0 && place.bottom < innerHeight)(document.querySelector(\".message[data-seq='20']\").getBoundingClientRect())";
    assert_eq!(page.evaluate(seen).await, true);
    page.until(
        "document.querySelector(\".message[data-seq='19']\") && document.querySelector(\".message[data-seq='21']\")",
        "its neighbours",
    )
    .await;
    let pages = "performance.getEntriesByType('resource').filter(it => it.name.includes('/messages?')).length";
    let asked = page.evaluate(pages).await;
    assert!(asked.as_u64() <= Some(3), "however far back it is: {asked}");
    // One reads on from there as anywhere else.
    for to in [100, 300, 500] {
        let is_here = format!("document.querySelector(\".message[data-seq='{to}']\")");
        let scrolls = "(it => { it.scrollTop = it.scrollHeight })(document.querySelector('.timeline'))";
        page.until(&format!("{is_here} || ({scrolls}, false)"), "what follows").await;
    }
    page.until("document.querySelector('.jump:not([hidden])')", "the way to now").await;
    page.executes("document.querySelector('.jump').click()", vec![]).await;
    page.sees("Zoë", "line 3000").await;
}

async fn an_answer_shows_what_it_answers_however_far_back_that_is(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    let lines: Vec<String> = (1..=300).map(|n| format!("line {n}")).collect();
    zoe.says_all(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    zoe.sends(&json!({ "type": "post", "id": "r", "room": "lobby", "text": "I meant that", "reply": 1 }));
    let ann = browser.open(&server, "Ann").await;
    ann.sees("Zoë", "I meant that").await;
    ann.until("document.querySelector('button.quote')?.textContent === 'Zoëline 1'", "what it answers").await;
    assert_eq!(
        ann.evaluate("document.querySelector(\".message[data-seq='1']\")").await,
        json!(null),
        "without all that is between them"
    );
    ann.executes("document.querySelector('button.quote').click()", vec![]).await;
    ann.until("document.querySelector('.message[data-flash] > .text')?.textContent === 'line 1'", "the first to shine")
        .await;
    // And no longer, when it is gone.
    zoe.sends(&json!({ "type": "remove", "id": "x", "room": "lobby", "target": 1 }));
    zoe.says("all done");
    ann.until("document.querySelector(\".message[data-seq='1'] .removed\")", "it to be gone").await;
    ann.reloads().await;
    ann.sees("Zoë", "all done").await;
    ann.until("document.querySelector('.quote')?.textContent === 'This message was removed'", "that it is gone").await;
}
