//! The rules of the house that no compiler checks. Each breach is one sentence with its place.

use std::path::Path;

use crate::shell::{self, Outcome};
use crate::source::{self, Source};
use crate::{edges, map};

/// A file that is longer has two subjects.
const LONGEST_FILE: usize = 400;

/// A word of code that may stand only in some places.
#[derive(Debug)]
struct Word {
    word: &'static str,
    /// Where the rule holds, and where in there it does not.
    within: &'static str,
    except: &'static [&'static str],
    why: &'static str,
}

const WORDS: [Word; 11] = [
    word("todo!", "", &[], "what is not finished is not merged"),
    word("unimplemented!", "", &[], "what is not finished is not merged"),
    word("dbg!", "", &[], "it is for the desk, not for the house"),
    word("inner_html", "", &[], "text is never HTML"),
    word(
        "web_sys",
        "frontend/",
        &["frontend/src/platform", "frontend/src/net"],
        "`platform` is the browser's only door",
    ),
    word("std::time", "shared/src", &[], "`shared` has no clock: time comes in as a number"),
    word("std::fs", "shared/src", &[], "`shared` does no IO"),
    word("std::net", "shared/src", &[], "`shared` does no IO"),
    word("std::env", "server/src", &["server/src/config.rs"], "`config` is the only reader of the environment"),
    word("env::var", "server/src", &["server/src/config.rs"], "`config` is the only reader of the environment"),
    word("header::COOKIE", "server/src", &["server/src/auth"], "`auth` is the only reader of cookies"),
];

const fn word(word: &'static str, within: &'static str, except: &'static [&'static str], why: &'static str) -> Word {
    Word { word, within, except, why }
}

/// What `shared` may depend on, as both ends carry it. What is optional is for a test.
const SHARED_DEPENDENCIES: [&str; 2] = ["serde", "serde_json"];

/// Everything at once: a person mends all of it, not one by one.
pub(crate) fn tidy() -> Outcome {
    let sources = source::all()?;
    let mut sentences: Vec<String> = sources.iter().flat_map(breaches).collect();
    sentences.extend(edges::broken(&sources));
    sentences.extend(foreign_dependencies(&shell::text(&shell::root().join("shared/Cargo.toml"))?));
    sentences.extend(map::missing(&shell::text(&shell::root().join("ARCHITECTURE.md"))?, |path: &Path| {
        shell::root().join(path).exists()
    }));
    if sentences.is_empty() { Ok(()) } else { Err(sentences.join("\n")) }
}

fn breaches(source: &Source) -> Vec<String> {
    let mut sentences = Vec::new();
    let path = &source.path;
    if !source.text.starts_with("//! ") {
        sentences.push(format!("{path}:1: opens without its `//!` line: say in one sentence what the file is."));
    }
    let lines = source.text.lines().count();
    if lines > LONGEST_FILE {
        sentences.push(format!("{path}: has {lines} lines, more than {LONGEST_FILE}: find its second subject."));
    }
    for rule in &WORDS {
        let holds = path.starts_with(rule.within) && !rule.except.iter().any(|except| path.starts_with(except));
        for (index, line) in source.code.lines().enumerate() {
            if holds && contains_word(line, rule.word) {
                sentences.push(format!("{path}:{}: `{}` does not belong here: {}.", index + 1, rule.word, rule.why));
            }
        }
    }
    sentences
}

/// As a word of its own: `web_sys`, not `my_web_sys`.
fn contains_word(line: &str, word: &str) -> bool {
    let part_of_a_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(part_of_a_word) && !line[at + word.len()..].starts_with(part_of_a_word))
}

fn foreign_dependencies(manifest: &str) -> Vec<String> {
    let section = manifest.lines().skip_while(|line| line.trim() != "[dependencies]").skip(1);
    section
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.contains("optional = true"))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#') && !SHARED_DEPENDENCIES.contains(name))
        .map(|name| format!("shared/Cargo.toml: `shared` may not depend on {name}: both ends must be able to."))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{breaches, foreign_dependencies, tidy};
    use crate::source::Source;

    #[test]
    fn the_house_is_tidy() {
        assert_eq!(tidy(), Ok(()));
    }

    #[test]
    fn each_breach_is_named_with_its_place() {
        let of = |path: &str, text: &str| breaches(&Source::new(path, text)).join("\n");
        assert!(of("shared/src/x.rs", "use a;").contains("opens without"));
        assert!(of("server/src/x.rs", &"//! x\n".repeat(401)).contains("401 lines"));
        assert!(of("server/src/x.rs", "//! x\nfn f() {\n  dbg!(1);\n}").starts_with("server/src/x.rs:3: `dbg!`"));
        assert!(of("frontend/src/view/x.rs", "//! x\nuse web_sys::Window;").contains("`platform`"));
        assert_eq!(of("frontend/src/platform/x.rs", "//! x\nuse web_sys::Window;"), "");
        assert_eq!(of("server/src/x.rs", "//! x\n// dbg!(1)\nlet inner_html_free = \"inner_html\";"), "");
    }

    #[test]
    fn shared_stays_light() {
        let manifest = "[dependencies]\nserde.workspace = true\ntokio = \"1\"\n\
                        schemars = { workspace = true, optional = true }\n\n[dev-dependencies]\nproptest = \"1\"\n";
        assert_eq!(foreign_dependencies(manifest).len(), 1);
    }
}
