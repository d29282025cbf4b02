//! Coming into a room, leaving the page and coming back, as the browser itself does it.

use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

use super::Page;
use crate::browser::Browser;

const CLICKS: &str = "
const link = Object.assign(document.createElement('a'), { href: arguments[0] });
document.body.append(link);
link.click();";

const ASKS: &str = "
const [method, path, body, done] = arguments;
const headers = { 'Content-Type': 'application/json' };
fetch(path, { method, headers, body: body && JSON.stringify(body) }).then(answer => answer.json()).then(done);";

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

    /// One request of the page's, under this person's name.
    pub async fn asks(&self, method: &str, path: &str, body: Value) -> Value {
        self.executes_async(ASKS, vec![json!(method), json!(path), body]).await
    }

    /// Opens this address in another tab of the same browser, and looks at it; answers the tab that was left.
    pub async fn opens_in_another_tab(&self, url: &str) -> WindowHandle {
        let before = self.must(self.client.window().await, "name its tab").await;
        let tab = self.must(self.client.new_window(true).await, "open another tab").await;
        self.looks_at(tab.handle).await;
        self.goes_to(url).await;
        before
    }

    /// Answers the tab that was left.
    pub async fn looks_at(&self, tab: WindowHandle) -> WindowHandle {
        let before = self.must(self.client.window().await, "name its tab").await;
        self.must(self.client.switch_to_window(tab).await, "look at another tab").await;
        if self.browser == Browser::Chromium {
            // Its driver turns to the tab and leaves the focus where it was.
            self.chromium("Page.bringToFront", json!({}));
        }
        before
    }

    /// Closes the tab that is looked at, and looks at another.
    pub async fn closes_this_tab_and_looks_at(&self, tab: WindowHandle) {
        self.must(self.client.close_window().await, "close the tab").await;
        self.must(self.client.switch_to_window(tab).await, "look at another tab").await;
    }
}
