//! What has a name within a line: people, rooms, emoji, addresses.

use super::reader::Reader;
use super::{Span, signs};
use crate::limits;

/// How addresses begin that a page may go to.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

impl<'a> Reader<'a> {
    /// `@` and a name, not behind a letter: that is a mail address. Behind Chinese, which has no spaces, it is a mention.
    pub(super) fn mention(&mut self, at: usize) -> usize {
        let name = at + 1;
        if self.follows_word(at) {
            return name;
        }
        let mut end = name;
        let mut has_word = false;
        for (index, c) in self.slice(name, self.end).char_indices() {
            self.count(1);
            if !signs::is_of_a_name(c) {
                break;
            }
            if c != '.' {
                end = name + index + c.len_utf8();
            }
            has_word |= signs::is_word(c);
        }
        // `@_@` is a face.
        if !has_word {
            return name;
        }
        self.leaf(at, end, Span::Mention(self.slice(name, end)))
    }

    pub(super) fn room(&mut self, at: usize) -> usize {
        let name = at + 1;
        let end = name + self.run(name, self.end, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let is_name = end > name && end - name <= limits::ROOM_CHARS && self.byte(name) != b'-';
        // `C#`, `&#38;` and `#Title` are something else.
        if !is_name || self.follows_word(at) || matches!(self.previous(at), Some('#' | '&')) || self.goes_on(end) {
            return name;
        }
        self.leaf(at, end, Span::Room(self.slice(name, end)))
    }

    pub(super) fn shortcode(&mut self, at: usize) -> usize {
        let name = at + 1;
        let end =
            name + self.run(name, self.end, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'+'));
        // `10:30:45` and `std::vec::Vec` are something else; another shortcode may stand right before.
        let follows_colon = self.previous(at) == Some(':') && self.at != at;
        let is_name = end > name && self.byte(end) == b':';
        if !is_name || follows_colon || self.follows_word(at) || self.goes_on(end + 1) {
            return name;
        }
        self.leaf(at, end + 1, Span::Shortcode(self.slice(name, end)))
    }

    /// An address as it is, up to where it ends in a sentence.
    pub(super) fn address(&mut self, at: usize) -> usize {
        if self.follows_word(at) {
            return at + 1;
        }
        let end = self.address_end(at, true);
        if end == at {
            return at + 1;
        }
        let address = self.slice(at, end);
        let end = at + address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']).len();
        self.count(address.len());
        self.leaf(at, end, Span::Link(self.slice(at, end)))
    }

    /// Where the address that starts here ends; here, where there is none. A closing bracket that was not opened in it
    /// is not part of it, and where it is bare, neither is what no address has unescaped.
    pub(super) fn address_end(&self, at: usize, bare: bool) -> usize {
        let starts = |scheme: &&&str| {
            let start = self.text.as_bytes().get(at..at + scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
        };
        let Some(scheme) = SCHEMES.iter().find(starts) else { return at };
        let host = at + scheme.len();
        if !self.next(host).is_some_and(signs::is_word) {
            return at;
        }
        let (mut round, mut square) = (0, 0);
        for (index, c) in self.slice(host, self.end).char_indices() {
            self.count(1);
            let ends = match c {
                '(' => {
                    round += 1;
                    false
                }
                ')' => {
                    round -= 1;
                    round < 0
                }
                '[' if bare => {
                    square += 1;
                    false
                }
                ']' if bare => {
                    square -= 1;
                    square < 0
                }
                '<' | '>' | '"' | '`' => bare,
                _ if c.is_ascii() => c <= ' ',
                _ => c.is_whitespace() || bare && !signs::is_word(c),
            };
            if ends {
                return host + index;
            }
        }
        self.end
    }

    /// A span with nothing but text in it.
    fn leaf(&mut self, from: usize, to: usize, span: Span<'a>) -> usize {
        self.flush(from);
        self.open(span);
        self.flush(to);
        self.close();
        to
    }

    fn follows_word(&self, at: usize) -> bool {
        self.previous(at).is_some_and(signs::is_word_with_spaces)
    }

    fn goes_on(&self, at: usize) -> bool {
        self.next(at).is_some_and(|c| c == '_' || signs::is_word_with_spaces(c))
    }
}
