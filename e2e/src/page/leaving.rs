//! Leaving the page and coming back, as the browser itself does it.

use serde_json::json;

use super::Page;

const CLICKS: &str = "
const link = Object.assign(document.createElement('a'), { href: arguments[0] });
document.body.append(link);
link.click();";

impl Page {
    pub async fn leaves_by_a_link_to(&self, url: &str) {
        self.executes(CLICKS, vec![json!(url)]).await;
        self.until(&format!("location.href === {}", json!(url)), "the other page").await;
    }

    /// Where the page may be as it was left, or loaded anew.
    pub async fn goes_back(&self) {
        self.executes("history.back()", vec![]).await;
        self.is_ready().await;
    }
}
