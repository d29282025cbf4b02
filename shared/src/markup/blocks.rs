//! What lines are: quotes, lists, fenced code. One pass, a line at a time; what is within a line is for `inline`.

use super::inline::OPENERS;
use super::reader::{Fence, List, Reader};
use super::{Span, signs};

/// Quotes within quotes: a third is hard to read on a phone, and who answers whom is seen from replies.
pub(super) const QUOTES: usize = 3;
/// Lists within lists, for the same reason.
pub(super) const LISTS: usize = 4;
/// Digits of an item's number, at most: all such numbers have 32 bits.
const NUMBER_DIGITS: usize = 9;
/// Backticks that open a fence, at least.
const FENCE: usize = 3;
/// How much deeper an inner list stands, and what goes on with an item, at least. In spaces.
const INNER: usize = 2;

/// How an item begins.
struct Bullet {
    /// Where its text starts.
    end: usize,
    number: Option<u32>,
}

impl Reader<'_> {
    /// Reads the line that starts here. The line break before it has no piece yet.
    pub(super) fn block(&mut self, start: usize) {
        let (quotes, content) = self.quote_marks(start);
        if let Some(fence) = self.fence {
            if quotes == self.quotes {
                return self.code_line(start, content, fence);
            }
            self.close_fence();
        }
        let first = content + self.run(content, self.end, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let indent = self.columns(content, first);
        let is_blank = first == self.end;
        let backticks = self.fence_at(first);
        let bullet = self.bullet(first);

        if quotes != self.quotes || backticks > 0 || is_blank || bullet.is_none() && indent < INNER {
            self.close_lists(0);
        }
        let goes_on = bullet.as_ref().is_some_and(|bullet| self.end_item(indent, bullet.number.is_some()));
        while self.quotes > quotes {
            self.quotes -= 1;
            self.close_block();
        }
        if is_blank {
            self.openers = [0; OPENERS];
        }
        let opens = bullet.is_some() || backticks > 0 || quotes > self.quotes;
        self.line_break(start, !opens && !self.after_block);
        while self.quotes < quotes {
            self.quotes += 1;
            self.open_block(Span::Quote);
        }
        self.mark(content);
        if backticks > 0 {
            return self.open_fence(first, backticks);
        }
        self.after_block &= is_blank;
        if let Some(bullet) = bullet {
            let ordered = bullet.number.is_some();
            if !goes_on {
                self.lists[self.open_lists] = List { indent, ordered };
                self.open_lists += 1;
                self.open_block(Span::List { ordered });
            }
            self.open_block(Span::Item(bullet.number));
            self.mark(bullet.end);
        } else if self.open_lists > 0 {
            self.mark(first);
        }
        self.inline();
    }

    /// How many quotes the line stands in, and where what is quoted starts.
    fn quote_marks(&self, start: usize) -> (usize, usize) {
        let most = if self.fence.is_some() { self.quotes } else { QUOTES };
        let mut at = start;
        for quotes in 0..most {
            let next = self.next(at + 1);
            // `>_<` is a face, and `>3` is said of numbers.
            let is_quote = next == ' ' || !next.is_ascii_digit() && signs::is_word(next);
            if self.byte(at) != b'>' || !is_quote {
                return (quotes, at);
            }
            at += 1 + usize::from(self.byte(at + 1) == b' ');
        }
        (most, at)
    }

    /// A tab is as wide as four spaces.
    fn columns(&self, start: usize, end: usize) -> usize {
        self.slice(start, end).bytes().map(|byte| if byte == b'\t' { 4 } else { 1 }).sum()
    }

    fn bullet(&self, first: usize) -> Option<Bullet> {
        let mut number = None;
        let mut at = first;
        while at < first + NUMBER_DIGITS && self.byte(at).is_ascii_digit() {
            number = Some(number.unwrap_or(0) * 10 + u32::from(self.byte(at) - b'0'));
            at += 1;
        }
        let sign = self.byte(at);
        let is_bullet = if number.is_some() { sign == b'.' } else { sign == b'-' || sign == b'*' };
        let spaces = self.run(at + 1, self.end, |byte| byte == b' ');
        let end = at + 1 + spaces;
        if is_bullet && spaces > 0 && end < self.end { Some(Bullet { end, number }) } else { None }
    }

    /// Ends what an item of this indent does not stand in. Answers whether it is the next one of a list.
    fn end_item(&mut self, indent: usize, ordered: bool) -> bool {
        while let Some(list) = self.list() {
            if indent >= list.indent + INNER && self.open_lists < LISTS {
                return false;
            }
            if indent >= list.indent && list.ordered == ordered {
                self.close_block();
                return true;
            }
            self.close_lists(self.open_lists - 1);
            if indent >= list.indent {
                return false;
            }
        }
        false
    }

    /// The inmost list that is open.
    fn list(&self) -> Option<List> {
        self.lists.get(self.open_lists.wrapping_sub(1)).copied()
    }

    pub(super) fn close_lists(&mut self, keep: usize) {
        while self.open_lists > keep {
            self.open_lists -= 1;
            self.close_block();
            self.close_block();
        }
    }

    /// How many backticks open a fence here: 0 where none opens. With another backtick in the line it is code within it,
    /// and in the last line of a text it is text.
    fn fence_at(&self, first: usize) -> usize {
        let backticks = self.run(first, self.end, |byte| byte == b'`');
        let rest = first + backticks;
        let opens = backticks >= FENCE
            && self.end < self.text.len()
            && rest + self.run(rest, self.end, |byte| byte != b'`') == self.end;
        if opens { backticks } else { 0 }
    }

    /// What stands behind the backticks is the language where it is one word, and else code.
    fn open_fence(&mut self, first: usize, backticks: usize) {
        let rest = self.slice(first + backticks, self.end);
        let word = rest.trim_ascii();
        let is_code = word.bytes().any(|byte| byte == b' ');
        self.open_block(Span::CodeBlock(if is_code { "" } else { word }));
        self.mark(if is_code { first + backticks } else { self.end });
        self.flush(self.end);
        self.fence = Some(Fence { backticks, begun: is_code });
    }

    /// The fence closes where a line ends in as many backticks, be there code before them or not.
    fn code_line(&mut self, start: usize, content: usize, fence: Fence) {
        let mut end = self.end;
        while end > content && matches!(self.byte(end - 1), b' ' | b'\t' | b'\r') {
            end -= 1;
        }
        let mut code = end;
        while code > content && self.byte(code - 1) == b'`' {
            code -= 1;
        }
        self.count(self.end - code);
        let closes = end - code >= fence.backticks;
        let has_code = !closes || content + self.run(content, code, |byte| byte == b' ') < code;
        self.line_break(start, fence.begun && has_code);
        self.mark(content);
        if has_code {
            self.fence = Some(Fence { begun: true, ..fence });
            self.flush(if closes { code } else { self.end });
        }
        if closes {
            self.mark(self.end);
            self.close_fence();
        }
    }

    pub(super) fn close_fence(&mut self) {
        if self.fence.take().is_some() {
            self.close_block();
        }
    }
}
