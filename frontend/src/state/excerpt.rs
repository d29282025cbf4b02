//! The piece of a text around what was searched for.

/// A first mark that is no further in than this, in characters, is seen without cutting anything.
const SEEN: usize = 48;
/// How much stays before the first mark otherwise: a line of Chinese, half a line of Latin.
const BEFORE: usize = 24;
/// What was left out, and no line break behind it.
const CUT: &str = "…\u{2060}";
/// More than a result has lines for.
const LONGEST: usize = 240;

/// The pieces, each with whether it is what was searched for. `marks` are from and to, in characters, as they are answered
/// with the text.
pub(crate) fn excerpt(text: &str, marks: &[[usize; 2]]) -> Vec<(String, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let first = marks.first().map_or(0, |mark| mark[0]).min(chars.len());
    let start = if first <= SEEN { 0 } else { word_start(&chars, first - BEFORE, first) };
    let end = chars.len().min(start + LONGEST);
    let mut pieces = Vec::new();
    if start > 0 {
        pieces.push((CUT.to_owned(), false));
    }
    let mut at = start;
    for &[from, to] in marks {
        let (from, to) = (from.clamp(at, end), to.clamp(at, end));
        push(&mut pieces, &chars[at..from], false);
        push(&mut pieces, &chars[from..to.max(from)], true);
        at = to.max(from);
    }
    push(&mut pieces, &chars[at..end], false);
    if end < chars.len() {
        pieces.push(("…".to_owned(), false));
    }
    pieces
}

fn push(pieces: &mut Vec<(String, bool)>, chars: &[char], is_marked: bool) {
    if !chars.is_empty() {
        pieces.push((chars.iter().collect(), is_marked));
    }
}

/// The first word that begins within these characters, or simply the first of them.
fn word_start(chars: &[char], from: usize, to: usize) -> usize {
    (from..to).find(|&i| chars[i - 1].is_whitespace()).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, excerpt};

    /// What is marked in brackets.
    fn shown(text: &str, marks: &[[usize; 2]]) -> String {
        let piece = |(text, is_marked)| if is_marked { format!("[{text}]") } else { text };
        excerpt(text, marks).into_iter().map(piece).collect()
    }

    #[test]
    fn a_short_text_is_shown_whole_with_all_its_marks() {
        assert_eq!(shown("a stone CHATS, stone", &[[2, 7], [15, 20]]), "a [stone] CHATS, [stone]");
        assert_eq!(shown("今天天气好", &[[2, 4]]), "今天[天气]好");
        assert_eq!(shown("from:ann alone marks nothing", &[]), "from:ann alone marks nothing");
        assert_eq!(shown("", &[]), "");
    }

    #[test]
    fn a_long_text_begins_at_a_word_before_the_first_mark() {
        let text = format!("{}a stone at its end", "many words ".repeat(10));
        assert_eq!(shown(&text, &[[112, 117]]), "…\u{2060}many words many words a [stone] at its end");
        let text = format!("{}石头", "很".repeat(60));
        assert_eq!(shown(&text, &[[60, 62]]), format!("…\u{2060}{}[石头]", "很".repeat(24)));
    }

    #[test]
    fn what_no_result_has_lines_for_is_left_out() {
        let text = "x".repeat(1_000);
        assert_eq!(shown(&text, &[[0, 2]]), format!("[xx]{}…", "x".repeat(LONGEST - 2)));
        assert_eq!(shown(&text, &[[0, 2], [900, 902]]), format!("[xx]{}…", "x".repeat(LONGEST - 2)));
    }

    #[test]
    fn marks_that_fit_no_text_break_nothing() {
        assert_eq!(shown("ab", &[[1, 9]]), "a[b]");
        assert_eq!(shown("ab", &[[7, 9]]), "ab");
        assert_eq!(shown("abc", &[[2, 1], [0, 1]]), "abc");
    }
}
