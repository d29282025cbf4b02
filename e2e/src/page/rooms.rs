//! From room to room by the list, what the list says of each, and in which language.

use serde_json::json;

use super::Page;

/// What the list says of a room: the number behind it, marked where it is for oneself; nothing where nothing is new.
pub fn count_of(href: &str) -> String {
    format!(
        "(link => link && (count => count.hidden ? '' : count.textContent + ('mentions' in count.dataset ? '!' : ''))\
         (link.querySelector('.count')))(document.querySelector('.room-link[href=\"{href}\"]'))"
    )
}

impl Page {
    pub async fn follows(&self, href: &str) {
        self.until(&format!("document.querySelector('.room-link[href=\"{href}\"]')"), "the room in the list").await;
        self.executes("document.querySelector(`.room-link[href=\"${arguments[0]}\"]`).click()", vec![json!(href)])
            .await;
        self.until(
            &format!("document.querySelector('.room-link[href=\"{href}\"]').ariaCurrent === 'page' && !document.querySelector('[role=log][aria-busy]')"),
            "the room",
        )
        .await;
    }

    /// Waits until the list says this of a room, as [`count_of`] has it.
    pub async fn counts(&self, href: &str, count: &str) {
        self.until(&format!("{} === {}", count_of(href), json!(count)), &format!("“{count}” behind {href}")).await;
    }

    /// From now on the page speaks Chinese, which it did not.
    pub async fn turns_to_chinese(&self) {
        self.clicks("button", "Settings").await;
        self.clicks("radio", "中文").await;
        self.until("document.documentElement.lang === 'zh-CN'", "the language").await;
        self.clicks("button", "关闭").await;
        self.until("!document.querySelector('#settings')", "the settings to be closed").await;
    }
}
