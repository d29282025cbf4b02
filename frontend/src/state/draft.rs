//! What may be sent: pure judgement of what stands in the composer.

use stonechat_shared::limits::TEXT_CHARS;

/// From here on the composer counts: at a fifth of the limit left it is time to come to the point.
const COUNT_FROM: usize = TEXT_CHARS * 4 / 5;

/// A text, measured as the server will measure it: in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) chars: usize,
    is_blank: bool,
}

impl Draft {
    pub(crate) fn of(text: &str) -> Self {
        Self { chars: text.chars().count(), is_blank: text.trim().is_empty() }
    }

    pub(crate) fn can_send(self) -> bool {
        !self.is_blank && self.fits()
    }

    /// Whether the words that there are may go out: with files there need not be any.
    pub(crate) fn fits(self) -> bool {
        self.chars <= TEXT_CHARS
    }

    pub(crate) fn shows_counter(self) -> bool {
        self.chars >= COUNT_FROM
    }

    /// How many characters too many.
    pub(crate) fn excess(self) -> usize {
        self.chars.saturating_sub(TEXT_CHARS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_alone_is_not_sent() {
        for blank in ["", " ", "\n\t", "\u{3000}"] {
            assert!(!Draft::of(blank).can_send(), "{blank:?}");
        }
        assert!(Draft::of(" hi ").can_send());
    }

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(Draft::of(&"😀".repeat(TEXT_CHARS)).can_send());
        let over = Draft::of(&"字".repeat(TEXT_CHARS + 1));
        assert!(!over.can_send());
        assert_eq!(over.excess(), 1);
    }

    #[test]
    fn the_counter_shows_from_four_fifths() {
        assert!(!Draft::of(&"a".repeat(3_199)).shows_counter());
        assert!(Draft::of(&"a".repeat(3_200)).shows_counter());
    }
}
