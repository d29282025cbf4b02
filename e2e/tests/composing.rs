//! What helps while one writes: emoji, completion of what is typed, commands.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Page, Server, in_both_browsers};

in_both_browsers! {
    an_emoji_is_completed_from_its_name,
    a_person_is_named_in_the_middle_of_chinese,
    a_name_with_spaces_is_completed_so_that_it_names,
    a_room_is_completed_by_its_title,
    escape_puts_the_list_away_and_enter_sends,
    an_input_method_is_left_alone,
    a_mistyped_command_is_never_sent,
    two_slashes_send_a_text_with_one,
    commands_do_what_they_say,
}

const LIST: &str = "[...document.querySelectorAll('.suggest [role=option]')]";
const CHOSEN: &str = "document.querySelector('.suggest [aria-selected=true]')?.textContent";

async fn alone(browser: Browser, server: &Server) -> Page {
    let ann = browser.open(server, "Ann").await;
    ann.takes_their_name().await;
    ann
}

async fn in_chinese(browser: Browser, server: &Server, who: &str) -> Page {
    let page = browser.open_with(Look { language: "zh-CN", ..Look::default() }, &server.url(), who).await;
    page.takes_their_name().await;
    page
}

async fn chosen_begins_with(page: &Page, text: &str) {
    page.until(&format!("{CHOSEN}?.startsWith({})", json!(text)), &format!("“{text}” to be offered first")).await;
}

async fn an_emoji_is_completed_from_its_name(browser: Browser) {
    let server = Server::start();
    let ann = alone(browser, &server).await;
    ann.writes("done :tad").await;
    chosen_begins_with(&ann, "🎉").await;
    let roles = "(it => [it.getAttribute('aria-autocomplete'), document.getElementById(it.getAttribute('aria-controls'))?.getAttribute('role'), document.getElementById(it.getAttribute('aria-activedescendant'))?.ariaSelected])(document.querySelector('#composer-input'))";
    assert_eq!(ann.evaluate(roles).await, json!(["list", "listbox", "true"]));
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === 'done 🎉'", "the emoji").await;
    ann.until("!document.querySelector('[aria-autocomplete]')", "the list to be gone").await;
    assert_eq!(ann.lines().await, []);
    // A sentence has colons, too.
    ann.writes(" at 10:30").await;
    assert_eq!(ann.evaluate(&format!("{LIST}.length")).await, 0);
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "done 🎉 at 10:30").await;
}

async fn a_person_is_named_in_the_middle_of_chinese(browser: Browser) {
    let server = Server::start();
    let ann = in_chinese(browser, &server, "小安").await;
    let ben = in_chinese(browser, &server, "小明").await;
    ben.says("在吗").await;
    ann.sees("小明", "在吗").await;
    ann.writes("你好@").await;
    chosen_begins_with(&ann, "小小明").await;
    // With a caret in the middle of the text.
    ann.writes("。").await;
    ann.until(&format!("{LIST}.length === 0"), "the list to be gone").await;
    ann.executes(
        "const field = document.querySelector('#composer-input'); field.setSelectionRange(3, 3); field.click()",
        vec![],
    )
    .await;
    chosen_begins_with(&ann, "小小明").await;
    ann.presses(Key::Tab).await;
    ann.until("document.querySelector('#composer-input').value === '你好@小明 。'", "the name").await;
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('.message[data-mention] .mention')?.textContent === '@小明'", "to be named")
        .await;
}

async fn a_name_with_spaces_is_completed_so_that_it_names(browser: Browser) {
    let server = Server::start();
    let ann = alone(browser, &server).await;
    let ben = browser.open(&server, "Ben").await;
    ben.takes_the_name("Ben van Dyk").await;
    ben.says("hello").await;
    ann.sees("Ben van Dyk", "hello").await;
    ann.writes("ask @dy").await;
    ann.until(&format!("{LIST}.length === 1"), "the one who is meant").await;
    ann.executes("document.querySelector('.suggest [role=option]').click()", vec![]).await;
    ann.until("document.querySelector('#composer-input').value === 'ask @Ben_van_Dyk '", "the name").await;
    ann.presses(Key::Enter).await;
    ben.until("document.querySelector('.message[data-mention]')", "to be named").await;
}

async fn a_room_is_completed_by_its_title(browser: Browser) {
    let server = Server::start();
    let ann = alone(browser, &server).await;
    let room = "fetch('/api/rooms', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ room: 'dev', title: 'Werkstatt' }) }).then(arguments[0])";
    ann.executes_async(room, vec![]).await;
    ann.reloads().await;
    ann.writes("see #werk").await;
    chosen_begins_with(&ann, "Werkstatt").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === 'see #dev '", "the room").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('.message a.room-ref')?.textContent === '#dev'", "a way there").await;
}

async fn escape_puts_the_list_away_and_enter_sends(browser: Browser) {
    let server = Server::start();
    let ann = alone(browser, &server).await;
    let ben = browser.open(&server, "Ben").await;
    ben.takes_their_name().await;
    ann.writes("look :fi").await;
    ann.until(&format!("{LIST}.length > 1"), "a list").await;
    let first = ann.evaluate(CHOSEN).await;
    ann.presses(Key::Down).await;
    ann.until(&format!("{CHOSEN} !== {first}"), "the second to be chosen").await;
    ann.presses(Key::Up).await;
    ann.until(&format!("{CHOSEN} === {first}"), "the first again").await;
    ann.presses(Key::Escape).await;
    ann.until(&format!("{LIST}.length === 0"), "no list").await;
    // It stays away while the same word is typed.
    ann.writes("re").await;
    assert_eq!(ann.evaluate(&format!("{LIST}.length")).await, 0);
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "look :fire").await;
    // What was typed to its end needs no completion.
    ann.writes("hi @ben").await;
    chosen_begins_with(&ann, "BBen").await;
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "hi @ben").await;
}

async fn an_input_method_is_left_alone(browser: Browser) {
    let server = Server::start();
    let ann = in_chinese(browser, &server, "小安").await;
    let ben = in_chinese(browser, &server, "小明").await;
    ben.says("在吗").await;
    ann.sees("小明", "在吗").await;
    ann.writes("@").await;
    ann.until(&format!("{LIST}.length > 0"), "a list").await;
    let compose = "
      const field = document.querySelector('#composer-input');
      const key = (key, isComposing) => field.dispatchEvent(new KeyboardEvent('keydown',
        { key, keyCode: 229, isComposing, bubbles: true, cancelable: true }));
      field.dispatchEvent(new CompositionEvent('compositionstart', { data: '', bubbles: true }));
      const lists = [];
      for (const part of ['x', 'xi', 'xiao']) {
        key('Process', true);
        field.value = '@' + part;
        field.dispatchEvent(new InputEvent('input',
          { data: part, inputType: 'insertCompositionText', isComposing: true, bubbles: true }));
        lists.push(document.querySelectorAll('.suggest [role=option]').length);
      }
      key('Enter', true);
      field.value = '@小';
      field.dispatchEvent(new CompositionEvent('compositionend', { data: '小', bubbles: true }));
      return [lists, field.value];
    ";
    assert_eq!(ann.executes(compose, vec![]).await, json!([[0, 0, 0], "@小"]));
    chosen_begins_with(&ann, "小小明").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === '@小明 '", "the name").await;
}

async fn a_mistyped_command_is_never_sent(browser: Browser) {
    let server = Server::start();
    for (ann, sentence) in [
        (alone(browser, &server).await, "There is no command /nik. //nik sends it as text."),
        (in_chinese(browser, &server, "小安").await, "没有命令 /nik。输入 //nik 可作为文字发送。"),
    ] {
        ann.says("/nik Anna").await;
        let under = "document.querySelector('.under[role=alert]')";
        ann.until(&format!("{under}?.textContent === {}", json!(sentence)), "why it is not done").await;
        assert_eq!(ann.draft().await, "/nik Anna");
        ann.writes("!").await;
        ann.until(&format!("!{under}"), "the sentence to be gone").await;
        assert_eq!(ann.lines().await, []);
    }
}

async fn two_slashes_send_a_text_with_one(browser: Browser) {
    let server = Server::start();
    let ann = alone(browser, &server).await;
    ann.says("//usr/bin").await;
    ann.sees("Ann", "/usr/bin").await;
    assert_eq!(ann.draft().await, "");
    // Written anew it is still a text.
    ann.presses(Key::Up).await;
    ann.until("document.querySelector('#composer-input').value === '//usr/bin'", "the text to be taken up").await;
    ann.writes("/env").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('.message > .text')?.textContent === '/usr/bin/env (edited)'", "the new text")
        .await;
}

async fn commands_do_what_they_say(browser: Browser) {
    let server = Server::start();
    let ann = alone(browser, &server).await;
    let ben = in_chinese(browser, &server, "Ben").await;
    ann.says("/me waves").await;
    ben.until("document.querySelector('.message > .text em')?.textContent === 'waves'", "what she does").await;
    ann.writes("/ni").await;
    chosen_begins_with(&ann, "/nick").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === '/nick '", "the command").await;
    ann.presses(Key::Enter).await;
    ann.until(
        "document.querySelector('.under[role=alert]')?.textContent === 'Like this: /nick name'",
        "what is missing",
    )
    .await;
    ann.writes("Ann Lee").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === ''", "the command to be done").await;
    ann.says("it is me").await;
    ben.sees("Ann Lee", "it is me").await;
    ann.says("/topic All about birds").await;
    ben.until("document.querySelector('.topic')?.textContent === 'All about birds'", "the topic").await;
    ann.says("/help").await;
    ann.until("document.querySelector('dialog[open]#keys')?.textContent.includes('/nick name')", "the commands").await;
    assert_eq!(ann.draft().await, "");
    ann.clicks("button", "Close").await;
    ann.until("!document.querySelector('#keys')", "it to close").await;
    ben.says("/nick").await;
    let under = "document.querySelector('.under[role=alert]')?.textContent";
    ben.until(&format!("{under} === '请这样输入：/nick 名字'"), "what is missing").await;
    ben.writes(" 小本").await;
    ben.presses(Key::Enter).await;
    ben.until("document.querySelector('#composer-input').value === ''", "the command to be done").await;
    ben.says("/me 挥手").await;
    ann.until("[...document.querySelectorAll('.message > .text em')].at(-1).textContent === '挥手'", "what he does")
        .await;
    ben.says("/help").await;
    ben.until("document.querySelector('dialog[open]#keys')?.textContent.includes('/nick 名字')", "the commands").await;
    ben.clicks("button", "关闭").await;
    ben.until("!document.querySelector('#keys')", "it to close").await;
    // Where one wrote, one goes on.
    for (page, other, name) in [(&ann, &ben, "Ann Lee"), (&ben, &ann, "小本")] {
        page.types("on").await;
        page.presses(Key::Enter).await;
        other.sees(name, "on").await;
    }
}
