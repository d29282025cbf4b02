//! What has a name within a line: people, rooms, emoji, addresses.

use super::reader::Reader;
use super::{Span, signs};
use crate::limits;

/// How addresses begin that a page may go to.
const SCHEMES: [&[u8]; 3] = [b"https://", b"http://", b"mailto:"];

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
        if !is_name || self.follows_word(at) || matches!(self.previous(at), '#' | '&') || self.goes_on(end) {
            return name;
        }
        self.leaf(at, end, Span::Room(self.slice(name, end)))
    }

    pub(super) fn shortcode(&mut self, at: usize) -> usize {
        let name = at + 1;
        let end =
            name + self.run(name, self.end, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'+'));
        // `10:30:45` and `std::vec::Vec` are something else; another shortcode may stand right before.
        let follows_colon = self.previous(at) == ':' && self.at != at;
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
        self.leaf(at, end, Span::Link(self.slice(at, end)))
    }

    /// Where the address that starts here ends; here, where there is none. A closing bracket that was not opened in it
    /// is not part of it. Where it is bare, neither is what no address has unescaped, nor the marks of its sentence.
    pub(super) fn address_end(&self, at: usize, bare: bool) -> usize {
        let mut host = 0;
        for scheme in SCHEMES {
            let start = self.text.as_bytes().get(at..at + scheme.len());
            if start.is_some_and(|start| start.eq_ignore_ascii_case(scheme)) {
                host = at + scheme.len();
            }
        }
        if host == 0 || !signs::is_word(self.next(host)) {
            return at;
        }
        let mut open = 0;
        let mut end = host;
        for (index, c) in self.slice(host, self.end).char_indices() {
            self.count(1);
            let mut is_last = true;
            let goes_on = match c {
                '(' | '[' => {
                    open += 1;
                    true
                }
                ')' | ']' => {
                    open -= 1;
                    open >= 0
                }
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => {
                    is_last = !bare;
                    true
                }
                '<' | '>' | '"' | '`' => !bare,
                _ if c.is_ascii() => c > ' ',
                _ => !c.is_whitespace() && (!bare || signs::is_word(c)),
            };
            if !goes_on {
                break;
            }
            if is_last {
                end = host + index + c.len_utf8();
            }
        }
        end
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
        signs::is_word_with_spaces(self.previous(at))
    }

    fn goes_on(&self, at: usize) -> bool {
        self.byte(at) == b'_' || signs::is_word_with_spaces(self.next(at))
    }
}
