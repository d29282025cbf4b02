//! What stands beside the room, without a pointer: what is looked for and pinned, and what goes over the line.

use stonechat_e2e::keyboard::{comes_in, comes_in_at, takes_up_the_last, writes};
use stonechat_e2e::proxy::Faults;
use stonechat_e2e::{Browser, Page, Proxy, Server, in_both_browsers};

in_both_browsers! {
    what_is_looked_for_and_what_is_pinned_need_no_pointer,
    the_line_can_be_watched_and_tried_without_a_pointer,
}

async fn what_is_looked_for_and_what_is_pinned_need_no_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    for text in ["a needle", "hay", "more hay"] {
        writes(&ann, text).await;
    }
    ann.tabs_back_to("Search messages").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#search-input").await;
    ann.tabs_to("from:ann written by somebody").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#search-input").await;
    ann.keys_in("Ann needle").await;
    let field = "document.querySelector('#search-input').value";
    ann.until(
        &format!("{field} === 'from:Ann needle' && document.querySelectorAll('#search .hit').length === 1"),
        "what is found",
    )
    .await;
    ann.tabs_to("Clear").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#search-input").await;
    ann.until(&format!("{field} === '' && document.querySelector('#search .hint')"), "the hints again").await;
    ann.keys_in("needle").await;
    ann.until("document.querySelector('#search .hit mark')", "what is found").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in(".message[data-seq='1']").await;
    ann.goes_into("Tab", "#search-input").await;
    ann.goes_into("Tab", "#search .hit").await;
    ann.strikes("Escape").await;
    ann.has_the_focus_in("#composer-input").await;
    what_is_pinned(&ann).await;
}

async fn what_is_pinned(ann: &Page) {
    takes_up_the_last(ann).await;
    ann.strikes("p").await;
    ann.strikes("Up").await;
    ann.strikes("Up").await;
    ann.strikes("p").await;
    ann.tabs_back_to("Pinned messages").await;
    ann.strikes("Enter").await;
    let pinned = "[...document.querySelectorAll('#pinned .hit-text')].map(it => it.textContent).join()";
    ann.until(&format!("{pinned} === 'more hay,a needle'"), "what is pinned").await;
    ann.has_the_focus_in("#pinned .panel-list").await;
    ann.strikes("Down").await;
    ann.has_the_focus_in("#pinned .hit").await;
    ann.tabs_to("Unpin").await;
    ann.strikes("Enter").await;
    ann.until(&format!("{pinned} === 'a needle'"), "one of them to be gone").await;
    ann.has_the_focus_on("Unpin").await;
    ann.goes_into("Shift Tab", "#pinned .hit").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in(".message[data-seq='1']").await;
    ann.tabs_to("Unpin").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('#pinned .panel-empty')", "nothing to be pinned").await;
    ann.sees_the_focus().await;
}

async fn the_line_can_be_watched_and_tried_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let proxy = Proxy::before(server.addr());
    proxy.does(Faults { strips_upgrade: true, ..Faults::default() });
    let ann = comes_in_at(browser, &proxy.url()).await;
    ann.keeps_what_is_copied().await;
    ann.until_patiently("document.querySelector('[data-way=events]')", "the slower way").await;
    proxy.heals();
    ann.tabs_back_to("Try now").await;
    ann.strikes("Enter").await;
    ann.until_patiently("document.querySelector('[data-way=socket]')", "the fast way").await;
    ann.sees_the_focus().await;

    ann.strikes("Control Shift f").await;
    ann.has_the_focus_on("Filter").await;
    ann.tabs_back_to("Message Lobby").await;
    writes(&ann, "apple").await;
    frames(&ann).await;
    ann.tabs_back_to("Message Lobby").await;
    writes(&ann, "apple again").await;
    assert_eq!(ann.evaluate(SHOWN).await, 0, "what comes in a pause is not listed");
    ann.tabs_to("Filter").await;
    ann.strikes("Escape").await;
    ann.until("!document.querySelector('#inspector')", "it to close").await;
    ann.sees_the_focus().await;
    ann.goes_into("Shift Tab", "[role=log]").await;
    ann.tabs_back_to("Frames").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_on("Filter").await;
    ann.tabs_to("Close").await;
    ann.strikes("Enter").await;
    ann.until("!document.querySelector('#inspector')", "it to close").await;
    ann.has_the_focus_on("Frames").await;
}

const SHOWN: &str = "document.querySelectorAll('#inspector .frames > li').length";

/// All that can be done to what is listed; in the end nothing is, and nothing comes.
async fn frames(ann: &Page) {
    ann.tabs_to("Filter").await;
    ann.keys_in("apple").await;
    let texts = "[...document.querySelectorAll('#inspector .json')].map(it => it.textContent)";
    ann.until(&format!("{texts}.length > 1 && {texts}.every(it => it.includes('apple'))"), "only some of them").await;
    ann.tabs_to("Copy as JSON lines").await;
    ann.strikes("Enter").await;
    ann.has_copied("apple").await;
    ann.goes_into("Tab", "#inspector .frame").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('#inspector .pretty')?.textContent.includes('apple')", "its JSON").await;
    ann.has_the_focus_in("#inspector .frame[aria-expanded=true]").await;
    ann.strikes("Space").await;
    ann.until("!document.querySelector('#inspector .pretty')", "it to close").await;
    ann.tabs_back_to("Clear").await;
    ann.strikes("Enter").await;
    ann.until(&format!("{SHOWN} === 0"), "nothing").await;
    ann.tabs_back_to("Pause").await;
    ann.strikes("Enter").await;
    ann.until("document.activeElement.ariaPressed === 'true'", "the pause").await;
    ann.sees_the_focus().await;
}
