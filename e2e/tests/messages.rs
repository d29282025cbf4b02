//! What can be done to messages besides writing them, and how their text is shown.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    marks_are_shown_as_what_they_mean,
    an_answer_leads_to_what_it_answers,
    the_last_message_is_written_anew_with_the_arrow_key,
    what_was_being_written_is_back_after_an_edit,
    a_removal_can_be_taken_back_and_else_leaves_nothing,
    a_reaction_is_given_and_taken_back,
    what_is_pinned_says_so,
    a_thread_is_read_on_its_own_and_goes_on_from_there,
    whoever_is_asked_in_comes_by_a_link,
    a_link_opens_at_its_message_in_its_context,
    what_is_done_without_a_line_is_done_when_it_is_back,
}

/// Puts the focus on the message with this text, as the arrow keys do, and waits for what can be done to it.
async fn takes_up(page: &Page, text: &str) {
    page.until(&format!("[...document.querySelectorAll('.message[data-seq] > .text')].some(it => it.firstChild?.textContent === '{text}')"), text)
        .await;
    page.executes(
        "[...document.querySelectorAll('.message[data-seq]')]
           .find(it => it.querySelector(':scope > .text')?.firstChild?.textContent === arguments[0]).focus()",
        vec![json!(text)],
    )
    .await;
    page.until("document.activeElement.querySelector(':scope > .actions')", "what can be done").await;
}

async fn two(browser: Browser, server: &Server) -> (Page, Page) {
    let ann = browser.open(server, "Ann").await;
    let ben = browser.open(server, "Ben").await;
    ann.takes_their_name().await;
    ben.takes_their_name().await;
    (ann, ben)
}

async fn marks_are_shown_as_what_they_mean(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.says("**bold** *thin* ~~gone~~ `code` https://example.org/a_b. @Ben #lobby 这是**粗体**字").await;
    ben.until("document.querySelector('.message .text strong')", "bold text").await;
    let texts = "[...document.querySelectorAll('.message .text :is(strong, em, s, code, a)')].map(it => `${it.localName} ${it.textContent}`)";
    assert_eq!(
        ben.evaluate(texts).await,
        json!([
            "strong bold",
            "em thin",
            "s gone",
            "code code",
            "a https://example.org/a_b",
            "a @Ben",
            "a #lobby",
            "strong 粗体"
        ])
    );
    let link = "(link => [link.href, link.rel, link.target])(document.querySelector('.message .text a'))";
    assert_eq!(ben.evaluate(link).await, json!(["https://example.org/a_b", "noopener noreferrer", "_blank"]));
    assert_eq!(ben.evaluate("document.querySelector('.mention').hasAttribute('data-me')").await, true);
    assert_eq!(ann.evaluate("document.querySelector('.mention').hasAttribute('data-me')").await, false);
    assert_eq!(ben.evaluate("document.querySelector('.message').hasAttribute('data-mention')").await, true);
    ann.says("👍🏽🎉").await;
    ben.until("document.querySelector('.text[data-big]')?.textContent === '👍🏽🎉'", "large emoji").await;
    ann.writes("```rust").await;
    ann.presses_with_shift(Key::Enter).await;
    ann.writes("let a = 1;").await;
    ann.presses_with_shift(Key::Enter).await;
    ann.writes("```").await;
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('pre code[data-language=rust]')?.textContent.includes('let a = 1;')", "code")
        .await;
}

async fn an_answer_leads_to_what_it_answers(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.says("shall we?").await;
    takes_up(&ben, "shall we?").await;
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

async fn the_last_message_is_written_anew_with_the_arrow_key(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.says("teh").await;
    ann.until("document.querySelector('.message[data-seq] > .text')", "the message").await;
    ann.presses(Key::Up).await;
    ann.until("document.querySelector('#composer-input').value === 'teh'", "the text to be taken up").await;
    for _ in 0..3 {
        ann.presses(Key::Backspace).await;
    }
    ann.writes("the").await;
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('.message > .text')?.textContent === 'the (edited)'", "the new text").await;
    assert_eq!(ann.draft().await, "");
    assert_eq!(ben.lines().await.len(), 1);
}

async fn what_was_being_written_is_back_after_an_edit(browser: Browser) {
    let server = Server::start();
    let (ann, _ben) = two(browser, &server).await;
    ann.says("one").await;
    ann.writes("half a sen").await;
    takes_up(&ann, "one").await;
    ann.clicks("button", "Edit").await;
    ann.until("document.querySelector('#composer-input').value === 'one'", "the text to be taken up").await;
    ann.presses(Key::Escape).await;
    ann.until("document.querySelector('#composer-input').value === 'half a sen'", "the draft to be back").await;
}

async fn a_removal_can_be_taken_back_and_else_leaves_nothing(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.says("kept").await;
    ann.says("secret").await;
    takes_up(&ann, "kept").await;
    ann.clicks("button", "Remove").await;
    ann.until("document.querySelector('.removed button')", "a way back").await;
    ann.clicks("button", "Undo").await;
    ann.until("!document.querySelector('.removed')", "the text to be back").await;
    takes_up(&ann, "secret").await;
    ann.clicks("button", "Remove").await;
    ben.until_patiently("document.querySelector('.removed')", "the removal").await;
    ben.sees("Ann", "kept").await;
    assert_eq!(ben.evaluate("document.body.textContent.includes('secret')").await, false);
    assert_eq!(ann.evaluate("document.body.textContent.includes('secret')").await, false);
}

async fn a_reaction_is_given_and_taken_back(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.says("done").await;
    takes_up(&ben, "done").await;
    ben.clicks("button", "React with 👍").await;
    let chip = "[...document.querySelectorAll('.reaction')].map(it => it.textContent + it.ariaPressed).join()";
    ann.until(&format!("{chip} === '👍1false'"), "the reaction").await;
    ben.until(&format!("{chip} === '👍1true'"), "one's own reaction").await;
    ann.executes("document.querySelector('.reaction').click()", vec![]).await;
    ben.until(&format!("{chip} === '👍2true'"), "the second").await;
    ben.executes("document.querySelector('.reaction').click()", vec![]).await;
    ann.until(&format!("{chip} === '👍1true'"), "one to be taken back").await;
}

async fn what_is_pinned_says_so(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.says("rules").await;
    takes_up(&ben, "rules").await;
    ben.clicks("button", "Pin").await;
    ann.until("document.querySelector('.message [aria-label=Pinned]')", "the pin").await;
}

async fn a_thread_is_read_on_its_own_and_goes_on_from_there(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    let mut zoe = Writer::comes_in(&server, "Zoë");
    for text in ["lunch?", "something else"] {
        zoe.says(text);
    }
    takes_up(&ben, "lunch?").await;
    ben.clicks("button", "Reply").await;
    ben.says("at noon").await;
    takes_up(&ann, "at noon").await;
    ann.clicks("button", "Reply").await;
    ann.says("I come").await;
    takes_up(&ben, "I come").await;
    ben.clicks("button", "Show the thread").await;
    let shown = "[...document.querySelectorAll('#thread .hit-text')].map(it => it.textContent).join()";
    ben.until(&format!("{shown} === 'lunch?,at noon,I come'"), "the thread").await;
    assert_eq!(ben.evaluate("document.querySelector('#thread [aria-current] .hit-text').textContent").await, "I come");
    // It goes on while it is looked at, and what is removed says so.
    ann.says("just a moment").await;
    ben.clicks("button", "Reply to this thread").await;
    ben.says("me too").await;
    ben.until(&format!("{shown} === 'lunch?,at noon,I come,me too'"), "what was added").await;
    takes_up(&ann, "I come").await;
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

async fn whoever_is_asked_in_comes_by_a_link(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.says("/invite").await;
    ann.until("document.querySelector('.notice')?.textContent.includes('Copied')", "that it is copied").await;
    assert_eq!(ann.draft().await, "");
    assert_eq!(ann.lines().await, [], "it is not a message");
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

async fn what_is_done_without_a_line_is_done_when_it_is_back(browser: Browser) {
    let mut server = Server::start();
    let (ann, ben) = two(browser, &server).await;
    ann.says("first").await;
    ben.sees("Ann", "first").await;
    takes_up(&ben, "first").await;
    server.kill();
    ben.clicks("button", "React with 👍").await;
    ben.until("document.querySelector('.reaction')", "the reaction to be shown at once").await;
    server.start_again();
    ann.until_patiently("document.querySelector('.reaction')?.textContent === '👍1'", "the reaction").await;
}
