//! What stands within a line: escapes, emphasis, code, links. Emphasis may go on in the next line of a paragraph.

use super::reader::Reader;
use super::{Piece, Span, signs};

/// Runs of backticks around code in a line, at most; one more is for code with such runs in it.
const CODE_MARKS: usize = 4;
/// What may be closed: one of each kind of emphasis, and the nearest brackets.
pub(super) const OPENERS: usize = 8;

// Places among the openers.
const ITALIC: usize = 0;
const BOLD: usize = 1;
const STRIKE: usize = 2;
const BRACKETS: usize = 3;

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
        let mark = self.byte(at);
        let mut after = at + 1;
        while self.byte(after) == mark {
            after += 1;
        }
        let length = after - at;
        // The kinds that it may open or close, those of three stars being two.
        let kinds = match (mark, length) {
            (b'*', 1) => ITALIC..ITALIC + 1,
            (b'*', 2) => BOLD..BOLD + 1,
            (b'*', 3) => ITALIC..BOLD + 1,
            (b'~', 2) => STRIKE..STRIKE + 1,
            _ => return after,
        };
        let (previous, next) = (self.previous(at), self.next(after));
        let inside = signs::is_word_with_spaces(previous) && signs::is_word_with_spaces(next);
        let ends_start = length == 2 && !previous.is_ascii_digit() && !next.is_ascii_digit();
        let closes = !previous.is_whitespace() && (!inside || ends_start);
        self.flush(at);
        // Three stars close both kinds or none: `f*** you` closes nothing.
        if closes && kinds.clone().all(|kind| self.openers[kind] > 0) {
            let inner =
                if self.openers[kinds.start] > self.openers[kinds.end - 1] { kinds.start } else { kinds.end - 1 };
            self.close_kind(inner);
            if length == 3 {
                self.close_kind(ITALIC + BOLD - inner);
            }
        } else if !inside && !next.is_whitespace() {
            for kind in kinds {
                self.opener(kind, width(kind));
            }
        }
        self.flush(after);
        after
    }

    fn close_kind(&mut self, kind: usize) {
        let mut opener = self.openers[kind];
        // Which of three stars is the outer one is open until one of them is closed: that is the inner one.
        if kind == ITALIC && self.openers[BOLD] == opener + 2 {
            self.openers.swap(ITALIC, BOLD);
            self.pieces[opener] = Piece::Text("**");
            opener += 2;
            self.pieces[opener] = Piece::Text("*");
        }
        self.fill(opener, [Span::Italic, Span::Bold, Span::Strike][kind]);
        self.mark(self.at + width(kind));
        self.close();
    }

    /// A mark that opens a span if its like follows. A span of a kind does not stand in another one, so that the nearest
    /// counts.
    fn opener(&mut self, slot: usize, width: usize) {
        self.pieces.push(Piece::Text(""));
        self.openers[slot] = self.pieces.len();
        self.flush(self.at + width);
    }

    /// Its like has followed. What opened since is text.
    fn fill(&mut self, opener: usize, span: Span<'a>) {
        self.pieces[opener - 1] = Piece::Open(span);
        if let Piece::Text(mark) = self.pieces[opener] {
            self.pieces[opener] = Piece::Mark(mark);
        }
        for other in &mut self.openers {
            if *other >= opener {
                *other = 0;
            }
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
                // Spaces keep a backtick of the code apart from those around it.
                let is_apart = length > 1 && end > start + 2 && self.byte(start) == b' ' && self.byte(end - 1) == b' ';
                let apart = usize::from(is_apart);
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
        // Where all places are taken, the oldest makes room.
        let mut slot = BRACKETS;
        for other in BRACKETS..OPENERS {
            if self.openers[other] < self.openers[slot] {
                slot = other;
            }
        }
        self.opener(slot, 1);
        at + 1
    }

    /// `](https://…)` makes a link of all from the nearest bracket on.
    fn link(&mut self, at: usize) -> usize {
        let mut slot = BRACKETS;
        for other in BRACKETS..OPENERS {
            if self.openers[other] > self.openers[slot] {
                slot = other;
            }
        }
        let opener = self.openers[slot];
        self.openers[slot] = 0;
        self.flush(at);
        let start = at + 2;
        let is_empty = opener == 0 || self.pieces.len() == opener + 1;
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
        self.fill(opener, Span::Link(self.slice(start, end)));
        // A link stands in no link.
        self.openers[BRACKETS..].fill(0);
        self.plain_from(opener + 1);
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
