//! Coming into a room, leaving the page and coming back, as the browser itself does it.

use serde_json::json;

use super::Page;

const CLICKS: &str = "
const link = Object.assign(document.createElement('a'), { href: arguments[0] });
document.body.append(link);
link.click();";

impl Page {
    /// Waits until what stands in the room is there. To be connected is less: the room is asked for after that, and
    /// until it has come, what is written is kept but not shown among its messages.
    pub async fn is_in_the_room(&self) {
        self.waits_for_the_line_to_be("connected").await;
        self.until("document.querySelector('[role=log] :is(.start, .message[data-seq])')", "the room").await;
    }

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
