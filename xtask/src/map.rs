//! ARCHITECTURE.md's map against the folders: what it names is there.

use std::path::{Path, PathBuf};

use crate::source::CRATES;

/// What a path in the map ends with. A folder ends with a slash.
const ENDINGS: [&str; 9] = ["/", ".rs", ".toml", ".md", ".html", ".css", ".js", ".json", ".svg"];

/// Made by running, so not there in a fresh clone.
const MADE: [&str; 3] = ["target/", "data/", "dist/"];

/// One sentence for each folder and file that the map names and that is not there.
pub(crate) fn missing(map: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut sentences = Vec::new();
    // In a drawn tree, an indented name belongs to the folder above it.
    let mut folder = String::new();
    let mut drawn = false;
    for (index, line) in map.lines().enumerate() {
        if line.starts_with("```") {
            drawn = !drawn;
            folder.clear();
            continue;
        }
        for name in paths(line, drawn) {
            let at_the_edge = drawn && line.starts_with(name);
            if at_the_edge && name.ends_with('/') {
                name.clone_into(&mut folder);
            }
            let below = if at_the_edge { "" } else { folder.as_str() };
            if !places(name, below).iter().any(|place| exists(place)) {
                sentences.push(format!("ARCHITECTURE.md:{}: names `{name}`, which is not there.", index + 1));
            }
        }
    }
    sentences
}

/// The words of a line that are paths: all of them in a drawn tree, those in backticks elsewhere.
fn paths(line: &str, drawn: bool) -> Vec<&str> {
    let words: Vec<&str> = if drawn {
        line.split(|c: char| c.is_whitespace() || [',', ';', ':', '(', ')', '·'].contains(&c)).collect()
    } else {
        line.split('`').skip(1).step_by(2).collect()
    };
    words.into_iter().filter(|word| is_path(word)).collect()
}

fn is_path(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ['_', '-', '.', '/'].contains(&c);
    word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
        && word.chars().all(plain)
        && ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
        && !MADE.iter().any(|made| word.starts_with(made))
}

/// Where a name may be meant to be.
fn places(name: &str, folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::new()];
    if folder.is_empty() {
        folders.extend(CRATES.map(PathBuf::from));
    } else {
        folders = vec![PathBuf::from(folder)];
    }
    folders.iter().flat_map(|folder| [folder.join(name), folder.join("src").join(name)]).collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn what_the_map_names_must_be_there() {
        let there = ["server", "server/src/room.rs", "server/src/store/", "docs/protocol.md"];
        let exists = |path: &std::path::Path| there.iter().any(|other| std::path::Path::new(other) == path);
        let map = "See `docs/protocol.md`, `room.rs` and `GET /ws`.\n\
                   ```\nserver/      the server\n  room.rs    one room · store/  rows\n  bus.rs     gone\n```\n";
        assert_eq!(missing(map, exists), ["ARCHITECTURE.md:5: names `bus.rs`, which is not there."]);
    }
}
