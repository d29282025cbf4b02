//! What a person takes out of a page: what they copied.

use serde_json::json;

use super::Page;

/// The browser's own clipboard is the machine's: tests that run side by side would find what others copied.
const KEEPS: &str = "
Object.defineProperty(navigator.clipboard, 'writeText', {
  value: async text => { document.documentElement.dataset.copied = text; },
});
";

impl Page {
    /// From now on what is copied is kept in the page.
    pub async fn keeps_what_is_copied(&self) {
        self.executes(KEEPS, vec![]).await;
    }

    /// Waits until a text was copied in which this stands, and forgets it.
    pub async fn has_copied(&self, part: &str) {
        let has = format!("document.documentElement.dataset.copied?.includes({})", json!(part));
        self.until(&has, &format!("“{part}” to be copied")).await;
        self.executes("delete document.documentElement.dataset.copied", vec![]).await;
    }
}
