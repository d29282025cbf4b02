//! From view to view, where what is shown there counts and not how one comes there.

use fantoccini::key::Key;
use serde_json::json;

use crate::page::Page;

/// Follows or presses what this selector finds, as soon as it is shown.
pub async fn clicks(page: &Page, selector: &str) {
    let shown = format!("document.querySelector({})?.checkVisibility()", json!(selector));
    page.until(&shown, selector).await;
    page.executes("document.querySelector(arguments[0]).click()", vec![json!(selector)]).await;
}

/// Waits until a dialog is open and filled.
pub async fn opens(page: &Page, id: &str) {
    let open = format!("document.querySelector('#{id}[open]') && !document.querySelector('#{id} [aria-busy]')");
    page.until(&open, id).await;
}

pub async fn closes(page: &Page, id: &str) {
    page.presses(Key::Escape).await;
    page.until(&format!("!document.querySelector('#{id}')"), "it to close").await;
}

/// Waits until this pane is the one that a phone shows.
pub async fn pane(page: &Page, name: &str) {
    page.until(&format!("document.querySelector('.app[data-pane={name}]')"), name).await;
}

/// Puts the focus on the message with this text, and waits for what can be done to it.
pub async fn takes_up(page: &Page, text: &str) {
    let found = format!(
        "[...document.querySelectorAll('.message[data-seq]')].find(it => it.querySelector(':scope > .text')?.textContent === '{text}')"
    );
    page.until(&found, text).await;
    page.executes(&format!("{found}.focus()"), vec![]).await;
    page.until("document.activeElement.querySelector(':scope > .actions')", "what can be done").await;
}
