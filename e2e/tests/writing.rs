//! The composer: input methods, drafts, limits.

use serde_json::json;
use stonechat_e2e::{Browser, Server, in_both_browsers};

in_both_browsers! {
    enter_that_ends_a_composition_does_not_send,
    a_reload_in_the_middle_of_typing_keeps_the_text,
    what_was_sent_before_a_reload_is_there_once,
}

/// What Chinese typed with an input method looks like to a page: the keys are the method's own (229) until it is done.
const COMPOSE: &str = "
const [field, text, ends] = [document.querySelector('#composer-input'), arguments[0], arguments[1]];
field.focus();
const key = (type, key, isComposing) => field.dispatchEvent(new KeyboardEvent(type,
  { key, code: key, keyCode: isComposing ? 229 : 13, isComposing, bubbles: true, cancelable: true }));
const compose = (type, data) => field.dispatchEvent(new CompositionEvent(type, { data, bubbles: true }));
const start = field.value;
compose('compositionstart', '');
for (const part of ['n', 'ni', 'nih', 'niha', 'nihao']) {
  key('keydown', 'Process', true);
  compose('compositionupdate', part);
  field.value = start + part;
  field.dispatchEvent(new InputEvent('input',
    { data: part, inputType: 'insertCompositionText', isComposing: true, bubbles: true }));
}
if (ends === 'enter') key('keydown', 'Enter', true);
field.value = start + text;
compose('compositionend', text);
// Safari sends the key after the end of the composition: only its number tells.
if (ends === 'late enter') field.dispatchEvent(Object.defineProperty(
  new KeyboardEvent('keydown', { key: 'Enter', isComposing: false, bubbles: true, cancelable: true }),
  'keyCode', { value: 229 }));
field.dispatchEvent(new InputEvent('input', { data: text, inputType: 'insertText', bubbles: true }));
return field.value;
";

async fn enter_that_ends_a_composition_does_not_send(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    ann.takes_their_name().await;
    ann.executes(COMPOSE, vec![json!("你好"), json!("enter")]).await;
    assert_eq!(ann.draft().await, "你好");
    ann.executes(COMPOSE, vec![json!("，世界"), json!("late enter")]).await;
    assert_eq!(ann.draft().await, "你好，世界");
    assert_eq!(ann.lines().await, []);
    // The next Enter is the person's own.
    ann.presses(fantoccini::key::Key::Enter).await;
    ben.sees("Ann", "你好，世界").await;
    assert_eq!(ben.lines().await.len(), 1);
}

async fn a_reload_in_the_middle_of_typing_keeps_the_text(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    ann.takes_their_name().await;
    ann.writes("half a sente").await;
    ann.reloads().await;
    ann.until("document.querySelector('#composer-input')?.value === 'half a sente'", "the draft").await;
    ann.says("nce").await;
    ann.sees("Ann", "half a sentence").await;
    // What was sent is no draft any more.
    ann.reloads().await;
    ann.sees("Ann", "half a sentence").await;
    assert_eq!(ann.draft().await, "");
}

async fn what_was_sent_before_a_reload_is_there_once(browser: Browser) {
    let server = Server::start();
    let ann = browser.open(&server, "Ann").await;
    let ben = browser.open(&server, "Ben").await;
    ann.takes_their_name().await;
    for count in 0..5 {
        ann.says(&format!("before {count}")).await;
    }
    // Not waited for: some may still be on their way when the page goes.
    ann.reloads().await;
    ann.says("after").await;
    ben.sees("Ann", "after").await;
    ben.sees("Ann", "before 4").await;
    ann.until("!document.querySelector('.message[data-id]')", "nothing on its way").await;
    let mut texts: Vec<String> = ben.lines().await.into_iter().map(|line| line.text).collect();
    texts.sort();
    assert_eq!(texts, ["after", "before 0", "before 1", "before 2", "before 3", "before 4"]);
}
