//! axe-core: finds what shuts people out of a view, by its rules, in the themes that a person can choose.

use serde_json::{Value, json};

use crate::page::Page;

/// Those of its rules that depend on the colours alone. The others find the same in each theme.
const RULES_OF_COLOUR: [&str; 2] = ["color-contrast", "link-in-text-block"];

/// What was found so far in the views that were looked at.
#[derive(Debug)]
pub struct Axe {
    script: String,
    /// All rules are tried in the first of them.
    themes: &'static [&'static str],
    found: Vec<String>,
}

impl Axe {
    /// # Panics
    /// Where its script is not there: a view that nobody looked at is not a view without faults.
    pub fn with(themes: &'static [&'static str]) -> Self {
        let file = std::env::var_os("STONECHAT_AXE");
        let file = file.expect("STONECHAT_AXE says where axe-core's axe.min.js is: `cargo xtask test` fetches it");
        let script = std::fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("axe-core's script {} cannot be read: {error}", file.display()));
        Self { script, themes, found: Vec::new() }
    }

    /// Tries its rules on the page as it is now.
    pub async fn looks_at(&mut self, page: &Page, view: &str) {
        if page.evaluate("typeof window.axe").await == "undefined" {
            page.executes(&self.script, vec![]).await;
        }
        for (n, theme) in self.themes.iter().enumerate() {
            let rules = if n == 0 { Value::Null } else { json!(RULES_OF_COLOUR) };
            let found = page.executes_async(LOOK, vec![json!(theme), rules]).await;
            let found = found.as_array().unwrap_or_else(|| panic!("axe-core fails in {view}, {theme}: {found}"));
            let sentences = found.iter().filter_map(Value::as_str);
            self.found.extend(sentences.map(|sentence| format!("{view}, {theme}: {sentence}")));
        }
    }

    /// # Panics
    /// Where it found anything.
    pub fn found_nothing(self) {
        assert!(self.found.is_empty(), "axe-core found {}", self.found.len());
    }
}

/// Says everything that was found, each with its view, theme, rule and element: also where the walk came to no end.
impl Drop for Axe {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("axe-core found {}:\n{}", self.found.len(), self.found.join("\n"));
        }
    }
}

/// Waits until what the theme changes stands still, tries the rules, and answers a sentence for each element.
const LOOK: &str = "
const [theme, rules, done] = arguments;
const root = document.documentElement;
const before = root.dataset.theme;
root.dataset.theme = theme;
const drawn = () => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)));
const moving = () => document.getAnimations()
  .filter(it => it.playState === 'running' && it.effect.getTiming().iterations !== Infinity);
const stands = async () => {
  await drawn();
  await Promise.all(moving().map(it => it.finished.catch(() => {})));
};
const options = { resultTypes: ['violations'] };
if (rules) options.runOnly = { type: 'rule', values: rules };
stands()
  .then(() => axe.run(document, options))
  .then(({ violations }) => violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html, any, all, none }) =>
    `${id} (${help})\\n    ${target.join(' ')}  ${html.slice(0, 200)}\\n    ${[...any, ...all, ...none].map(it => it.message).join('; ')}`)))
  .catch(error => String(error))
  .then(answer => {
    if (before) root.dataset.theme = before; else delete root.dataset.theme;
    done(answer);
  });
";
