//! Emoji: all of them to choose from, for a text and as a reaction.

use fantoccini::key::Key;
use serde_json::json;
use stonechat_e2e::{Browser, Look, Page, Server, in_both_browsers};

in_both_browsers! {
    an_emoji_is_chosen_with_the_keys_alone,
    a_reaction_is_chosen_from_all_emoji,
    an_emoji_is_found_by_its_chinese_name,
    the_chosen_tone_and_the_last_emoji_are_there_at_the_next_visit,
    a_click_beside_the_picker_closes_it,
    the_names_of_emoji_are_sent_as_emoji_but_not_in_code,
}

const CHOSEN: &str = "document.querySelector('.suggest [aria-selected=true]')?.textContent";

async fn chosen_begins_with(page: &Page, text: &str) {
    page.until(&format!("{CHOSEN}?.startsWith({})", json!(text)), &format!("“{text}” to be offered first")).await;
}

async fn an_emoji_is_chosen_with_the_keys_alone(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    ann.writes("well").await;
    assert_eq!(ann.evaluate(FETCHED).await, 0, "who writes no emoji does not wait for them");
    opens_the_picker(&ann, "Emoji").await;
    assert_eq!(ann.evaluate(FETCHED).await, 1);
    ann.clicks("textbox", "Search for an emoji").await;
    ann.presses(Key::Down).await;
    focus_is_on(&ann, "grinning face").await;
    ann.presses(Key::Right).await;
    focus_is_on(&ann, "grinning face with big eyes").await;
    ann.presses(Key::Down).await;
    ann.presses(Key::Up).await;
    focus_is_on(&ann, "grinning face with big eyes").await;
    ann.presses(Key::Up).await;
    focus_is_on(&ann, "Search for an emoji").await;
    ann.presses(Key::Escape).await;
    ann.until(&format!("!{PICKER} && document.activeElement.ariaLabel === 'Emoji'"), "the button to have the focus")
        .await;
    opens_the_picker(&ann, "Emoji").await;
    assert_eq!(ann.evaluate(FETCHED).await, 1, "once is enough");
    // Whoever types looks for something, wherever the focus is.
    ann.executes("document.querySelector('.picker-row button').focus()", vec![]).await;
    ann.types("party popper").await;
    ann.until("document.querySelector('.picker-row')?.textContent.startsWith('🎉')", "what was looked for").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === 'well🎉'", "the emoji where the caret was").await;
    ann.until("document.activeElement.id === 'composer-input'", "the focus where one writes").await;
    ann.presses(Key::Enter).await;
    ann.sees("Ann", "well🎉").await;
}

async fn a_reaction_is_chosen_from_all_emoji(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named_with(Look::chinese(), &server, "小安").await;
    ann.says("it works").await;
    ann.sees("小安", "it works").await;
    ann.executes("document.querySelector('.message[data-seq]').focus()", vec![]).await;
    opens_the_picker(&ann, "添加回应").await;
    looks_for(&ann, "搜索表情", "rocket").await;
    ann.until("document.querySelector('.picker-row')?.textContent.startsWith('🚀')", "what was looked for").await;
    ann.presses(Key::Down).await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('.reaction')?.textContent === '🚀1'", "the reaction").await;
    // The keys go on from the message.
    ann.until("document.activeElement.closest('.message[data-seq]')", "the focus to be back").await;
}

async fn an_emoji_is_found_by_its_chinese_name(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named_with(Look::chinese(), &server, "小安").await;
    opens_the_picker(&ann, "表情").await;
    looks_for(&ann, "搜索表情", "火箭").await;
    ann.until("document.querySelector('.picker-row button')?.ariaLabel === '火箭'", "the rocket").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === '🚀'", "the emoji").await;
    ann.writes(" :烟花").await;
    chosen_begins_with(&ann, "🎇").await;
    ann.presses(Key::Tab).await;
    ann.until("document.querySelector('#composer-input').value === '🚀 🎇'", "the second").await;
}

async fn the_chosen_tone_and_the_last_emoji_are_there_at_the_next_visit(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    opens_the_picker(&ann, "Emoji").await;
    ann.executes("document.querySelector('.tone input[aria-label=Dark]').click()", vec![]).await;
    looks_for(&ann, "Search for an emoji", "thumbs up").await;
    ann.until("document.querySelector('.picker-row')?.textContent.startsWith('👍🏿') && document.querySelector('.picker-name').textContent.startsWith('thumbs up')", "the tone").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === '👍🏿'", "the emoji").await;
    opens_the_picker(&ann, "Emoji").await;
    looks_for(&ann, "Search for an emoji", "rocket").await;
    ann.until("document.querySelector('.picker-row')?.textContent.startsWith('🚀')", "the second").await;
    ann.presses(Key::Enter).await;
    ann.until("document.querySelector('#composer-input').value === '👍🏿🚀'", "both").await;
    ann.reloads().await;
    opens_the_picker(&ann, "Emoji").await;
    let recent =
        "[...document.querySelectorAll('[data-group=recent] button')].map(it => `${it.textContent} ${it.ariaLabel}`)";
    assert_eq!(ann.evaluate(recent).await, json!(["🚀 rocket", "👍🏿 thumbs up"]), "the newest first");
    let waving = "[...document.querySelectorAll('.picker-row button')].some(it => it.textContent === '👋🏿')";
    ann.until(waving, "the others in the same tone").await;
    is_called(&ann, &IN_THE_PICKER[0]).await;
    ann.presses(Key::Escape).await;
    ann.turns_to_chinese().await;
    opens_the_picker(&ann, "表情").await;
    is_called(&ann, &IN_THE_PICKER[1]).await;
}

async fn a_click_beside_the_picker_closes_it(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    opens_the_picker(&ann, "Emoji").await;
    ann.clicks("button", "Emoji").await;
    ann.until("!document.querySelector('#picker')", "the button to close what it opened").await;
    opens_the_picker(&ann, "Emoji").await;
    let inside = "(it => it.left >= 0 && it.top >= 0 && it.right <= innerWidth && it.bottom <= document.querySelector('.composer').getBoundingClientRect().bottom)(document.querySelector('#picker').getBoundingClientRect())";
    assert_eq!(ann.evaluate(inside).await, true);
    // What lies below is not meant: no message is taken up, nobody's page is opened.
    let place = ann
        .evaluate("(it => [it.left + 9, it.top + 9])(document.querySelector('.timeline').getBoundingClientRect())")
        .await;
    ann.clicks_at(place[0].as_f64().unwrap_or_default(), place[1].as_f64().unwrap_or_default()).await;
    ann.until("!document.querySelector('#picker')", "a click beside it to close it").await;
    // Inside of it one looks around.
    opens_the_picker(&ann, "Emoji").await;
    let place = ann
        .evaluate("(it => [it.left + 9, it.bottom - 9])(document.querySelector('#picker').getBoundingClientRect())")
        .await;
    ann.clicks_at(place[0].as_f64().unwrap_or_default(), place[1].as_f64().unwrap_or_default()).await;
    ann.is_drawn().await;
    assert_eq!(ann.evaluate(&format!("Boolean({PICKER})")).await, true, "a click inside does not");
    assert_eq!(ann.draft().await, "");
}

async fn the_names_of_emoji_are_sent_as_emoji_but_not_in_code(browser: Browser) {
    let server = Server::start();
    let ann = browser.open_named(&server, "Ann").await;
    ann.writes(":tad").await;
    chosen_begins_with(&ann, "🎉").await;
    ann.writes("a: `:tada:` :+1: :nosuch: ").await;
    ann.presses(Key::Enter).await;
    ann.until(
        "document.querySelector('.message[data-seq] > .text')?.textContent === '🎉 :tada: 👍 :nosuch: '",
        "emoji in the place of their names",
    )
    .await;
}

/// What its groups, its tones and nothing found are called, and where one looks for something.
const IN_THE_PICKER: [(&str, &str, &str, &str); 2] = [
    (
        "Recent,Smileys,People,Animals and nature,Food and drink,Travel and places,Activities,Objects,Symbols,Flags",
        "Tone of skin,None,Light,Medium light,Medium,Medium dark,Dark",
        "No emoji is called that.",
        "Search for an emoji",
    ),
    (
        "最近使用,笑脸,人物,动物与自然,食物与饮料,旅行与地点,活动,物品,符号,旗帜",
        "肤色,默认,浅色,中浅色,中等,中深色,深色",
        "没有找到这样的表情。",
        "搜索表情",
    ),
];

async fn is_called(page: &Page, (groups, tones, nothing, field): &(&str, &str, &str, &str)) {
    let titles = "[...document.querySelectorAll('.picker-group')].map(it => it.ariaLabel).join()";
    assert_eq!(page.evaluate(titles).await, *groups, "what was used last comes first");
    let leading = "[...document.querySelectorAll('.picker-groups button')].map(it => it.ariaLabel).join()";
    assert_eq!(page.evaluate(leading).await, groups.split_once(',').expect("there are many").1);
    let heard = "[document.querySelector('.tones legend').textContent, ...[...document.querySelectorAll('.tone input')].map(it => it.ariaLabel)].join()";
    assert_eq!(page.evaluate(heard).await, *tones);
    looks_for(page, field, "qqqq").await;
    let said = "document.querySelector('#picker-grid [role=status]')?.textContent";
    page.until(&format!("{said} === '{nothing}'"), nothing).await;
}

const PICKER: &str = "document.querySelector('#picker:popover-open')";

/// How often the table of all emoji was asked for.
const FETCHED: &str = "performance.getEntriesByType('resource').filter(it => it.name.includes('emoji')).length";

async fn opens_the_picker(page: &Page, button: &str) {
    page.clicks("button", button).await;
    page.until(&format!("{PICKER} && document.querySelectorAll('.picker-row').length > 200"), "all the emoji").await;
}

async fn looks_for(page: &Page, field: &str, text: &str) {
    page.clicks("textbox", field).await;
    page.types(text).await;
}

/// The name of what has the focus.
async fn focus_is_on(page: &Page, name: &str) {
    page.until(&format!("document.activeElement.ariaLabel === {}", json!(name)), name).await;
}
