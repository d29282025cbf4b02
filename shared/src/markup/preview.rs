//! A message in one line of plain text: for the preview of a reply, for a notification.

use super::{Piece, Span, read};

/// What a text reads like without its marks, in one line of so many characters at most. The last is an ellipsis where
/// there was more. Items of lists keep their bullets and numbers.
pub fn preview(text: &str, chars: usize) -> String {
    let mut line = Line { text: String::new(), chars: 0, most: chars, gap: false, cut: 0 };
    let mut is_bullet = false;
    for piece in read(text) {
        match piece {
            Piece::Mark(mark) if is_bullet => line.add(mark),
            Piece::Mark(mark) => line.gap |= mark.ends_with('\n'),
            Piece::Text(text) => line.add(text),
            Piece::Open(_) | Piece::Close => {}
        }
        is_bullet = matches!(piece, Piece::Open(Span::Item(_)));
        if line.chars > chars {
            line.text.truncate(line.cut);
            line.text.push('…');
            break;
        }
    }
    line.text
}

struct Line {
    text: String,
    chars: usize,
    most: usize,
    /// Space stands between what is there and what follows.
    gap: bool,
    /// Where to cut so that an ellipsis fits.
    cut: usize,
}

impl Line {
    fn add(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.gap = true;
                continue;
            }
            if self.gap && !self.text.is_empty() {
                self.push(' ');
            }
            self.gap = false;
            self.push(c);
            if self.chars > self.most {
                break;
            }
        }
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.chars += 1;
        // Neither a space nor half a joined emoji stands before the ellipsis.
        if self.chars < self.most && !matches!(c, ' ' | '\u{200d}') {
            self.cut = self.text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::preview;

    #[test]
    fn a_preview_is_one_line_without_marks() {
        for (text, line) in [
            ("**hi** [there](https://x.org)  `a*b`", "hi there a*b"),
            ("one\n\n  two\u{3000}three ", "one two three"),
            ("> said\nanswer", "said answer"),
            ("buy\n- milk\n- eggs\n\n1. go", "buy - milk - eggs 1. go"),
            ("```rust\nlet x = 1;\n```\nsee @ann", "let x = 1; see @ann"),
            ("这是**粗体**字", "这是粗体字"),
            ("", ""),
        ] {
            assert_eq!(preview(text, 80), line);
        }
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        assert_eq!(preview("**four**", 4), "four");
        assert_eq!(preview("**fives**", 4), "fiv…");
        assert_eq!(preview("one two", 5), "one…");
        assert_eq!(preview("字字字字字", 3), "字字…");
        assert_eq!(preview("ab👩\u{200d}💻", 5), "ab👩\u{200d}💻");
        assert_eq!(preview("ab👩\u{200d}💻c", 5), "ab👩…");
        assert_eq!(preview("ab", 1), "…");
    }
}
