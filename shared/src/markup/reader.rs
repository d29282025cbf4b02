//! Where the reader stands, and how pieces come about: each takes the text from where the last one ended.

use super::blocks::LISTS;
use super::inline::OPENERS;
use super::{Piece, Span};

#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    /// Up to here the text is in pieces.
    pub(super) at: usize,
    pub(super) pieces: Vec<Piece<'a>>,
    /// What may yet be closed within this paragraph: the place behind the empty text that keeps a span's place, or 0.
    pub(super) openers: [usize; OPENERS],
    /// Where the line's own text starts, behind the marks of its blocks.
    pub(super) line: usize,
    /// Where the line ends.
    pub(super) end: usize,
    /// A bit for each length of a run of backticks: none follows in this line.
    pub(super) no_code: usize,
    /// No address in round brackets that starts before ends in its line.
    pub(super) no_link: usize,
    pub(super) quotes: usize,
    /// The inner ones last, of which so many are open.
    pub(super) lists: [List; LISTS],
    pub(super) open_lists: usize,
    pub(super) fence: Option<Fence>,
    /// No text has followed since the last block: blank lines are its margin.
    pub(super) after_block: bool,
    /// Bytes looked at.
    #[cfg(test)]
    pub(super) steps: std::cell::Cell<usize>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    /// In columns.
    pub(super) indent: usize,
    pub(super) ordered: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Fence {
    pub(super) backticks: usize,
    /// A line of code stands in it already.
    pub(super) begun: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let mut reader = Self {
            text,
            at: 0,
            pieces: Vec::new(),
            openers: [0; OPENERS],
            line: 0,
            end: 0,
            no_code: 0,
            no_link: 0,
            quotes: 0,
            lists: [List::default(); LISTS],
            open_lists: 0,
            fence: None,
            after_block: false,
            #[cfg(test)]
            steps: std::cell::Cell::default(),
        };
        let mut start = 0;
        loop {
            reader.end = start + reader.run(start, text.len(), |byte| byte != b'\n');
            reader.block(start);
            if reader.end == text.len() {
                break;
            }
            start = reader.end + 1;
        }
        reader.close_fence();
        reader.close_lists(0);
        for _ in 0..reader.quotes {
            reader.close_block();
        }
        reader.join();
        reader
    }

    /// The line break before the line that starts here. Blank lines before a block are its margin.
    pub(super) fn line_break(&mut self, start: usize, shown: bool) {
        if shown {
            return self.flush(start);
        }
        let mut last = self.pieces.len();
        while last > 0 && self.pieces[last - 1] == Piece::Text("\n") {
            last -= 1;
            self.pieces[last] = Piece::Mark("\n");
            self.count(1);
        }
        self.mark(start);
    }

    /// What has no piece yet is text up to here.
    pub(super) fn flush(&mut self, to: usize) {
        if self.at < to {
            self.pieces.push(Piece::Text(self.slice(self.at, to)));
            self.at = to;
        }
    }

    /// What has no piece yet is a mark up to here.
    pub(super) fn mark(&mut self, to: usize) {
        if self.at < to {
            self.pieces.push(Piece::Mark(self.slice(self.at, to)));
            self.at = to;
        }
    }

    pub(super) fn open(&mut self, span: Span<'a>) {
        self.pieces.push(Piece::Open(span));
    }

    pub(super) fn close(&mut self) {
        self.pieces.push(Piece::Close);
    }

    /// No emphasis reaches over the edge of a block.
    pub(super) fn open_block(&mut self, span: Span<'a>) {
        self.openers = [0; OPENERS];
        self.open(span);
    }

    pub(super) fn close_block(&mut self) {
        self.openers = [0; OPENERS];
        self.after_block = true;
        self.close();
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The byte there, 0 behind the line.
    pub(super) fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.text.as_bytes()[at] } else { 0 }
    }

    /// The character there; a space behind the line.
    pub(super) fn next(&self, at: usize) -> char {
        self.slice(at, self.end).chars().next().unwrap_or(' ')
    }

    /// The character before; a space before the line.
    pub(super) fn previous(&self, at: usize) -> char {
        self.slice(self.line, at).chars().next_back().unwrap_or(' ')
    }

    /// How many bytes are like this, from here on.
    pub(super) fn run(&self, from: usize, to: usize, is_like: fn(u8) -> bool) -> usize {
        let mut at = from;
        while at < to && is_like(self.text.as_bytes()[at]) {
            at += 1;
        }
        self.count(at - from + 1);
        at - from
    }

    #[cfg(test)]
    pub(super) fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    #[cfg(not(test))]
    pub(super) fn count(&self, _steps: usize) {}

    /// Texts that stand beside each other become one, and what was kept free for a span that did not come about goes.
    fn join(&mut self) {
        let (mut kept, mut start, mut end) = (0, 0, 0);
        let mut was_text = false;
        for index in 0..self.pieces.len() {
            let mut piece = self.pieces[index];
            if let Piece::Text(text) = piece {
                if text.is_empty() {
                    continue;
                }
                if was_text {
                    kept -= 1;
                } else {
                    start = end;
                }
                end += text.len();
                piece = Piece::Text(self.slice(start, end));
            } else if let Piece::Mark(mark) = piece {
                end += mark.len();
            }
            was_text = matches!(piece, Piece::Text(_));
            self.pieces[kept] = piece;
            kept += 1;
        }
        self.pieces.truncate(kept);
    }
}
