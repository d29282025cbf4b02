//! Which module may name which: the arrows of ARCHITECTURE.md, read from the imports.

use crate::source::Source;

/// A module, and the modules of its own crate that it may name. A module that is not listed may name none.
type Edges = &'static [(&'static str, &'static [&'static str])];

/// Only these wire, so only these may name everything.
const WIRING: [(&str, &[&str]); 2] = [("server", &["main", "lib", "serve", "http"]), ("frontend", &["main", "app"])];

const SERVER: Edges = &[
    ("api", &["app", "auth", "caller", "picture", "random", "rate", "refusal", "room", "store", "text", "uploads"]),
    ("ws", &["app", "caller", "refusal", "room", "session"]),
    ("events", &["app", "caller", "listen", "refusal", "session"]),
    ("plain", &["app", "auth", "caller", "random", "refusal", "room", "session", "ws"]),
    ("session", &["app", "caller", "metrics", "random", "refusal", "room", "store", "text"]),
    ("text", &["refusal"]),
    ("caller", &["app", "auth", "listen", "origin", "refusal"]),
    ("app", &["auth", "clock", "config", "metrics", "random", "rate", "refusal", "room", "store", "uploads"]),
    ("room", &["presence", "store"]),
    ("store", &["metrics", "random", "refusal"]),
    ("auth", &["random"]),
    ("refusal", &["picture"]),
];

const FRONTEND: Edges = &[
    ("view", &["state", "platform", "locales"]),
    ("state", &["net", "platform", "locales"]),
    ("net", &["platform"]),
    ("locales", &["platform"]),
];

const CRATES: [(&str, Edges); 2] = [("server", SERVER), ("frontend", FRONTEND)];

/// One sentence for each arrow that is not in the picture.
pub(crate) fn broken(sources: &[Source]) -> Vec<String> {
    let mut sentences = Vec::new();
    for source in sources {
        let Some((of, module)) = source.module() else { continue };
        let Some((_, edges)) = CRATES.iter().find(|(name, _)| *name == of) else { continue };
        if WIRING.iter().any(|(name, modules)| *name == of && modules.contains(&module)) {
            continue;
        }
        let allowed = edges.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, names)| names);
        for (line, name) in source.names() {
            let is_a_module = sources.iter().any(|other| other.module() == Some((of, name.as_str())));
            if is_a_module && name != module && !allowed.contains(&name.as_str()) {
                let may = if allowed.is_empty() { "nothing of its crate".to_owned() } else { allowed.join(", ") };
                sentences.push(format!("{}:{line}: `{module}` may not use `{name}` (it may use {may}).", source.path));
            }
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::{CRATES, broken};
    use crate::source::Source;

    fn house(store: &str) -> Vec<Source> {
        vec![
            Source::new("server/src/store.rs", store),
            Source::new("server/src/store/sqlite.rs", "use crate::store::Store;"),
            Source::new("server/src/room.rs", "use crate::store::Store;"),
            Source::new("server/src/serve.rs", "use crate::{room::Room, store::Store};"),
        ]
    }

    #[test]
    fn an_arrow_against_the_picture_is_named() {
        let sentences = broken(&house("//! Rows.\n\nuse crate::room::Room;\n"));
        assert_eq!(sentences.len(), 1);
        assert!(sentences[0].starts_with("server/src/store.rs:3: `store` may not use `room`"), "{sentences:?}");
    }

    #[test]
    fn arrows_of_the_picture_are_fine() {
        assert_eq!(broken(&house("use std::path::Path;")), [""; 0]);
    }

    #[test]
    fn the_picture_has_no_circle() {
        for (of, edges) in CRATES {
            for (start, _) in edges {
                let mut reached: Vec<&str> = Vec::new();
                let mut next = vec![*start];
                while let Some(module) = next.pop() {
                    for name in edges.iter().filter(|(name, _)| *name == module).flat_map(|(_, names)| names.iter()) {
                        assert_ne!(name, start, "{of}: {start} reaches itself through {module}");
                        if !reached.contains(name) {
                            reached.push(name);
                            next.push(name);
                        }
                    }
                }
            }
        }
    }
}
