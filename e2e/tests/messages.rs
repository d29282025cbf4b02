//! What can be done to messages besides writing them, and how their text is shown.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Server, Writer, in_both_browsers};

in_both_browsers! {
    what_is_too_old_to_be_changed_offers_no_change,
    marks_are_shown_as_what_they_mean,
    the_last_message_is_written_anew_with_the_arrow_key,
    what_was_being_written_is_back_after_an_edit,
    a_removal_can_be_taken_back_for_five_seconds_and_else_leaves_nothing,
    who_removes_again_what_they_took_back_has_five_seconds_again,
    a_reaction_is_given_and_taken_back,
    what_is_pinned_says_so,
    what_is_done_without_a_line_is_done_when_it_is_back,
    what_is_done_to_messages_is_said_in_chinese,
}

async fn marks_are_shown_as_what_they_mean(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    let (ann, ben) = browser.open_two(&server).await;
    ann.says("**bold** *thin* ~~gone~~ `code` https://example.org/a_b. @Ben #dev #nowhere 这是**粗体**字").await;
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
            "a #dev",
            "strong 粗体"
        ])
    );
    let link = "(link => [link.href, link.rel, link.target])(document.querySelector('.message .text a'))";
    assert_eq!(ben.evaluate(link).await, json!(["https://example.org/a_b", "noopener noreferrer", "_blank"]));
    assert_eq!(ben.evaluate("document.querySelector('.mention').hasAttribute('data-me')").await, true);
    assert_eq!(ann.evaluate("document.querySelector('.mention').hasAttribute('data-me')").await, false);
    assert_eq!(ben.evaluate("document.querySelector('.message').hasAttribute('data-mention')").await, true);
    ann.writes("```rust").await;
    ann.presses_with_shift(Key::Enter).await;
    ann.writes("let a = 1;").await;
    ann.presses_with_shift(Key::Enter).await;
    ann.writes("```").await;
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('pre code[data-language=rust]')?.textContent.includes('let a = 1;')", "code")
        .await;
    zoe.says(BLOCKS);
    ben.until("document.querySelector('.message blockquote')", "what is quoted").await;
    let blocks = "[...document.querySelector('.message blockquote').closest('.text').querySelectorAll('blockquote, ul, ol, li, a')].map(it => [it.localName, it.getAttribute('value') ?? it.getAttribute('href') ?? '', it.textContent])";
    assert_eq!(
        ben.evaluate(blocks).await,
        json!([
            ["blockquote", "", "said before\nand more"],
            ["ul", "", "milkeggs"],
            ["li", "", "milk"],
            ["li", "", "eggs"],
            ["ol", "", "onefive"],
            ["li", "1", "one"],
            ["li", "5", "five"],
            ["a", "https://example.org/w", "words"],
            ["a", "mailto:ann@example.org", "a letter"]
        ])
    );
    let ten = "🎉".repeat(10);
    zoe.says_all(&["👍🏽🎉", "🎉 ❤️", "fine 🎉", &format!("{ten}🎉"), &ten]);
    ben.sees("Zoë", &ten).await;
    let size = "it => parseFloat(getComputedStyle(it).fontSize)";
    let large = format!(
        "(size => [...document.querySelectorAll('.message > .text')].filter(it => size(it) > 1.5 * size(document.querySelector('#composer-input'))).map(it => it.textContent))({size})"
    );
    assert_eq!(ben.evaluate(&large).await, json!(["👍🏽🎉", "🎉 ❤️", ten]), "few emoji and nothing else are large");
    // What names a room leads there.
    assert_eq!(ben.evaluate("document.querySelector('.room-ref').getAttribute('href')").await, "/r/dev");
    ben.clicks("link", "#dev").await;
    ben.until(
        "location.pathname === '/r/dev' && document.querySelector('h1').textContent === 'Development'",
        "the room",
    )
    .await;
}

const BLOCKS: &str = "> said before
> and more
- milk
- eggs
1. one
5. five

[words](https://example.org/w), [a letter](mailto:ann@example.org) and [no link](javascript:alert(1))";

async fn the_last_message_is_written_anew_with_the_arrow_key(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = browser.open_two(&server).await;
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
    let (ann, _ben) = browser.open_two(&server).await;
    ann.says("one").await;
    ann.writes("half a sen").await;
    ann.takes_up("one").await;
    ann.clicks("button", "Edit").await;
    ann.until("document.querySelector('#composer-input').value === 'one'", "the text to be taken up").await;
    ann.presses(Key::Escape).await;
    ann.until("document.querySelector('#composer-input').value === 'half a sen'", "the draft to be back").await;
}

/// From now on what a click wants to be done in five seconds, and in no other time, waits until the page is told
/// `later(n)`: the first n of it, or all. What the page does every five seconds by itself is no click's.
const HOLDS_TIMERS: &str = "
const [wait, held] = [window.setTimeout, []];
let is_clicked = false;
addEventListener('click', () => { is_clicked = true; wait(() => { is_clicked = false; }); }, true);
window.setTimeout = (f, ms, ...rest) =>
  is_clicked && ms === 5000 ? -held.push(() => f(...rest)) : wait(f, ms, ...rest);
window.later = n => held.splice(0, n ?? held.length).forEach(f => f());
window.held = () => held.length;
";

async fn a_removal_can_be_taken_back_for_five_seconds_and_else_leaves_nothing(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = browser.open_two(&server).await;
    ann.says("kept").await;
    ann.says("secret").await;
    ann.executes(HOLDS_TIMERS, vec![]).await;
    ann.takes_up("kept").await;
    ann.clicks("button", "Remove").await;
    ann.until("document.querySelector('.removed button')", "a way back").await;
    assert_eq!(
        ann.evaluate("document.querySelector('[role=log]').textContent.includes('kept')").await,
        false,
        "it is gone where it was removed"
    );
    assert_eq!(ann.evaluate("held()").await, 1, "five seconds are what there is");
    ann.clicks("button", "Undo").await;
    ann.until("!document.querySelector('.removed')", "the text to be back").await;
    ann.executes("later()", vec![]).await;
    ann.takes_up("secret").await;
    ann.clicks("button", "Remove").await;
    ann.until("document.querySelector('.removed button')", "a way back").await;
    assert_eq!(ann.evaluate("held()").await, 1, "five seconds again");
    // Whatever is to come of it would have come before this.
    ann.says("and now").await;
    ben.sees("Ann", "and now").await;
    ben.sees("Ann", "secret").await;
    ben.sees("Ann", "kept").await;
    ann.executes("later()", vec![]).await;
    ben.until("document.querySelector('.removed')", "the removal").await;
    ben.sees("Ann", "kept").await;
    ann.until("document.querySelector('.removed') && !document.querySelector('.removed button')", "no way back").await;
    for page in [&ann, &ben] {
        assert_eq!(page.evaluate("document.body.textContent.includes('secret')").await, false);
    }
    ann.reloads().await;
    ann.sees("Ann", "kept").await;
    assert_eq!(ann.evaluate("document.body.textContent.includes('secret')").await, false, "nor does it come back");
    // Who leaves the page does not wait for that time, and finds it gone.
    ann.executes(HOLDS_TIMERS, vec![]).await;
    ann.takes_up("kept").await;
    ann.clicks("button", "Remove").await;
    ann.until("document.querySelector('.removed button')", "a way back").await;
    ann.leaves_by_a_link_to(&format!("{}healthz", server.url())).await;
    let both = "document.querySelectorAll('.removed').length === 2";
    ben.until(both, "the removal, though Ann may never be back").await;
    ann.goes_back().await;
    ann.until(both, "the removal").await;
}

async fn who_removes_again_what_they_took_back_has_five_seconds_again(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.says("hasty").await;
    ann.takes_up("hasty").await;
    ann.executes(HOLDS_TIMERS, vec![]).await;
    for name in ["Remove", "Undo", "Remove"] {
        ann.clicks("button", name).await;
    }
    // The first five seconds are over, the second are not.
    assert_eq!(ann.evaluate("held()").await, 2);
    ann.executes("later(1)", vec![]).await;
    ann.clicks("button", "Undo").await;
    ann.executes("later()", vec![]).await;
    ann.says("done").await;
    ann.sees("Ann", "done").await;
    ann.sees("Ann", "hasty").await;
}

async fn a_reaction_is_given_and_taken_back(browser: Browser) {
    let server = Server::start();
    let (ann, ben) = browser.open_two(&server).await;
    ann.says("done").await;
    ben.takes_up("done").await;
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
    let (ann, ben) = browser.open_two(&server).await;
    ann.says("rules").await;
    ben.takes_up("rules").await;
    ben.clicks("button", "Pin").await;
    ann.until("document.querySelector('.message [aria-label=Pinned]')", "the pin").await;
}

async fn what_is_done_without_a_line_is_done_when_it_is_back(browser: Browser) {
    let mut server = Server::start();
    let ann = browser.open_named_with(Look::chinese(), &server, "Ann").await;
    let ben = browser.open_named(&server, "Ben").await;
    ann.says("first").await;
    ben.sees("Ann", "first").await;
    ben.takes_up("first").await;
    server.kill();
    ben.clicks("button", "React with 👍").await;
    ben.until("document.querySelector('.reaction')", "the reaction to be shown at once").await;
    for (page, sentence) in [(&ann, "等待发送"), (&ben, "Waiting to be sent")] {
        page.says("later").await;
        let state = "document.querySelector('.message[data-state=queued] > .state')";
        page.until(&format!("[{state}.title, {state}.textContent].join() === '{sentence},{sentence}'"), sentence).await;
    }
    server.start_again();
    ann.until_patiently("document.querySelector('.reaction')?.textContent === '👍1'", "the reaction").await;
    ann.sees("Ben", "later").await;
    ben.sees("Ann", "later").await;
    assert_eq!(ann.evaluate("document.querySelector('.message > .state')").await, json!(null));
}

async fn what_is_done_to_messages_is_said_in_chinese(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.says("周四下午三点？");
    let look = Look { language: "zh-CN", ..Look::default() };
    let ann = browser.open_with(look, &server.url(), "小安").await;
    ann.takes_their_name().await;
    ann.takes_up("周四下午三点？").await;
    ann.clicks("button", "回复").await;
    ann.until("document.querySelector('.context')?.textContent.startsWith('回复 Zoë：')", "whom it is for").await;
    ann.says("可以").await;
    ann.takes_up("可以").await;
    ann.clicks("button", "编辑").await;
    ann.until("document.querySelector('.context')?.textContent.startsWith('正在编辑你的消息')", "what it is").await;
    ann.writes("的").await;
    ann.presses(Key::Enter).await;
    ann.sees("小安", "可以的 （已编辑）").await;
    ann.takes_up("可以的").await;
    ann.clicks("button", "用 👍 回应").await;
    ann.until("document.querySelector('.reaction')?.ariaLabel === '👍，1 人'", "the reaction").await;
    ann.takes_up("可以的").await;
    ann.clicks("button", "置顶").await;
    ann.until("document.querySelector('.message [aria-label=已置顶]')", "the pin").await;
    ann.clicks("button", "置顶消息").await;
    let (shown, heard) = ("textContent.replace(/\\s+/g, ' ')", "document.querySelector('#announcer').textContent");
    ann.until("document.querySelector('#pinned .hit-text')?.textContent === '可以的'", "what is pinned").await;
    ann.until(&format!("{heard} === '1 条置顶消息'"), "the number to be said").await;
    ann.clicks("button", "取消置顶").await;
    let empty = format!("document.querySelector('#pinned .panel-empty')?.{shown}.includes('这里还没有置顶消息')");
    ann.until(&empty, "an empty list").await;
    ann.takes_up("可以的").await;
    ann.clicks("button", "查看消息串").await;
    ann.until("document.querySelectorAll('#thread .hit').length === 2", "the thread").await;
    ann.until(&format!("{heard} === '此消息串共 2 条消息'"), "the number to be said").await;
    assert_eq!(ann.evaluate("document.querySelector('#thread h1').textContent").await, "消息串");
    ann.clicks("button", "回复此消息串").await;
    ann.until("document.querySelector('.context')?.textContent.startsWith('回复 小安：')", "an answer to it").await;
    ann.presses(Key::Escape).await;
    ann.takes_up("可以的").await;
    ann.clicks("button", "删除").await;
    ann.until("document.querySelector('.removed')?.textContent === '此消息已删除撤销'", "the removal").await;
    ann.clicks("button", "撤销").await;
    ann.sees("小安", "可以的 （已编辑）").await;
}

async fn what_is_too_old_to_be_changed_offers_no_change(browser: Browser) {
    let server = Server::start_with(&["--edit-seconds", "2", "--post-rate", "0"]);
    let ann = browser.open_named(&server, "Ann").await;
    // By its own clock the page has all the time that there is.
    ann.executes("const now = window.Date.now(); window.Date.now = () => now", vec![]).await;
    ann.says("words").await;
    ann.sees("Ann", "words").await;
    ann.executes("window.begun = performance.now()", vec![]).await;
    let offered = "[...document.activeElement.querySelectorAll('.actions button')].map(it => it.ariaLabel)";
    ann.takes_up("words").await;
    ann.until(&format!("{offered}.includes('Edit') && {offered}.includes('Remove')"), "what she may do").await;
    ann.clicks("button", "Edit").await;
    ann.until("document.querySelector('#composer-input').value === 'words'", "the text to write anew").await;
    ann.until("performance.now() - window.begun > 2100", "the time to be over").await;
    ann.says(" anew").await;
    let refused = |name: &str, sentence: &str| {
        format!("document.querySelector('.fate[aria-label=\"{name}\"] .fate-text')?.textContent === '{sentence}'")
    };
    ann.until(&refused("Not sent", "That was written too long ago to be changed."), "why that cannot be").await;
    assert_eq!(ann.evaluate("document.querySelector('.fate').innerText.includes('Retry')").await, true);
    ann.turns_to_chinese().await;
    ann.clicks("button", "重试").await;
    ann.until(&refused("未发送", "这条消息发出太久，已经不能更改。"), "the same in Chinese").await;
    ann.clicks("button", "放弃").await;
    ann.sees("Ann", "words").await;
    // By this one it is over.
    ann.executes("const later = window.Date.now() + 3_600_000; window.Date.now = () => later", vec![]).await;
    ann.says("more words").await;
    ann.sees("Ann", "more words").await;
    ann.presses(Key::Up).await;
    ann.takes_up("more words").await;
    ann.takes_up("words").await;
    ann.until(
        &format!("{offered}.includes('回复') && !{offered}.includes('编辑') && !{offered}.includes('删除')"),
        "what is left to do",
    )
    .await;
    assert_eq!(ann.draft().await, "", "nor does the arrow take it up");
    ann.executes("document.querySelector('.head-name').click()", vec![]).await;
    ann.until("document.querySelector('#about .field-label')", "what the room is").await;
    assert_eq!(ann.evaluate("document.querySelector('#about .danger')").await, json!(null), "nor can all of it go");
}
