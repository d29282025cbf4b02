//! Makes what Trunk built into what is served: one style sheet, and each file in brotli and gzip beside itself.

use std::io::Write;
use std::path::Path;

use crate::shell::{self, Outcome};

/// What shrinks. Pictures are compressed already.
const TEXTS: [&str; 9] = ["css", "html", "js", "json", "map", "svg", "txt", "wasm", "webmanifest"];

/// The one style sheet that a release serves.
const STYLE: &str = "style.css";

/// From Trunk's folder into the folder that the server embeds, which is replaced as a whole.
pub(crate) fn press(from: &Path, to: &Path) -> Outcome {
    let unfinished = to.with_extension("part");
    let _ = std::fs::remove_dir_all(&unfinished);
    let index = shell::text(&from.join("index.html"))?;
    let (index, styles) = join_styles(&index);
    let mut style = Vec::new();
    for name in &styles {
        style.extend(shell::bytes(&from.join(name))?);
        style.push(b'\n');
    }
    for file in shell::files(from)? {
        let name = file.strip_prefix(from).unwrap_or(&file);
        let shown = name.to_string_lossy();
        if styles.iter().any(|style| *style == shown) || shown.starts_with('.') {
            continue;
        }
        let content = if shown == "index.html" { index.clone().into_bytes() } else { shell::bytes(&file)? };
        put(&unfinished.join(name), &content)?;
    }
    if !styles.is_empty() {
        put(&unfinished.join(STYLE), &style)?;
    }
    let _ = std::fs::remove_dir_all(to);
    std::fs::rename(&unfinished, to).map_err(|error| format!("{} cannot be replaced: {error}.", to.display()))
}

/// A file, and its pressed forms where they are smaller.
fn put(file: &Path, content: &[u8]) -> Outcome {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
    }
    shell::write(file, content)?;
    let Some(extension) = file.extension().and_then(|extension| extension.to_str()) else { return Ok(()) };
    if !TEXTS.contains(&extension) {
        return Ok(());
    }
    for (suffix, pressed) in [("br", brotli(content)), ("gz", gzip(content))] {
        let pressed = pressed.map_err(|error| format!("{} cannot be pressed: {error}.", file.display()))?;
        if pressed.len() < content.len() {
            shell::write(&file.with_extension(format!("{extension}.{suffix}")), &pressed)?;
        }
    }
    Ok(())
}

fn brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut pressed = Vec::new();
    // The slowest and smallest: it is done once for every visit to come. 22 bits is the largest window all readers know.
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut pressed, &parameters)?;
    Ok(pressed)
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// The page with one link in the place of its first style sheet, and the files that the link stands for, in order.
fn join_styles(page: &str) -> (String, Vec<String>) {
    let mut joined = String::with_capacity(page.len());
    let mut names = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("<link") {
        let end = rest[start..].find('>').map_or(rest.len(), |length| start + length + 1);
        let tag = &rest[start..end];
        joined.push_str(&rest[..start]);
        match local_style(tag) {
            Some(name) => {
                if names.is_empty() {
                    joined.push_str(&format!("<link rel=\"stylesheet\" href=\"/{STYLE}\">"));
                }
                names.push(name);
            }
            None => joined.push_str(tag),
        }
        rest = &rest[end..];
    }
    joined.push_str(rest);
    (joined, names)
}

fn local_style(tag: &str) -> Option<String> {
    if attribute(tag, "rel")? != "stylesheet" {
        return None;
    }
    attribute(tag, "href")?.strip_prefix('/').map(str::to_owned)
}

/// An attribute's value, with or without quotes: minified HTML leaves them out.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}="))? + name.len() + 2;
    let value = &tag[start..];
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '>']).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::join_styles;

    #[test]
    fn many_style_sheets_become_one_in_their_order() {
        let page = "<head><link rel=icon href=/a.svg><link rel=\"stylesheet\" href=\"/a.css\">\
                    <link rel=stylesheet href=/b.css><title>x</title></head>";
        let (joined, names) = join_styles(page);
        assert_eq!(names, ["a.css", "b.css"]);
        assert_eq!(
            joined,
            "<head><link rel=icon href=/a.svg><link rel=\"stylesheet\" href=\"/style.css\"><title>x</title></head>"
        );
    }

    #[test]
    fn a_page_without_style_sheets_stays_as_it_is() {
        let page = "<head><link rel=\"stylesheet\" href=\"https://example.org/far.css\"></head>";
        assert_eq!(join_styles(page), (page.to_owned(), Vec::new()));
    }
}
