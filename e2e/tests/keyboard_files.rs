//! Files without a pointer: the button that asks for them, the tray, and pictures, large.

use serde_json::json;
use stonechat_e2e::keyboard::{comes_in, takes_up_the_last};
use stonechat_e2e::{Browser, Page, Server, in_both_browsers};

in_both_browsers! {
    files_are_chosen_held_back_and_sent_without_a_pointer,
}

/// The browser's own window for choosing files is not the page's: that it is asked for is noted, and it does not open.
const ASKS: &str = "document.querySelector('.chooser').addEventListener('click', event => {
  event.preventDefault();
  document.body.dataset.asked = '';
})";

async fn files_are_chosen_held_back_and_sent_without_a_pointer(browser: Browser) {
    let server = Server::start();
    let ann = comes_in(browser, &server).await;
    ann.until("document.querySelector('.chooser')", "who takes files").await;
    ann.executes(ASKS, vec![]).await;
    ann.tabs_back_to("Attach files").await;
    ann.strikes("Enter").await;
    ann.until("document.body.hasAttribute('data-asked')", "the browser to be asked for files").await;
    ann.sees_the_focus().await;
    in_the_tray(&ann).await;
    for name in ["one.png", "two.png"] {
        ann.brings("drop", json!([{ "name": name, "width": 600, "height": 300 }])).await;
        ann.until("document.querySelectorAll('.tray-file[data-state=there]').length === 1", name).await;
        ann.strikes("Enter").await;
        ann.until(
            &format!("[...document.querySelectorAll('.message[data-seq] .picture img')].at(-1)?.alt === '{name}'"),
            name,
        )
        .await;
    }
    pictures(&ann).await;
    paper(&ann).await;
}

/// What the browser would save is noted, and not saved.
const SAVES: &str = "document.querySelector('.paper').addEventListener('click', event => {
  event.preventDefault();
  document.body.dataset.saved = event.currentTarget.download;
})";

async fn paper(ann: &Page) {
    ann.brings("drop", json!([{ "name": "c.txt", "text": "c" }])).await;
    ann.until("document.querySelector('.tray-file[data-state=there]')", "c.txt").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.message[data-seq] .paper')", "c.txt").await;
    ann.executes(SAVES, vec![]).await;
    takes_up_the_last(ann).await;
    ann.goes_into("Tab", ".paper").await;
    ann.strikes("Enter").await;
    ann.until("document.body.dataset.saved === 'c.txt'", "the browser to be asked to save it").await;
    ann.has_the_focus_in(".paper").await;
}

async fn in_the_tray(ann: &Page) {
    let is_empty = "!document.querySelector('.tray-file')";
    ann.holds_uploads().await;
    ann.brings("drop", json!([{ "name": "a.txt", "text": "a" }])).await;
    ann.has_the_focus_in("#composer-input").await;
    ann.keys_in("with it").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.tray-note')", "the message to wait").await;
    ann.strikes("Escape").await;
    let stands = "document.querySelector('#composer-input').value === 'with it'";
    ann.until(&format!("!document.querySelector('.tray-note') && {stands}"), "it to be held back").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.tabs_back_to("Cancel a.txt").await;
    ann.strikes("Enter").await;
    ann.until(is_empty, "it to be gone").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.brings("drop", json!([{ "name": "b.txt", "text": "b" }])).await;
    ann.until("document.querySelector('.tray-file')", "another").await;
    ann.executes("fail()", vec![]).await;
    ann.tabs_back_to("Leave out b.txt").await;
    ann.tabs_back_to("Try b.txt again").await;
    ann.strikes("Enter").await;
    ann.until("document.querySelector('.tray-file[data-state=there]')", "it to be there").await;
    ann.has_the_focus_in("#composer-input").await;
    ann.tabs_back_to("Leave out b.txt").await;
    ann.strikes("Enter").await;
    ann.until(is_empty, "it to be left out").await;
    ann.has_the_focus_in("#composer-input").await;
}

async fn shows(ann: &Page, name: &str) {
    let shown = format!("document.querySelector('#lightbox[open] img')?.alt === '{name}'");
    ann.until(&shown, name).await;
    ann.sees_the_focus().await;
}

async fn pictures(ann: &Page) {
    takes_up_the_last(ann).await;
    ann.strikes("Up").await;
    ann.tabs_to("one.png").await;
    ann.strikes("Enter").await;
    shows(ann, "one.png").await;
    ann.strikes("Right").await;
    shows(ann, "two.png").await;
    ann.strikes("Left").await;
    shows(ann, "one.png").await;
    ann.tabs_to("Next picture").await;
    ann.strikes("Enter").await;
    shows(ann, "two.png").await;
    ann.tabs_back_to("Previous picture").await;
    ann.strikes("Enter").await;
    shows(ann, "one.png").await;
    ann.tabs_back_to("Download").await;
    ann.strikes("Escape").await;
    ann.until("!document.querySelector('#lightbox')", "the room").await;
    ann.has_the_focus_on("one.png").await;
}
