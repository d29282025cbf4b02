//! Where the reader stands, and how pieces come about: each takes the text from where the last one ended.

use super::inline::Opener;
use super::{Piece, Span};

#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    /// Up to here the text is in pieces.
    pub(super) at: usize,
    pub(super) pieces: Vec<Piece<'a>>,
    /// What may yet be closed within this paragraph.
    pub(super) openers: Vec<Opener>,
    /// Where the line's own text starts, behind the marks of its blocks.
    pub(super) line: usize,
    /// Where the line ends.
    pub(super) end: usize,
    /// A bit for each length of a run of backticks: none follows in this line.
    pub(super) no_code: usize,
    /// No address in round brackets that starts before ends in its line.
    pub(super) no_link: usize,
    pub(super) quotes: usize,
    pub(super) lists: Vec<List>,
    pub(super) fence: Option<Fence>,
    /// No text has followed since the last block: blank lines are its margin.
    pub(super) after_block: bool,
    /// Bytes looked at.
    #[cfg(test)]
    pub(super) steps: std::cell::Cell<usize>,
}

#[derive(Clone, Copy, Debug)]
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
            openers: Vec::new(),
            line: 0,
            end: 0,
            no_code: 0,
            no_link: 0,
            quotes: 0,
            lists: Vec::new(),
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
        for piece in self.pieces.iter_mut().rev() {
            if *piece != Piece::Text("\n") {
                break;
            }
            *piece = Piece::Mark("\n");
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
        self.openers.clear();
        self.open(span);
    }

    pub(super) fn close_block(&mut self) {
        self.openers.clear();
        self.after_block = true;
        self.close();
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The byte there, 0 behind the line.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.slice_bytes(at).first().copied().unwrap_or_default()
    }

    /// The character there, if the line has one.
    pub(super) fn next(&self, at: usize) -> Option<char> {
        self.slice(at, self.end).chars().next()
    }

    /// The character before, if the line has one.
    pub(super) fn previous(&self, at: usize) -> Option<char> {
        self.slice(self.line, at).chars().next_back()
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

    fn slice_bytes(&self, at: usize) -> &'a [u8] {
        self.text.as_bytes().get(at..self.end).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    #[cfg(not(test))]
    pub(super) fn count(&self, _steps: usize) {}

    /// Texts that stand beside each other become one, and what was kept free for a span that did not come about goes.
    fn join(&mut self) {
        let mut kept = 0;
        let mut start = 0;
        let mut end = 0;
        for index in 0..self.pieces.len() {
            let piece = self.pieces[index];
            match piece {
                Piece::Text("") => continue,
                Piece::Text(text) => {
                    let joins = kept > 0 && matches!(self.pieces[kept - 1], Piece::Text(_));
                    if joins {
                        kept -= 1;
                    } else {
                        start = end;
                    }
                    end += text.len();
                    self.pieces[kept] = Piece::Text(self.slice(start, end));
                }
                Piece::Mark(mark) => {
                    end += mark.len();
                    self.pieces[kept] = piece;
                }
                Piece::Open(_) | Piece::Close => self.pieces[kept] = piece,
            }
            kept += 1;
        }
        self.pieces.truncate(kept);
    }
}
