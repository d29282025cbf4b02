//! Somebody who has a keyboard and nothing else: the keys that they press, and the focus that they must always see.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::json;

use crate::browser::Browser;
use crate::page::Page;
use crate::server::Server;

/// More than there are controls in any view of a test.
const MOST_TABS: usize = 60;

impl Page {
    /// Keys that are held down in this order and let go of: `Shift Tab`, `Control k`, `?`.
    pub async fn strikes(&self, keys: &str) {
        let keys: Vec<char> = keys.split(' ').map(key).collect();
        let down = keys.iter().map(|&value| KeyAction::Down { value });
        let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
        self.acts(down.chain(up)).await;
    }

    /// A key that stays down until [`Page::lets_go_of`].
    pub async fn holds(&self, name: &str) {
        self.acts([KeyAction::Down { value: key(name) }].into_iter()).await;
    }

    pub async fn lets_go_of(&self, name: &str) {
        self.acts([KeyAction::Up { value: key(name) }].into_iter()).await;
    }

    /// Letter by letter, into whatever has the focus.
    pub async fn keys_in(&self, text: &str) {
        self.acts(text.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }])).await;
    }

    async fn acts(&self, actions: impl Iterator<Item = KeyAction>) {
        let keys = actions.fold(KeyActions::new("keyboard".into()), KeyActions::then);
        self.must(self.client().perform_actions(keys).await, "press keys").await;
    }

    /// Goes from control to control by this key, `Tab` or `Shift Tab`, until one has this name; each must be seen.
    pub async fn goes_by(&self, key: &str, name: &str) {
        self.goes_on_by(key, &format!("{NAME} === {}", json!(name)), name).await;
    }

    /// The same until this selector fits one.
    pub async fn goes_into(&self, key: &str, selector: &str) {
        self.goes_on_by(key, &format!("document.activeElement.matches({})", json!(selector)), selector).await;
    }

    async fn goes_on_by(&self, key: &str, is_there: &str, what: &str) {
        let mut passed = Vec::new();
        for _ in 0..MOST_TABS {
            self.strikes(key).await;
            self.sees_the_focus().await;
            let found = self.evaluate(&format!("[{NAME}, {is_there}]")).await;
            if found[1] == true {
                return;
            }
            passed.push(found[0].to_string());
        }
        panic!("{} finds no “{what}” by {key}, only {passed:?}", self.who());
    }

    pub async fn tabs_to(&self, name: &str) {
        self.goes_by("Tab", name).await;
    }

    pub async fn tabs_back_to(&self, name: &str) {
        self.goes_by("Shift Tab", name).await;
    }

    /// Waits until the control of this name has the focus, and it is seen.
    pub async fn has_the_focus_on(&self, name: &str) {
        self.until(&format!("{NAME} === {}", json!(name)), &format!("the focus on “{name}”")).await;
        self.sees_the_focus().await;
    }

    /// The same for what this selector fits.
    pub async fn has_the_focus_in(&self, selector: &str) {
        let has = format!("document.activeElement.matches({})", json!(selector));
        self.until(&has, &format!("the focus on {selector}")).await;
        self.sees_the_focus().await;
    }

    pub async fn sees_the_focus(&self) {
        let unseen = self.evaluate(UNSEEN).await;
        assert!(unseen.is_null(), "{} does not see the focus: {unseen}", self.who());
    }
}

/// From the empty page to the field where one writes.
pub async fn comes_in(browser: Browser, server: &Server) -> Page {
    comes_in_at(browser, &server.url()).await
}

/// The same at another address than the server's own.
pub async fn comes_in_at(browser: Browser, url: &str) -> Page {
    let ann = browser.open_at(url, "Ann").await;
    ann.tabs_to("Skip to writing").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#name").await;
    ann.keys_in("Ann").await;
    ann.strikes("Enter").await;
    ann.has_the_focus_in("#composer-input").await;
    ann
}

pub async fn writes(ann: &Page, text: &str) {
    ann.keys_in(text).await;
    ann.strikes("Enter").await;
    ann.sees("Ann", text).await;
}

/// From the composer up to the newest message.
pub async fn takes_up_the_last(ann: &Page) {
    ann.goes_into("Shift Tab", "[role=log]").await;
    ann.strikes("Up").await;
    is_on_a_message(ann).await;
}

pub async fn is_on_a_message(ann: &Page) {
    ann.has_the_focus_in(".message").await;
    ann.until("document.activeElement.querySelector(':scope > .actions')", "what can be done").await;
}

/// Waits until the dialog has the focus.
pub async fn is_open(ann: &Page, id: &str) {
    ann.until(&format!("document.querySelector('#{id}[open]')?.contains(document.activeElement)"), id).await;
    ann.sees_the_focus().await;
}

pub async fn closes(ann: &Page, id: &str) {
    ann.strikes("Escape").await;
    ann.until(&format!("!document.querySelector('#{id}')"), &format!("{id} to close")).await;
}

/// Presses Enter on what asks whether one is sure: a second after it asked, by the page's clock, as half a double click is
/// no answer.
pub async fn is_sure(ann: &Page, question: &str) {
    ann.has_the_focus_on(question).await;
    ann.executes("window.clock = window.Date.now; window.Date.now = () => window.clock() + 1000", vec![]).await;
    ann.strikes("Enter").await;
    ann.executes("window.Date.now = window.clock", vec![]).await;
}

fn key(name: &str) -> char {
    match name {
        "Tab" => Key::Tab.into(),
        "Enter" => Key::Enter.into(),
        "Escape" => Key::Escape.into(),
        "Shift" => Key::Shift.into(),
        "Control" => Key::Control.into(),
        "Alt" => Key::Alt.into(),
        "Up" => Key::Up.into(),
        "Down" => Key::Down.into(),
        "Right" => Key::Right.into(),
        "Left" => Key::Left.into(),
        "End" => Key::End.into(),
        "Delete" => Key::Delete.into(),
        "Backspace" => Key::Backspace.into(),
        "Space" => ' ',
        letter => letter.chars().next().expect("a key has a name"),
    }
}

/// What a screen reader would call what has the focus, without the hint below it.
const NAME: &str = "(it => {
  const label = it.labels?.[0];
  const named = it.ariaLabel ?? document.getElementById(it.getAttribute('aria-labelledby'))?.textContent;
  const heard = (label?.querySelector('.field-label') ?? label ?? it).cloneNode(true);
  heard.querySelectorAll('img').forEach(one => one.replaceWith(one.alt));
  heard.querySelectorAll('[hidden], [aria-hidden=true]').forEach(one => one.remove());
  return (named ?? heard.textContent).trim();
})(document.activeElement)";

/// Why it is not seen where the focus is, if it is not. What shows it is the control itself or the box around it. A field
/// that is the only control of its dialog needs no more than its caret.
const UNSEEN: &str = "(() => {
  const it = document.activeElement;
  if (!it || it === document.body) return 'it is nowhere';
  if (!it.checkVisibility({ visibilityProperty: true })) return 'it is on what is hidden: ' + it.outerHTML.slice(0, 200);
  const shows = one => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 || / 0px 0px 0px 1px/.test(boxShadow);
  };
  const around = [it, it.parentElement, it.parentElement?.parentElement].filter(Boolean);
  const { top, bottom } = it.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) return 'it is outside of the window: ' + it.outerHTML.slice(0, 200);
  return around.some(shows) || it.id === 'switcher-input' ? null : 'nothing shows it: ' + it.outerHTML.slice(0, 200);
})()";
