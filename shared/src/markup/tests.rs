//! What people write comes out as they mean it, and whatever they write is read in full, flat and in time.

use proptest::prelude::*;

use super::reader::Reader;
use super::*;

/// Two lines a case: a text, its line breaks written `⏎`, and below it, indented, what it is read as: without the marks,
/// each span as `⟨what text⟩`. Lines that begin with `//` are for the reader.
const GOLDEN: &str = include_str!("golden.txt");

/// Steps for each byte, at most: to find the line's end, as text, as what stands behind a mark, and once for each of the
/// four runs of backticks that may have no end.
const STEPS: usize = 7;

fn shown(text: &str) -> String {
    let mut shown = String::new();
    for piece in read(text) {
        match piece {
            Piece::Open(span) => {
                shown.push('⟨');
                shown.push_str(&match span {
                    Span::Bold => "bold ".to_owned(),
                    Span::Italic => "italic ".to_owned(),
                    Span::Strike => "strike ".to_owned(),
                    Span::Code => "code ".to_owned(),
                    Span::CodeBlock("") => "block ".to_owned(),
                    Span::CodeBlock(language) => format!("block({language}) "),
                    Span::Quote => "quote ".to_owned(),
                    Span::List { ordered: false } => "list ".to_owned(),
                    Span::List { ordered: true } => "numbers ".to_owned(),
                    Span::Item(None) => "item ".to_owned(),
                    Span::Item(Some(number)) => format!("item({number}) "),
                    Span::Link(address) => format!("link({address}) "),
                    Span::Mention(name) => format!("mention({name}) "),
                    Span::Room(name) => format!("room({name}) "),
                    Span::Shortcode(name) => format!("emoji({name}) "),
                });
            }
            Piece::Close => shown.push('⟩'),
            Piece::Text(text) => shown.push_str(&text.replace('\n', "⏎")),
            Piece::Mark(_) => {}
        }
    }
    shown
}

/// What holds for any text. Answers the steps that its reading took.
fn holds(text: &str) -> usize {
    let reader = Reader::read(text);
    let mut whole = String::new();
    let mut open = Vec::new();
    let mut before = None;
    for piece in &reader.pieces {
        match *piece {
            Piece::Text(part) | Piece::Mark(part) => {
                assert!(!part.is_empty(), "{text:?}");
                whole.push_str(part);
            }
            Piece::Open(span) => {
                assert!(open.last().is_none_or(|outer| may_hold(*outer, span)), "{text:?}");
                assert_eq!(matches!(span, Span::Item(_)), matches!(open.last(), Some(Span::List { .. })), "{text:?}");
                open.push(span);
            }
            Piece::Close => assert!(open.pop().is_some(), "{text:?}"),
        }
        let texts = matches!((before, piece), (Some(Piece::Text(_)), Piece::Text(_)));
        assert!(!texts, "two texts side by side: {text:?}");
        assert!(open.len() <= DEPTH, "{text:?}");
        let links = open.iter().filter(|span| matches!(span, Span::Link(_) | Span::Mention(_) | Span::Room(_))).count();
        assert!(links <= 1, "a link in a link: {text:?}");
        before = Some(*piece);
    }
    assert_eq!(whole, text);
    assert!(open.is_empty(), "{text:?}");
    let steps = reader.steps.get();
    assert!(
        steps <= STEPS * (text.len() + 1),
        "{steps} steps for {} bytes: {:?}",
        text.len(),
        &text[..text.floor_char_boundary(100)]
    );
    for mention in mentions(text) {
        assert!(is_mention_of(mention, mention) && text.contains(mention));
    }
    let preview = preview(text, 20);
    assert!(preview.chars().count() <= 20 && !preview.contains('\n'), "{preview:?}");
    steps
}

/// Blocks hold blocks and what is in lines, what is in lines holds no blocks, and code and names hold text alone.
fn may_hold(outer: Span<'_>, span: Span<'_>) -> bool {
    let in_line = !matches!(span, Span::CodeBlock(_) | Span::Quote | Span::List { .. } | Span::Item(_));
    match outer {
        Span::Quote | Span::List { .. } => true,
        Span::Item(_) => in_line || matches!(span, Span::List { .. }),
        Span::Bold | Span::Italic | Span::Strike | Span::Link(_) => in_line && outer != span,
        Span::Code | Span::CodeBlock(_) | Span::Mention(_) | Span::Room(_) | Span::Shortcode(_) => false,
    }
}

fn golden() -> Vec<(String, &'static str)> {
    let lines: Vec<&str> = GOLDEN.lines().filter(|line| !line.is_empty() && !line.starts_with("// ")).collect();
    lines.chunks(2).map(|pair| (pair[0].replace('⏎', "\n"), pair[1].strip_prefix("    ").unwrap())).collect()
}

#[test]
fn what_people_write_comes_out_as_they_mean_it() {
    let golden = golden();
    assert!(golden.len() >= 80, "{}", golden.len());
    let wrong: Vec<String> = golden
        .iter()
        .filter(|(text, tree)| shown(text) != *tree)
        .map(|(text, tree)| format!("{}\n    {tree}\nread as\n    {}", text.replace('\n', "⏎"), shown(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    for (text, _) in golden {
        holds(&text);
    }
}

#[test]
fn hostile_texts_are_read_in_steps_that_grow_with_their_length_alone() {
    for part in [
        "*",
        "**",
        "*a",
        "**a",
        "a**",
        "***a",
        "~~",
        "~~a ",
        "[",
        "]",
        "[a](",
        "[](http://",
        "[a](http://x",
        "[a](http://x ",
        "[a](https://x(",
        "`",
        "` ``",
        "`a``b```c````d",
        "a`",
        "\\",
        "\\*",
        "\\\\a",
        ">",
        "> ",
        ">\n",
        "- ",
        "- a\n",
        "1. ",
        "@",
        "@.",
        "@a",
        "@a.",
        "#",
        "#a",
        "#-",
        ":",
        ":a",
        ":a:",
        "::a",
        "http://",
        "http://x",
        "http://x.",
        "http://x(",
        "http://x)",
        "mailto:a",
        "h",
        "hhttp",
        "a\n",
        "\n",
        " \n",
        "\n\n- a",
        "> - ",
        "```\n",
        "```a\n",
        "``` a",
        "字",
        "字**",
        "🐦",
        "*[",
        "[*",
        "**[a](http://x)",
        "1",
        "1\\.",
        "_",
        "@_",
    ] {
        for count in [100, 4_000] {
            holds(&part.repeat(count));
        }
    }
}

#[test]
fn searches_that_fail_are_not_tried_again() {
    let runs: String = (1..200).map(|length| "`".repeat(length) + "a").collect();
    holds(&runs);
    let nested: String = (0..200).map(|depth| " ".repeat(2 * depth) + "- a\n").collect();
    holds(&nested);
    let deeper: String = (0..200).map(|depth| "> ".repeat(depth) + "- **a\n").collect();
    holds(&deeper);
    let openers = "[a ".repeat(2_000) + &"](http://x) ".repeat(2_000);
    holds(&openers);
    let named = "[".to_owned() + &"@a http://x #b ".repeat(1_000) + &"](http://x)".repeat(1_000);
    holds(&named);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_its_pieces(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn anybody_with_a_letter_in_their_name_can_be_named(name in "\\PC{1,32}") {
        prop_assume!(name.chars().any(signs::is_word));
        let text = format!("hi @{} there", mention_of(&name));
        let mentioned: Vec<&str> = mentions(&text).collect();
        prop_assert_eq!(&mentioned, &[mention_of(&name)]);
        prop_assert!(is_mention_of(mentioned[0], &name));
    }

    #[test]
    fn any_text_of_marks_is_its_pieces(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "*", "**", "***", "~~", "`", "``", "```", "[", "]", "](https://x.y)", "(", ")", "https://", "http://a", "mailto:b", "@",
                "#", ":", "\\", ">", "> ", "- ", "  - ", "    - ", "1. ", "  2. ", "\n", "\n\n", "```\n", "\n```", "a", "b c", " ", ".",
                "字", "，", "7", "_", "🐦", "ب", "\t", "\r\n",
            ]),
            0..40,
        )
    ) {
        holds(&parts.concat());
    }
}
