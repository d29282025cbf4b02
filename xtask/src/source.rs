//! Rust source as the rules of the house read it: the code alone, and what it names.

use std::path::{Path, PathBuf};

use crate::shell::{self, Outcome};

/// The crates' folders. What is Rust in them keeps the rules.
pub(crate) const CRATES: [&str; 5] = ["shared", "server", "frontend", "e2e", "xtask"];

/// One file of Rust.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the repository's folder on: `server/src/room/ring.rs`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text without comments and without what stands in quotes, line for line.
    pub(crate) code: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: code(text) }
    }

    /// The crate's folder and the module of its top level: `server`, `room`. `None` outside `src`.
    pub(crate) fn module(&self) -> Option<(&str, &str)> {
        let (of, rest) = self.path.split_once("/src/")?;
        let first = rest.split('/').next()?;
        Some((of, first.strip_suffix(".rs").unwrap_or(first)))
    }

    /// The top-level modules of its own crate that the code names, and the line of each.
    pub(crate) fn names(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("crate::") {
            let starts_a_word = !self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
            if starts_a_word {
                let line = self.code[..at].matches('\n').count() + 1;
                found.extend(heads(&self.code[at + "crate::".len()..]).into_iter().map(|name| (line, name)));
            }
        }
        found
    }
}

/// All Rust files of the workspace, in order.
pub(crate) fn all() -> Outcome<Vec<Source>> {
    let mut sources = Vec::new();
    for of in CRATES.into_iter().chain(["fuzz/targets"]) {
        for file in rust_files(&shell::root().join(of))? {
            sources.push(Source::new(&shell::shown(&file), &shell::text(&file)?));
        }
    }
    Ok(sources)
}

fn rust_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let files = shell::files(folder)?;
    Ok(files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect())
}

/// `room::Room` names `room`; `{room::{Room, ring}, store}` names `room` and `store`.
fn heads(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        return word(path).into_iter().collect();
    };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut expects = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects = true,
            c if expects && depth == 0 && (c.is_alphanumeric() || c == '_') => {
                names.extend(word(&group[at..]));
                expects = false;
            }
            _ => {}
        }
    }
    names
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// Leaves out comments and the insides of quotes; keeps the line breaks.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = skipped(rest, code.chars().next_back());
        match skipped {
            0 => {
                code.push(c);
                rest = &rest[c.len_utf8()..];
            }
            length => {
                code.extend(rest[..length].chars().filter(|c| *c == '\n'));
                code.push(' ');
                rest = &rest[length..];
            }
        }
    }
    code
}

/// How many bytes at the front are a comment or a literal.
fn skipped(rest: &str, last: Option<char>) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |end| end + 2);
    }
    if rest.starts_with("r\"") || rest.starts_with("r#") {
        let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
        let in_a_word = last.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if !in_a_word && rest[1 + hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let inside = 2 + hashes;
            return rest[inside..].find(&close).map_or(rest.len(), |end| inside + end + close.len());
        }
    }
    if let Some(inside) = rest.strip_prefix('"') {
        return 1 + closing(inside, '"');
    }
    // A character, not a lifetime: `'x'` or `'\n'`.
    if let Some(inside) = rest.strip_prefix('\'')
        && (inside.starts_with('\\') || inside.chars().nth(1) == Some('\''))
    {
        return 1 + closing(inside, '\'');
    }
    0
}

/// Where a literal ends, its closing quote included.
fn closing(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    inside.len()
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn names(text: &str) -> Vec<String> {
        Source::new("server/src/x.rs", text).names().into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn imports_are_read_in_every_form() {
        assert_eq!(names("use crate::room::Room;"), ["room"]);
        assert_eq!(names("use crate::{app::App, room::{Room, ring}, store};"), ["app", "room", "store"]);
        assert_eq!(names("fn f() { crate::store::open() }"), ["store"]);
        assert_eq!(names("pub(crate) struct X; // crate::room\n/* crate::room */ \"crate::room\""), [""; 0]);
    }

    #[test]
    fn quotes_and_comments_are_not_code() {
        let code =
            Source::new("x.rs", "let a = \"// no\"; let b = '\"'; let c: &'static str = r#\"x\"#; // dbg!(\nd").code;
        assert!(code.contains("let b") && code.contains("'static") && code.ends_with('d'), "{code}");
        assert!(!code.contains("no") && !code.contains("dbg"), "{code}");
        assert_eq!(code.matches('\n').count(), 1);
    }

    #[test]
    fn a_file_belongs_to_the_module_of_its_folder() {
        assert_eq!(Source::new("server/src/room/ring.rs", "").module(), Some(("server", "room")));
        assert_eq!(Source::new("server/src/room.rs", "").module(), Some(("server", "room")));
        assert_eq!(Source::new("server/tests/chat.rs", "").module(), None);
    }
}
