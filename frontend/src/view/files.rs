//! The files of a message: pictures, with their space reserved before they are there, and everything else by its name.

use stonechat_shared::File;

use super::icon::icon;
use crate::locales::Phrases;
use crate::platform::dom::{El, el};
use crate::platform::page;

/// The most that one picture takes, in pixels of the page; and each of several, so that they stand in a row.
const ALONE: (u32, u32) = (400, 300);
const AMONG: (u32, u32) = (240, 180);
/// The longer side of the smallest version that the server has.
const SMALL_PX: f64 = 320.0;

pub(crate) fn files(words: &Phrases, files: &[File]) -> Option<El> {
    let pictures = files.iter().filter(|file| size_of(file).is_some()).count();
    let most = if pictures > 1 { AMONG } else { ALONE };
    let drawn = files.iter().map(|file| match size_of(file) {
        Some(size) => picture(file, fit(size, most)),
        None => paper(words, file),
    });
    (!files.is_empty()).then(|| drawn.fold(el("div").class("files"), El::child))
}

/// Pixels of a picture; nothing of what is not shown.
pub(crate) fn size_of(file: &File) -> Option<(u32, u32)> {
    Some((file.width?, file.height?))
}

pub(crate) fn place(file: &File) -> String {
    format!("/files/{}", file.id.as_str())
}

/// A link to the picture itself: it opens without the program, too.
fn picture(file: &File, (width, height): (u32, u32)) -> El {
    let is_small = f64::from(width.max(height)) * page::pixels() <= SMALL_PX;
    let version = if is_small { "small" } else { "medium" };
    let image = el("img")
        .set("src", &format!("{}?size={version}", place(file)))
        .set("alt", &file.name)
        .set("loading", "lazy")
        .set("decoding", "async");
    el("a")
        .class("picture")
        .set("href", &place(file))
        .set("target", "_blank")
        .set("data-file", file.id.as_str())
        .style("--w", &format!("{width}px"))
        .style("--ratio", &format!("{width} / {height}"))
        .child(image)
}

fn paper(words: &Phrases, file: &File) -> El {
    el("a")
        .class("paper")
        .set("href", &place(file))
        .set("download", &file.name)
        .child(icon("file"))
        .child(el("span").class("paper-name").set("dir", "auto").text(&file.name))
        .child(el("span").class("paper-size").text(&size(words, file.size)))
        .child(icon("download"))
}

/// Within these bounds, in the same proportions, and never larger than it is.
fn fit((width, height): (u32, u32), (most_width, most_height): (u32, u32)) -> (u32, u32) {
    let (w, h) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let scale = (f64::from(most_width) / w).min(f64::from(most_height) / h).min(1.0);
    ((w * scale).round().max(1.0) as u32, (h * scale).round().max(1.0) as u32)
}

/// Bytes as people read them.
pub(crate) fn size(words: &Phrases, bytes: u64) -> String {
    let count = |bytes: u64| words.count(bytes as usize).text;
    match bytes {
        0..1_024 => format!("{} B", count(bytes)),
        1_024..1_048_576 => format!("{} KB", count(bytes.div_ceil(1_024))),
        1_048_576.. => {
            // Ten MB and more: whole ones will do.
            let tenths = bytes.saturating_mul(10) / 1_048_576;
            let rest =
                if tenths < 100 && !tenths.is_multiple_of(10) { format!(".{}", tenths % 10) } else { String::new() };
            format!("{}{rest} MB", count(tenths / 10))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ALONE, AMONG, fit};

    #[test]
    fn a_picture_keeps_its_proportions_and_grows_beyond_itself_never() {
        for (size, most, fitted) in [
            ((1200, 800), ALONE, (400, 267)),
            ((800, 1200), ALONE, (200, 300)),
            ((1200, 800), AMONG, (240, 160)),
            ((40, 30), ALONE, (40, 30)),
            ((20_000, 10), ALONE, (400, 1)),
            ((0, 0), ALONE, (1, 1)),
        ] {
            assert_eq!(fit(size, most), fitted, "{size:?}");
        }
    }
}
