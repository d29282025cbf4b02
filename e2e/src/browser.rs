//! Chromium and Firefox, headless, each page in a profile of its own.

use std::path::Path;
use std::sync::Arc;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use crate::page::Page;
use crate::profile::Profile;
use crate::server::Server;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    Chromium,
    Firefox,
}

/// What the window looks like, and what the person told the browser.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Of the page itself, in CSS pixels.
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    /// The browser's preferred language: `en-US`, `zh-CN`.
    pub language: &'static str,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 1440, height: 900, dark: false, language: "en-US" }
    }
}

impl Look {
    /// Of somebody who reads Chinese.
    pub fn chinese() -> Self {
        Self { language: "zh-CN", ..Self::default() }
    }
}

impl Browser {
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// A new person's first visit; they will call themselves `who`. Returns when the page is ready to be used.
    pub async fn open(self, server: &Server, who: &str) -> Page {
        self.open_at(&server.url(), who).await
    }

    /// The same at another address than the server's own.
    pub async fn open_at(self, url: &str, who: &str) -> Page {
        self.open_with(Look::default(), url, who).await
    }

    /// The same for somebody who has their name already.
    pub async fn open_named(self, server: &Server, who: &str) -> Page {
        self.open_named_with(Look::default(), server, who).await
    }

    /// Two people who have their names: Ann and Ben.
    pub async fn open_two(self, server: &Server) -> (Page, Page) {
        (self.open_named(server, "Ann").await, self.open_named(server, "Ben").await)
    }

    pub async fn open_named_with(self, look: Look, server: &Server, who: &str) -> Page {
        let page = self.open_with(look, &server.url(), who).await;
        page.takes_their_name().await;
        page
    }

    pub async fn open_with(self, look: Look, url: &str, who: &str) -> Page {
        let page = Page::start(self, look, Profile::fresh(self), who).await;
        page.goes_to(url).await;
        page
    }

    /// In a profile that outlives the browser: what it was told before is there.
    pub async fn open_in(self, profile: Arc<Profile>, url: &str, who: &str) -> Page {
        let page = Page::start(self, Look::default(), profile, who).await;
        page.goes_to(url).await;
        page
    }

    pub(crate) fn capabilities(self, look: Look, profile: &Path) -> Capabilities {
        let profile = profile.display().to_string();
        let capabilities = match self {
            Self::Chromium => chromium(look, profile),
            Self::Firefox => firefox(look, profile),
        };
        capabilities.as_object().cloned().unwrap_or_default()
    }
}

fn chromium(look: Look, profile: String) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--disable-gpu".into(),
        // Nothing of its own may go out to the network during a test.
        "--disable-quic".into(),
        "--no-first-run".into(),
        "--disable-background-networking".into(),
        "--disable-component-update".into(),
        "--disable-sync".into(),
        // A second page must not sleep because it is behind the first.
        "--disable-backgrounding-occluded-windows".into(),
        "--disable-renderer-backgrounding".into(),
        "--disable-background-timer-throttling".into(),
        // /dev/shm is 64 MB in a container.
        "--disable-dev-shm-usage".into(),
        "--hide-scrollbars".into(),
        // Two popups of its address bar, which are pages of its own: a quarter of what a page costs.
        "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup".into(),
        format!("--lang={}", look.language),
        format!("--accept-lang={}", look.language),
        format!("--window-size={},{}", look.width, look.height),
        format!("--user-data-dir={profile}"),
    ];
    if is_root() {
        // Chromium's sandbox refuses to run as root.
        arguments.push("--no-sandbox".into());
    }
    let prefs = json!({
        "intl.accept_languages": look.language,
        // An empty page first instead of the one with news and shortcuts: a tenth of what a page costs.
        "session.restore_on_startup": 4,
        "session.startup_urls": ["data:,"],
    });
    json!({
        "goog:chromeOptions": { "args": arguments, "prefs": prefs },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

fn firefox(look: Look, profile: String) -> Value {
    let mut options = json!({
        "args": ["-headless", "-profile", profile],
        "prefs": {
            "intl.accept_languages": look.language,
            // 0 is dark, 1 is light.
            "layout.css.prefers-color-scheme.content-override": i32::from(!look.dark),
            // The page's console goes where the driver's words go.
            "devtools.console.stdout.content": true,
            // Nothing of its own may go out to the network during a test.
            "services.settings.server": "data:,#nowhere",
            "datareporting.policy.dataSubmissionEnabled": false,
            "app.update.disabledForTesting": true,
            // Processes and pages of its own that no test looks at: a quarter of what its start costs.
            "dom.ipc.processPrelaunch.enabled": false,
            "browser.newtabpage.enabled": false,
            "media.rdd-process.enabled": false,
            "media.utility-process.enabled": false,
            "extensions.webextensions.remote": false,
            // It looks for add-ons nowhere: a seventh of what a page costs.
            "extensions.enabledScopes": 0,
        },
    });
    if let Some(binary) = firefox_binary() {
        options["binary"] = json!(binary);
    }
    // For the size of the page, which only BiDi sets below what a window can be pulled to.
    json!({ "moz:firefoxOptions": options, "webSocketUrl": true })
}

/// Debian calls it firefox-esr, where geckodriver does not look.
pub(crate) fn firefox_binary() -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let found = |name: &str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found("firefox").or_else(|| found("firefox-esr")).map(|file| file.to_string_lossy().into_owned())
}

fn is_root() -> bool {
    let user = std::process::Command::new("id").arg("-u").output();
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}
