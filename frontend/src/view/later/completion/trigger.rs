//! What is being typed, judged by the text in front of the caret: a name, a room, an emoji, a command, or nothing of these.

use stonechat_shared::markup::{self, Piece, Span};

/// More is no name any more.
const LONGEST: usize = 64;
/// With fewer letters too many emoji are meant, and `:D` is a face.
const EMOJI_LETTERS: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Command,
    Emoji,
    Person,
    Room,
}

/// The sign, and what stands between it and the caret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trigger<'a> {
    pub(super) kind: Kind,
    /// Where the sign stands in the text, in bytes.
    pub(super) at: usize,
    pub(super) sought: &'a str,
}

pub(super) fn trigger(before: &str) -> Option<Trigger<'_>> {
    if let Some(sought) = before.strip_prefix('/') {
        let is_name = sought.bytes().all(|byte| byte.is_ascii_alphabetic());
        return is_name.then_some(Trigger { kind: Kind::Command, at: 0, sought });
    }
    let at = before.rfind(|c: char| kind_of(c).is_some() || c.is_whitespace())?;
    let kind = kind_of(before[at..].chars().next()?)?;
    let sought = &before[at + 1..];
    let fits = sought.chars().count() <= LONGEST && sought.chars().all(|c| is_of(kind, c));
    (fits && is_enough(kind, &before[..at], sought) && is_meant(kind, &before[..at])).then_some(Trigger {
        kind,
        at,
        sought,
    })
}

fn kind_of(sign: char) -> Option<Kind> {
    match sign {
        ':' => Some(Kind::Emoji),
        '@' => Some(Kind::Person),
        '#' => Some(Kind::Room),
        _ => None,
    }
}

fn is_of(kind: Kind, c: char) -> bool {
    c.is_alphanumeric()
        || match kind {
            Kind::Command => false,
            Kind::Emoji => matches!(c, '_' | '+' | '-'),
            Kind::Person => matches!(c, '_' | '-' | '.'),
            Kind::Room => c == '-',
        }
}

fn is_enough(kind: Kind, before: &str, sought: &str) -> bool {
    match kind {
        Kind::Command | Kind::Person | Kind::Room => true,
        Kind::Emoji if sought.is_ascii() => sought.len() >= EMOJI_LETTERS,
        // In Chinese a colon stands right between the words that it parts.
        Kind::Emoji => before.chars().next_back().is_none_or(char::is_whitespace),
    }
}

/// Whether the reader of messages would take the sign for one here: not in a mail address, nor in code.
fn is_meant(kind: Kind, before: &str) -> bool {
    let sign = match kind {
        Kind::Command => return true,
        Kind::Emoji => ":x:",
        Kind::Person => "@x",
        Kind::Room => "#x",
    };
    let text = format!("{before}{sign}");
    let last = markup::read(&text).into_iter().rev().find_map(|piece| match piece {
        Piece::Open(span) => Some(span),
        Piece::Close | Piece::Text(_) | Piece::Mark(_) => None,
    });
    matches!(last, Some(Span::Shortcode("x") | Span::Mention("x") | Span::Room("x")))
}

#[cfg(test)]
mod tests {
    use super::{Kind, trigger};

    fn found(before: &str) -> Option<(Kind, &str)> {
        trigger(before).map(|trigger| (trigger.kind, trigger.sought))
    }

    #[test]
    fn a_sign_is_one_wherever_a_message_would_have_it() {
        for (before, expected) in [
            ("@", (Kind::Person, "")),
            ("hi @ann_l", (Kind::Person, "ann_l")),
            ("你好@", (Kind::Person, "")),
            ("你好@小", (Kind::Person, "小")),
            ("(@", (Kind::Person, "")),
            ("**@a", (Kind::Person, "a")),
            ("see #", (Kind::Room, "")),
            ("看#大", (Kind::Room, "大")),
            (":ta", (Kind::Emoji, "ta")),
            ("你好:smi", (Kind::Emoji, "smi")),
            ("a\n:+1", (Kind::Emoji, "+1")),
            (":笑", (Kind::Emoji, "笑")),
            ("/", (Kind::Command, "")),
            ("/ni", (Kind::Command, "ni")),
        ] {
            assert_eq!(found(before), Some(expected), "{before}");
        }
    }

    #[test]
    fn what_means_something_else_is_left_alone() {
        for before in [
            "",
            "ann@",
            "ann@example",
            ":",
            ":a",
            ":D",
            "10:30",
            "std::ve",
            "note: ok",
            "C#",
            "`@a",
            "`:ta",
            "a /ni",
            "/nick A",
            "//",
            "//me",
            "时间:下午",
            "@ann ",
            "https://example.org/#a",
        ] {
            // A piece of code that is not ended yet is none.
            let is_open = before.starts_with('`');
            assert!(is_open || found(before).is_none(), "{before}: {:?}", found(before));
        }
        assert_eq!(found("```\n@a"), None);
        assert_eq!(found("`a` @a"), Some((Kind::Person, "a")));
    }
}
