//! What a person does with the pointer, to a message, and with what they copy.

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::json;

use super::Page;

/// What was copied last stands in the page then, where a test sees it: the browser's own clipboard is the machine's, and
/// tests that run side by side would find what others copied.
const KEEPS: &str = "Object.defineProperty(navigator, 'clipboard', {
  configurable: true,
  value: { writeText: async text => { document.body.dataset.copied = text; } },
})";

/// As a browser does that lets no page write there, in the old way or the new.
const REFUSES: &str = "Object.defineProperty(navigator, 'clipboard', {
  configurable: true,
  value: { writeText: async () => { throw new DOMException('not here', 'NotAllowedError'); } },
});
document.execCommand = () => false;";

/// As on a page without TLS.
const MISSES: &str = "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined })";

impl Page {
    /// Puts the focus on the message with this text, as the arrow keys do, and waits for what can be done to it.
    pub async fn takes_up(&self, text: &str) {
        // What is said of the text, that it was written anew, stands behind it.
        let found = format!(
            "[...document.querySelectorAll('.message[data-seq]')].find(it => it.querySelector(':scope > .text')?.firstChild?.textContent === {})",
            json!(text)
        );
        self.until(&found, text).await;
        self.executes(&format!("{found}.focus()"), vec![]).await;
        self.until("document.activeElement.querySelector(':scope > .actions')", "what can be done").await;
    }

    /// Moves the pointer to this place of the window.
    pub async fn moves_to(&self, x: f64, y: f64) {
        let moved = MouseActions::new("mouse".into()).then(PointerAction::MoveTo { duration: None, x, y });
        self.must(self.client.perform_actions(moved).await, "move the pointer").await;
    }

    /// Clicks at this place of the window, whatever is there.
    pub async fn clicks_at(&self, x: f64, y: f64) {
        let (button, duration) = (MOUSE_BUTTON_LEFT, None);
        let click = MouseActions::new("mouse".into())
            .then(PointerAction::MoveTo { duration, x, y })
            .then(PointerAction::Down { button })
            .then(PointerAction::Up { button });
        self.must(self.client.perform_actions(click).await, "click").await;
    }

    /// From now on [`Page::copied`] tells what is copied.
    pub async fn keeps_what_is_copied(&self) {
        self.executes(KEEPS, vec![]).await;
    }

    /// From now on nothing can be copied.
    pub async fn may_not_copy(&self) {
        self.executes(REFUSES, vec![]).await;
    }

    /// From now on there is nothing but the old way to copy.
    pub async fn misses_the_clipboard(&self) {
        self.executes(MISSES, vec![]).await;
    }

    /// What was copied since this was asked last.
    pub async fn copied(&self) -> String {
        self.until("document.body.dataset.copied !== undefined", "something to be copied").await;
        let take = "const text = document.body.dataset.copied; delete document.body.dataset.copied; return text";
        self.executes(take, vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a text is copied, and expects this in it.
    pub async fn has_copied(&self, part: &str) {
        let copied = self.copied().await;
        assert!(copied.contains(part), "“{part}” is not in what was copied: {copied}");
    }
}
