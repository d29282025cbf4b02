//! What stands within a line: escapes, emphasis, code, links. Emphasis may go on in the next line of a paragraph.

use super::reader::Reader;
use super::{Piece, Span, signs};

/// Runs of backticks around code in a line, at most; one more is for code with such runs in it.
const CODE_MARKS: usize = 4;
/// Openers that are remembered, one for each kind of emphasis and a few brackets; the oldest make place.
const OPENERS: usize = 8;

/// A mark that opens a span if its like follows. An empty text in front of it keeps the span's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opener {
    /// One bit of those below. A run of one, two and three stars is a set of them.
    kind: usize,
    /// Which piece is the empty text.
    piece: usize,
}

const ITALIC: usize = 1;
const BOLD: usize = 2;
const STRIKE: usize = 4;
const BRACKET: usize = 8;

impl<'a> Reader<'a> {
    /// Reads from where the reader is to the end of the line.
    pub(super) fn inline(&mut self) {
        self.line = self.at;
        self.no_code = 0;
        let mut at = self.at;
        while at < self.end {
            self.count(1);
            at = match self.byte(at) {
                b'\\' => self.escape(at),
                b'*' | b'~' => self.emphasis(at),
                b'`' => self.code(at),
                b'[' => self.bracket(at),
                b']' => self.link(at),
                b'@' => self.mention(at),
                b'#' => self.room(at),
                b':' => self.shortcode(at),
                b'h' | b'H' | b'm' | b'M' => self.address(at),
                _ => at + 1,
            };
        }
        self.flush(self.end);
    }

    /// A backslash is one only before a mark: `C:\new` and `\server` keep theirs.
    fn escape(&mut self, at: usize) -> usize {
        let backslashes = self.run(at, self.end, |byte| byte == b'\\');
        let after = at + backslashes;
        let escapes = match self.byte(after) {
            b'*' | b'~' | b'`' | b'[' | b']' | b'@' | b'#' | b':' => true,
            // These mean something at the start of a line alone.
            b'>' | b'-' => at == self.line,
            b'.' => at > self.line && self.line + self.run(self.line, self.end, |byte| byte.is_ascii_digit()) == at,
            _ => false,
        };
        if !escapes {
            return after;
        }
        self.flush(at);
        for pair in 0..backslashes / 2 {
            self.mark(at + 2 * pair + 1);
            self.flush(at + 2 * pair + 2);
        }
        if backslashes.is_multiple_of(2) {
            return after;
        }
        self.mark(after);
        after + 1
    }

    /// A mark opens before what is no space, and closes behind it. Within a word of a script that has spaces it is text,
    /// as in `2*3*4`; but a word's start may be bold or struck.
    fn emphasis(&mut self, at: usize) -> usize {
        let star = self.byte(at) == b'*';
        let length = if star {
            self.run(at, self.end, |byte| byte == b'*')
        } else {
            self.run(at, self.end, |byte| byte == b'~')
        };
        let after = at + length;
        let kinds = match (star, length) {
            (true, 1..=3) => length,
            (false, 2) => STRIKE,
            _ => return after,
        };
        let (previous, next) = (self.previous(at), self.next(after));
        let in_word = |c: Option<char>| c.is_some_and(signs::is_word_with_spaces);
        let in_letters = |c: Option<char>| in_word(c) && c.is_some_and(|c| !c.is_ascii_digit());
        let inside = in_word(previous) && in_word(next);
        let opens = !inside && next.is_some_and(|c| !c.is_whitespace());
        let closes = previous.is_some_and(|c| !c.is_whitespace())
            && (!inside || length == 2 && in_letters(previous) && in_letters(next));
        self.flush(at);
        let mut left = kinds;
        // Three stars close both kinds or none: `f*** you` closes nothing.
        let can_close = closes && self.openers.iter().fold(0, |open, opener| open | opener.kind) & kinds == kinds;
        while can_close && let Some(index) = self.openers.iter().rposition(|opener| opener.kind & left != 0) {
            let opener = self.innermost(index);
            left &= !opener.kind;
            self.fill(opener, span(opener.kind));
            self.mark(self.at + width(opener.kind));
            self.close();
        }
        for kind in [ITALIC, BOLD, STRIKE] {
            if opens && left & kind != 0 {
                // A span of a kind does not stand in another one: the nearest opener counts.
                self.openers.retain(|opener| opener.kind != kind);
                self.opener(kind, width(kind));
            }
        }
        self.flush(after);
        after
    }

    /// Takes this opener from the list, and all behind it. Which of three stars is the outer one is open until one of them
    /// is closed: that is the inner one.
    fn innermost(&mut self, index: usize) -> Opener {
        let mut opener = self.openers[index];
        let is_outer = self
            .openers
            .get(index + 1)
            .is_some_and(|inner| opener.kind == ITALIC && inner.kind == BOLD && inner.piece == opener.piece + 2);
        self.openers.truncate(index);
        if is_outer {
            self.openers.push(Opener { kind: BOLD, piece: opener.piece });
            self.pieces[opener.piece + 1] = Piece::Text("**");
            self.pieces[opener.piece + 3] = Piece::Text("*");
            opener.piece += 2;
        }
        opener
    }

    fn opener(&mut self, kind: usize, width: usize) {
        if self.openers.len() == OPENERS {
            self.openers.remove(0);
        }
        self.openers.push(Opener { kind, piece: self.pieces.len() });
        self.pieces.push(Piece::Text(""));
        self.flush(self.at + width);
    }

    /// Its like has followed.
    fn fill(&mut self, opener: Opener, span: Span<'a>) {
        self.pieces[opener.piece] = Piece::Open(span);
        if let Piece::Text(mark) = self.pieces[opener.piece + 1] {
            self.pieces[opener.piece + 1] = Piece::Mark(mark);
        }
    }

    fn code(&mut self, at: usize) -> usize {
        let is_tick = |byte| byte == b'`';
        let length = self.run(at, self.end, is_tick);
        let start = at + length;
        if length > CODE_MARKS || self.no_code & 1 << length != 0 {
            return start;
        }
        let mut end = start;
        while end < self.end {
            end += self.run(end, self.end, |byte| byte != b'`');
            let run = self.run(end, self.end, is_tick);
            if run == length {
                let code = self.slice(start, end);
                // Spaces keep a backtick of the code apart from those around it.
                let apart = usize::from(code.contains('`') && code.starts_with(' ') && code.ends_with(' '));
                self.flush(at);
                self.open(Span::Code);
                self.mark(start + apart);
                self.flush(end - apart);
                self.mark(end + length);
                self.close();
                return end + length;
            }
            end += run;
        }
        self.no_code |= 1 << length;
        start
    }

    fn bracket(&mut self, at: usize) -> usize {
        self.flush(at);
        self.opener(BRACKET, 1);
        at + 1
    }

    /// `](https://…)` makes a link of all from the nearest bracket on.
    fn link(&mut self, at: usize) -> usize {
        let Some(index) = self.openers.iter().rposition(|opener| opener.kind == BRACKET) else { return at + 1 };
        let opener = self.openers.remove(index);
        self.flush(at);
        let start = at + 2;
        let is_empty = self.pieces.len() == opener.piece + 2;
        if is_empty || self.byte(at + 1) != b'(' || start < self.no_link {
            return at + 1;
        }
        let end = self.address_end(start, false);
        if end == start {
            return at + 1;
        }
        if self.byte(end) != b')' {
            self.no_link = end;
            return at + 1;
        }
        // What opened in it is text, and so is each bracket before it: a link stands in no link.
        self.openers.truncate(index);
        self.openers.retain(|opener| opener.kind != BRACKET);
        self.fill(opener, Span::Link(self.slice(start, end)));
        self.plain_from(opener.piece + 2);
        self.mark(end + 1);
        self.close();
        end + 1
    }

    /// Names and addresses in a link's text are text.
    fn plain_from(&mut self, piece: usize) {
        for index in piece..self.pieces.len() {
            self.count(1);
            if let Piece::Open(Span::Link(_) | Span::Mention(_) | Span::Room(_)) = self.pieces[index] {
                self.pieces[index] = Piece::Text("");
                self.pieces[index + 2] = Piece::Text("");
            }
        }
    }
}

fn width(kind: usize) -> usize {
    if kind == ITALIC { 1 } else { 2 }
}

fn span(kind: usize) -> Span<'static> {
    match kind {
        ITALIC => Span::Italic,
        BOLD => Span::Bold,
        _ => Span::Strike,
    }
}
