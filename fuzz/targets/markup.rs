//! Text that people write: its pieces are the text, spans stand where they may, and who is named can be named so.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stonechat_shared::RoomName;
use stonechat_shared::markup::{self, Piece, Span};

/// As in a notification.
const LINE_CHARS: usize = 40;

fuzz_target!(|text: &str| {
    let pieces = markup::read(text);
    let mut rest = text;
    let mut open: Vec<Span<'_>> = Vec::new();
    for piece in &pieces {
        match *piece {
            Piece::Text(part) | Piece::Mark(part) => {
                assert!(!part.is_empty(), "a piece has text");
                rest = rest.strip_prefix(part).expect("the pieces are the text, in order");
            }
            Piece::Open(span) => {
                may_stand(span, &open);
                names_well(span);
                open.push(span);
                assert!(open.len() <= markup::DEPTH, "no deeper than is said");
            }
            Piece::Close => assert!(open.pop().is_some(), "what closes was open"),
        }
    }
    assert!(rest.is_empty() && open.is_empty(), "all is read and closed");
    for mention in markup::mentions(text) {
        assert!(markup::is_mention_of(mention, mention));
        assert_eq!(markup::mention_of(mention), mention);
    }
    let line = markup::preview(text, LINE_CHARS);
    assert!(line.chars().count() <= LINE_CHARS && !line.contains('\n'), "a preview is one line, and short");
    let _ = markup::is_emoji_only(text);
});

fn may_stand(span: Span<'_>, open: &[Span<'_>]) {
    let may = match open.last() {
        None => !matches!(span, Span::Item(_)),
        Some(Span::List { .. }) => matches!(span, Span::Item(_)),
        Some(Span::Quote) => !matches!(span, Span::Item(_)),
        Some(Span::Item(_)) => !matches!(span, Span::Item(_) | Span::Quote | Span::CodeBlock(_)),
        Some(Span::Bold | Span::Italic | Span::Strike | Span::Link(_)) => {
            !matches!(span, Span::Item(_) | Span::List { .. } | Span::Quote | Span::CodeBlock(_))
                && !open.contains(&span)
        }
        Some(Span::Code | Span::CodeBlock(_) | Span::Mention(_) | Span::Room(_) | Span::Shortcode(_)) => false,
    };
    let leads = |span: &Span<'_>| matches!(span, Span::Link(_) | Span::Mention(_) | Span::Room(_));
    assert!(may && !(leads(&span) && open.iter().any(leads)), "{span:?} stands in {open:?}");
}

fn names_well(span: Span<'_>) {
    let well = match span {
        Span::Link(address) => {
            let address = address.to_ascii_lowercase();
            ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
        }
        Span::Room(name) => RoomName::from(name).is_valid(),
        Span::Mention(name) | Span::Shortcode(name) => !name.is_empty(),
        Span::CodeBlock(language) => !language.contains([' ', '`', '\n']),
        Span::Bold | Span::Italic | Span::Strike | Span::Code | Span::Quote | Span::List { .. } | Span::Item(_) => true,
    };
    assert!(well, "{span:?}");
}
