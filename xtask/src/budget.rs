//! What a first visit costs, and the most that it may.

use std::path::Path;

use crate::build;
use crate::shell::{self, Outcome};

/// Page, style, scripts, program and icons, in brotli. 140 kB come through a 1.6 Mbit/s phone line in 0.7 s,
/// less than the scripts alone of comparable web chats.
const FIRST_VISIT: u64 = 140_000;

/// Fetched when a person asks for them, or once the room stands there: not part of what a first visit waits for.
const LATER: [&str; 12] = [
    "split_later.wasm",
    "actions.css",
    "attaching.css",
    "composing.css",
    "dialog.css",
    "emoji.txt",
    "focus.js",
    "inspector.css",
    "lightbox.css",
    "panel.css",
    "people.css",
    "switcher.css",
];

/// Prints each file's share; fails when the sum is over the limit.
pub(crate) fn budget() -> Outcome {
    let web = build::front_end()?;
    let mut shares: Vec<(u64, String)> = Vec::new();
    for file in shell::files(&web)? {
        let name = file.strip_prefix(&web).unwrap_or(&file).to_string_lossy().into_owned();
        if !name.ends_with(".br") && !name.ends_with(".gz") && !LATER.contains(&name.as_str()) {
            shares.push((travels(&file)?, name));
        }
    }
    shares.sort_by(|a, b| b.cmp(a));
    let sum: u64 = shares.iter().map(|(size, _)| size).sum();
    println!("The first visit, in brotli:");
    for (size, name) in &shares {
        println!("{size:>9}  {name}");
    }
    println!("{sum:>9}  of {FIRST_VISIT} bytes");
    if sum <= FIRST_VISIT {
        return Ok(());
    }
    let over = sum - FIRST_VISIT;
    Err(format!(
        "The first visit is {over} bytes too heavy: make it lighter, or fetch something only when it is needed."
    ))
}

/// The size on the wire: the brotli form where there is one.
fn travels(file: &Path) -> Outcome<u64> {
    let mut pressed = file.as_os_str().to_owned();
    pressed.push(".br");
    let pressed = Path::new(&pressed);
    let sent = if pressed.exists() { pressed } else { file };
    std::fs::metadata(sent)
        .map(|metadata| metadata.len())
        .map_err(|error| format!("{} cannot be read: {error}.", sent.display()))
}
