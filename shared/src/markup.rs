//! A message's text, read into a flat tree of spans. Never HTML: the page makes elements and text nodes of it.
//!
//! - `reader`: where the reader stands. `blocks`: what lines are: quotes, lists, fenced code.
//! - `inline`: what stands within a line: emphasis, code, links. `names`: people, rooms, emoji and addresses in it.
//! - `signs`: which characters are letters, and of which kind of script.
//! - [`mention`]: how a person is named. `preview`: a text in one line. `emoji`: nothing but emoji.
//!
//! How people write it is told in `docs/writing.md`.

mod blocks;
mod emoji;
mod inline;
pub mod mention;
mod names;
mod preview;
mod reader;
mod signs;

pub use emoji::is_emoji_only;
pub use mention::{is_mention_of, mention_key, mention_of, mentions, names};
pub use preview::preview;

/// How deep spans may stand in each other: three quotes, four lists and their items, then a link, each of three kinds of
/// emphasis, and a name or a piece of code. What would go deeper is text.
pub const DEPTH: usize = blocks::QUOTES + 2 * blocks::LISTS + 5;

/// A step through the tree, flat so that it takes one allocation: an element is made at `Open`, filled with what follows
/// and left at its `Close`.
///
/// What stands in `Text` and `Mark` is, in order, the whole input: nothing is left out and nothing is empty. No two
/// `Text` stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// What follows, up to the `Close` of the same depth, stands in this span.
    Open(Span<'a>),
    Close,
    /// What is read. Line breaks in it are kept.
    Text(&'a str),
    /// What was written only to say how something is meant, and is not shown.
    Mark(&'a str),
}

/// What a piece of text is. The names and addresses in it may well name nothing that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    Bold,
    Italic,
    Strike,
    /// Within a line.
    Code,
    /// Lines of their own. The language is what was written behind the fence: one word, or nothing.
    CodeBlock(&'a str),
    Quote,
    /// Holds items alone.
    List {
        ordered: bool,
    },
    /// With its number, in an ordered list.
    Item(Option<u32>),
    /// Begins with `https://`, `http://` or `mailto:`, in any case.
    Link(&'a str),
    /// A person, without the `@`: see [`is_mention_of`]. The text in it has the `@`.
    Mention(&'a str),
    /// A valid room name, without the `#`. The text in it has the `#`.
    Room(&'a str),
    /// Without the colons. The text in it has them.
    Shortcode(&'a str),
}

/// Reads any text, in time proportional to its length.
pub fn read(text: &str) -> Vec<Piece<'_>> {
    reader::Reader::read(text).pieces
}

#[cfg(test)]
mod tests;
