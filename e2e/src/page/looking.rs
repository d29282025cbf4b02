//! What a page looks like: its size, its colours, and a picture of it.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::{PATIENCE, Page};
use crate::browser::{Browser, Look};
use crate::plain_http;

impl Page {
    /// Waits until fonts are there and what was asked for is on the screen.
    pub async fn is_drawn(&self) {
        self.until("document.fonts.status === 'loaded'", "the fonts").await;
        self.executes_async("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))", vec![]).await;
        let still = "document.getAnimations().every(one => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)";
        self.until(still, "everything to stand still").await;
    }

    /// The window as it is, as a PNG file.
    pub async fn screenshot(&self, file: &Path) {
        let png = self.must(self.client.screenshot().await, "take a screenshot").await;
        std::fs::write(file, png).expect("the screenshot's folder can be written");
    }

    /// The size of the page, the colours and the language's effect that can be changed while it is open.
    pub async fn looks(&self, look: Look) {
        let script = PATIENCE * 3 + Duration::from_secs(10);
        let timeouts = fantoccini::wd::TimeoutConfiguration::new(Some(script), Some(PATIENCE * 3), None);
        self.must(self.client.update_timeouts(timeouts).await, "set the deadlines").await;
        match self.browser {
            Browser::Chromium => {
                let scheme = if look.dark { "dark" } else { "light" };
                self.chromium(
                    "Emulation.setDeviceMetricsOverride",
                    json!({ "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false }),
                );
                self.chromium(
                    "Emulation.setEmulatedMedia",
                    json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
                );
            }
            Browser::Firefox => {
                let window = self.must(self.client.window().await, "name its window").await;
                let size = json!({ "width": look.width, "height": look.height });
                let parameters = json!({ "context": String::from(window), "viewport": size, "devicePixelRatio": 1 });
                self.firefox("browsingContext.setViewport", parameters);
            }
        }
    }

    /// A command of Chromium's own protocol.
    pub(super) fn chromium(&self, command: &str, parameters: Value) {
        let path = format!("/session/{}/goog/cdp/execute", self.session);
        let body = json!({ "cmd": command, "params": parameters });
        let answer = plain_http::json(self.driver.addr(), "POST", &path, "", &body);
        assert!(answer.is_some(), "Chromium does not know {command}");
    }

    /// A command of WebDriver BiDi, which geckodriver passes on to Firefox.
    fn firefox(&self, command: &str, parameters: Value) {
        let url = self.client.capabilities().and_then(|capabilities| capabilities["webSocketUrl"].as_str());
        let url = url.expect("Firefox was asked for BiDi");
        let stream =
            std::net::TcpStream::connect(url.trim_start_matches("ws://").split('/').next().unwrap_or_default());
        let (mut socket, _) = tungstenite::client(url, stream.expect("BiDi listens")).expect("BiDi speaks WebSocket");
        let text = json!({ "id": 1, "method": command, "params": parameters }).to_string();
        socket.send(tungstenite::Message::text(text)).expect("BiDi reads");
        let answer = socket.read().expect("BiDi answers").into_text().unwrap_or_default();
        assert!(answer.contains("\"success\""), "Firefox does not do {command}: {answer}");
    }
}
