//! What helps while one writes, without a pointer: the emoji in their groups and tones, and completion.

use serde_json::json;
use stonechat_e2e::keyboard::comes_in;
use stonechat_e2e::{Browser, Page, Server, Writer, in_both_browsers};

in_both_browsers! {
    emoji_are_chosen_by_group_and_tone_without_a_pointer,
    what_is_typed_is_completed_without_a_pointer,
}

async fn stands(ann: &Page, draft: &str) {
    let stands = format!("document.querySelector('#composer-input').value === {}", json!(draft));
    ann.until(&stands, draft).await;
    ann.has_the_focus_in("#composer-input").await;
}

async fn opens_the_picker(ann: &Page) {
    ann.tabs_to("Emoji").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_on("Search for an emoji").await;
    ann.until("document.querySelectorAll('.picker-row').length > 200", "all the emoji").await;
}

async fn emoji_are_chosen_by_group_and_tone_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    opens_the_picker(&ann).await;
    ann.tabs_to("Food and drink").await;
    ann.strikes("Enter").await;
    let on_top = "(it => it('[data-group=food]').top - it('.picker-grid').top < 40)(it => document.querySelector(it).getBoundingClientRect())";
    ann.until(on_top, "the food").await;
    ann.has_the_focus_on("Food and drink").await;
    // Tab leads from there into the group, not back to where the emoji begin.
    ann.tabs_to("grapes").await;
    ann.strikes("Right").await;
    ann.has_the_focus_on("melon").await;
    ann.strikes("Enter").await;
    stands(&ann, "🍈").await;

    opens_the_picker(&ann).await;
    ann.tabs_to("None").await;
    ann.strikes("Right").await;
    ann.until("document.activeElement.matches(':checked') && document.activeElement.ariaLabel === 'Light'", "the tone")
        .await;
    ann.sees_the_focus().await;
    let waving = "[...document.querySelectorAll('.picker-row button')].some(it => it.textContent === '👋🏻')";
    ann.until(waving, "hands in this tone").await;
    ann.tabs_back_to("Search for an emoji").await;
    ann.keys_in("waving hand").await;
    ann.until("document.querySelector('.picker-row')?.textContent.startsWith('👋🏻')", "what was looked for").await;
    ann.strikes("Down").await;
    ann.has_the_focus_on("waving hand").await;
    ann.strikes("Enter").await;
    stands(&ann, "🍈👋🏻").await;
}

/// Types, and waits for the first offer.
async fn is_offered(ann: &Page, typed: &str, first: &str) {
    ann.keys_in(typed).await;
    let offered =
        format!("document.querySelector('.suggest [aria-selected=true]')?.textContent.startsWith({})", json!(first));
    ann.until(&offered, first).await;
    ann.has_the_focus_in("#composer-input").await;
}

async fn what_is_typed_is_completed_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let mut zoe = Writer::comes_in(&server, "Zoë");
    zoe.makes_room(&server, "dev", "Development");
    zoe.makes_room(&server, "devices", "Devices");
    zoe.says("hello");
    let ann = comes_in(browser, &server).await;
    ann.sees("Zoë", "hello").await;
    is_offered(&ann, ":tad", "🎉").await;
    ann.strikes("Tab").await;
    stands(&ann, "🎉").await;
    is_offered(&ann, " @z", "ZZoë").await;
    ann.strikes("Enter").await;
    stands(&ann, "🎉 @Zoë ").await;
    is_offered(&ann, "#de", "Development").await;
    ann.strikes("Down").await;
    ann.until(
        "document.querySelector('.suggest [aria-selected=true]').textContent.startsWith('Devices')",
        "the second",
    )
    .await;
    ann.strikes("Up").await;
    ann.strikes("Up").await;
    ann.until("document.querySelector('.suggest [aria-selected=true]').textContent.startsWith('Devices')", "the last")
        .await;
    ann.strikes("Enter").await;
    stands(&ann, "🎉 @Zoë #devices ").await;
    ann.strikes("Enter").await;
    stands(&ann, "").await;
    is_offered(&ann, "/to", "/topic").await;
    ann.strikes("Escape").await;
    ann.until("!document.querySelector('.suggest [role=option]')", "the list to be put away").await;
    stands(&ann, "/to").await;
    ann.strikes("Backspace").await;
    ann.strikes("Backspace").await;
    ann.strikes("Backspace").await;
    is_offered(&ann, "/to", "/topic").await;
    ann.strikes("Tab").await;
    stands(&ann, "/topic ").await;
    ann.keys_in("Birds").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.topic').textContent === 'Birds'", "the topic").await;
    stands(&ann, "").await;
}
