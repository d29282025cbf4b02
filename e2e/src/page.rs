//! One person's page: what they do there, and what they see.

mod bringing;
mod coming;
mod doing;
mod looking;
mod rooms;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use rustix::process::{Pid, Signal};
use serde_json::{Value, json};

use crate::browser::{Browser, Look};
use crate::driver::Driver;
use crate::profile::Profile;
use crate::{evidence, plain_http};

pub use bringing::{LOADED, THERE, TRAY, two_with_files};
pub use rooms::count_of;

/// How long a person waits before something is broken. Only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The composer, and the field that stands in its place until there is a name.
const COMPOSER: &str = "#composer-input";
const NAME: &str = "#name";

/// One page in a browser of its own.
#[derive(Debug)]
pub struct Page {
    client: Client,
    driver: Driver,
    browser: Browser,
    who: String,
    session: String,
    /// Gone after its browser.
    profile: Arc<Profile>,
}

/// One line of the timeline, as it can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub author: String,
    pub text: String,
    /// `None` while it is not on the server.
    pub seq: Option<u64>,
}

impl Page {
    pub async fn start(browser: Browser, look: Look, profile: impl Into<Arc<Profile>>, who: &str) -> Self {
        let profile = profile.into();
        let driver = Driver::start(browser);
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(browser.capabilities(look, profile.folder()))
            .connect(&format!("http://{}", driver.addr()))
            .await
            .unwrap_or_else(|error| panic!("{} does not start: {error}\n{}", browser.name(), driver.said()));
        let session = client.session_id().await.ok().flatten().unwrap_or_default();
        let page = Self { client, driver, browser, who: who.to_owned(), session, profile };
        page.looks(look).await;
        page
    }

    pub fn who(&self) -> &str {
        &self.who
    }

    /// Goes to an address, and waits until the program has taken the place of the empty shell.
    pub async fn goes_to(&self, url: &str) {
        self.must(self.client.goto(url).await, "open the page").await;
        self.is_ready().await;
    }

    pub async fn reloads(&self) {
        self.must(self.client.refresh().await, "reload the page").await;
        self.is_ready().await;
    }

    /// As if the browser's data were cleared, but for what the page itself keeps.
    pub async fn loses_their_session(&self) {
        self.must(self.client.delete_all_cookies().await, "forget its cookies").await;
    }

    /// Where there is no such room, there is nothing to write in.
    async fn is_ready(&self) {
        let ready = format!(
            "!document.querySelector('#shell') && document.querySelector('{COMPOSER}, {NAME}, [data-kind=missing]')"
        );
        self.until(&ready, "the page to be ready").await;
    }

    /// Gives the name that the test knows this person by.
    pub async fn takes_their_name(&self) {
        self.takes_the_name(&self.who).await;
    }

    pub async fn takes_the_name(&self, name: &str) {
        self.types_into(NAME, name).await;
        self.presses(Key::Enter).await;
        self.until(&format!("document.querySelector('{COMPOSER}')"), "the composer in the place of the name").await;
    }

    /// Types without sending.
    pub async fn writes(&self, text: &str) {
        self.types_into(COMPOSER, text).await;
    }

    pub async fn says(&self, text: &str) {
        self.writes(text).await;
        self.presses(Key::Enter).await;
    }

    /// A key, wherever the focus is.
    pub async fn presses(&self, key: Key) {
        self.types(&String::from(char::from(key))).await;
    }

    /// The same while Shift is held.
    pub async fn presses_with_shift(&self, key: Key) {
        // The first letter holds it, the last one lets go of everything.
        let keys: String = [Key::Shift, key, Key::Null].into_iter().map(char::from).collect();
        self.types(&keys).await;
    }

    /// The same while Ctrl is held.
    pub async fn presses_with_control(&self, key: char) {
        let keys: String = [char::from(Key::Control), key, char::from(Key::Null)].into_iter().collect();
        self.types(&keys).await;
    }

    /// Types wherever the focus is.
    pub async fn types(&self, text: &str) {
        let focused = self.must(self.client.active_element().await, "find what has the focus").await;
        self.must(focused.send_keys(text).await, "type").await;
    }

    async fn types_into(&self, selector: &str, text: &str) {
        self.until(&format!("document.querySelector({})", json!(selector)), &format!("{selector} to type into")).await;
        let field = self.must(self.client.find(Locator::Css(selector)).await, "find where to type").await;
        self.must(field.send_keys(text).await, "type").await;
    }

    /// Clicks what a screen reader would call by this role and name. Where it was drawn anew between the look and the
    /// click, a person clicks what stands there then.
    pub async fn clicks(&self, role: &str, name: &str) {
        let found = format!("({NAMED})({}, {})", json!(role), json!(name));
        loop {
            self.until(&found, &format!("a {role} called “{name}”")).await;
            let clicked = self.click_once(&found).await;
            let is_stale = clicked.as_ref().is_err_and(CmdError::is_stale_element_reference);
            if !is_stale && self.must(clicked, "click").await {
                return;
            }
        }
    }

    /// Answers whether it was there.
    async fn click_once(&self, found: &str) -> Result<bool, CmdError> {
        let answer = self.client.execute(&format!("return {found}"), vec![]).await?;
        let id = answer.as_object().and_then(|map| map.values().next()).and_then(Value::as_str);
        let Some(id) = id.map(|id| id.to_owned().into()) else { return Ok(false) };
        fantoccini::elements::Element::from_element_id(self.client.clone(), id).click().await.map(|()| true)
    }

    /// Waits for a line of the timeline.
    pub async fn sees(&self, author: &str, text: &str) {
        let seen = format!(
            "{LINES}.some(line => line.seq && line.author === {} && line.text === {})",
            json!(author),
            json!(text)
        );
        self.until(&seen, &format!("“{text}” by {author}")).await;
    }

    /// The lines that are in the page now, oldest first.
    pub async fn lines(&self) -> Vec<Line> {
        let lines = self.evaluate(LINES).await;
        let lines = lines.as_array().cloned().unwrap_or_default();
        let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
        lines
            .iter()
            .map(|line| Line { author: text(line, "author"), text: text(line, "text"), seq: line["seq"].as_u64() })
            .collect()
    }

    /// What stands in the composer.
    pub async fn draft(&self) -> String {
        let draft = self.evaluate(&format!("document.querySelector('{COMPOSER}').value")).await;
        draft.as_str().unwrap_or_default().to_owned()
    }

    /// The state of the line: `connected`, `reconnecting`, `offline`, …
    pub async fn waits_for_the_line_to_be(&self, state: &str) {
        let is = format!("document.querySelector('[data-line]')?.dataset.line === {}", json!(state));
        self.until(&is, &format!("the line to be {state}")).await;
    }

    /// An expression's value, now.
    pub async fn evaluate(&self, expression: &str) -> Value {
        self.must(self.client.execute(&format!("return {expression};"), vec![]).await, expression).await
    }

    /// Statements of a script, which may use `arguments`, and whose `return` is the answer.
    pub async fn executes(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.must(self.client.execute(script, arguments).await, "run a script").await
    }

    /// The same for a script that answers through its last argument.
    pub async fn executes_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.must(self.client.execute_async(script, arguments).await, "run a script").await
    }

    /// Waits until a JavaScript expression is true, looking again whenever the page changes, and now and then besides: what
    /// is computed or painted changes without a sign.
    pub async fn until(&self, condition: &str, what: &str) {
        self.until_within(PATIENCE, condition, what).await;
    }

    /// The same for what the page itself has to wait for: its own deadlines, one after the other.
    pub async fn until_patiently(&self, condition: &str, what: &str) {
        self.until_within(PATIENCE * 3, condition, what).await;
    }

    async fn until_within(&self, patience: Duration, condition: &str, what: &str) {
        let start = Instant::now();
        while let Some(left) = patience.checked_sub(start.elapsed()) {
            let limit = left.as_millis().to_string();
            let script = WAIT.replace("CONDITION", condition).replace("LIMIT", &limit);
            match self.client.execute_async(&script, vec![]).await {
                Ok(Value::Bool(true)) => return,
                Ok(Value::Bool(false)) => break,
                // The page was left while it was looked at: the next one is looked at. Firefox may answer nothing.
                Ok(_) => tokio::task::yield_now().await,
                Err(error) if is_a_change_of_page(&error) => tokio::task::yield_now().await,
                Err(error) => panic!("{} cannot look for {what} ({condition}): {error}", self.name()),
            }
        }
        panic!(
            "{} waited {} s for {what} ({condition}). The page is kept in {}",
            self.name(),
            patience.as_secs(),
            evidence::place(&format!("{}.png", self.who)).display()
        );
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) async fn must<T>(&self, result: Result<T, CmdError>, what: &str) -> T {
        match result {
            Ok(value) => value,
            Err(error) => panic!("{} cannot {what}: {error}", self.name()),
        }
    }

    fn name(&self) -> String {
        format!("{} ({})", self.who, self.browser.name())
    }

    /// Its driver notices, and answers once it is gone.
    fn kills_firefox(&self) {
        let pid = self.client.capabilities().and_then(|capabilities| capabilities.get("moz:processID")?.as_i64());
        if let Some(pid) = pid.and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)) {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
    }

    fn keep_evidence(&self, driver: SocketAddr) {
        let session = format!("/session/{}", self.session);
        let png = plain_http::json(driver, "GET", &format!("{session}/screenshot"), "", &Value::Null);
        let png = png.as_ref().and_then(|answer| answer["value"].as_str()).map(evidence::from_base64);
        evidence::keep(&format!("{}.png", self.who), &png.unwrap_or_default());
        let console = match self.browser {
            Browser::Chromium => {
                let body = json!({ "type": "browser" });
                let answer = plain_http::json(driver, "POST", &format!("{session}/se/log"), "", &body);
                let entries =
                    answer.as_ref().and_then(|answer| answer["value"].as_array()).cloned().unwrap_or_default();
                entries
                    .iter()
                    .map(|entry| format!("{} {}", entry["level"], entry["message"]))
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            Browser::Firefox => self.driver.said(),
        };
        evidence::keep(&format!("{}.log", self.who), console.as_bytes());
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let driver = self.driver.addr();
        if std::thread::panicking() {
            self.keep_evidence(driver);
        }
        // Who keeps the profile wants everything in it; otherwise Firefox would only put in order what nobody reads again, for a
        // quarter of a second.
        if Arc::strong_count(&self.profile) == 1 {
            self.kills_firefox();
        }
        // The driver takes its browser with it only when it is told to.
        let _ = plain_http::request(driver, "DELETE", &format!("/session/{}", self.session), "", "");
    }
}

fn is_a_change_of_page(error: &CmdError) -> bool {
    let error = error.to_string();
    ["unloaded", "navigation", "no such execution context", "context was destroyed", "inspected target navigated"]
        .iter()
        .any(|sign| error.to_lowercase().contains(sign))
}

/// Resolves to true as soon as the condition holds, to false at the limit.
const WAIT: &str = "
const done = arguments[arguments.length - 1];
const events = ['scroll', 'input', 'focusin', 'focusout', 'load', 'resize', 'transitionend', 'animationend', 'visibilitychange'];
const holds = () => { try { return Boolean(CONDITION); } catch { return false; } };
const end = answer => {
  observer.disconnect();
  clearTimeout(timer);
  clearInterval(now_and_then);
  events.forEach(name => removeEventListener(name, look, true));
  done(answer);
};
const look = () => { if (holds()) end(true); };
const observer = new MutationObserver(look);
observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
events.forEach(name => addEventListener(name, look, true));
const timer = setTimeout(() => end(holds()), LIMIT);
const now_and_then = setInterval(look, 250);
look();
";

/// The timeline's messages, as an array of objects.
const LINES: &str = "[...document.querySelectorAll('[role=log] .message')].map(line => ({ \
seq: Number(line.dataset.seq) || null, \
author: line.querySelector('.author')?.textContent ?? '', \
text: line.querySelector('.text')?.textContent ?? '' }))";

/// Finds what can be seen by its role and its accessible name, as far as this page needs it.
const NAMED: &str = "((role, name) => {
  const native = { button: 'button', link: 'a[href]', textbox: 'input, textarea', dialog: 'dialog', radio: 'input[type=radio]' };
  const all = document.querySelectorAll(`[role=${role}]` + (native[role] ? ', ' + native[role] : ''));
  const called = element => element.getAttribute('aria-label')
    ?? document.getElementById(element.getAttribute('aria-labelledby'))?.textContent
    ?? element.labels?.[0]?.textContent ?? element.textContent;
  return [...all].find(element => called(element).trim() === name && element.checkVisibility()) ?? null;
})";
