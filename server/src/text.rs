//! What people write, and whether it may stand.

use stonechat_shared::limits;

use crate::refusal::Refusal;

/// A message's text as it is, where it may stand.
pub(crate) fn message(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().count() > limits::TEXT_CHARS {
        return Err(Refusal::TooLong { limit: limits::TEXT_CHARS });
    }
    Ok(())
}

/// One line that a person wrote: without white space around it, and without what cannot be seen.
pub(crate) fn line(text: &str, limit: usize) -> Result<String, Refusal> {
    let line: String = text.chars().filter(|&c| !c.is_control() && !is_format(c)).collect();
    let line = line.trim().to_owned();
    if line.chars().all(|c| c.is_whitespace() || shows_nothing_alone(c)) {
        return Err(Refusal::Empty);
    }
    if line.chars().count() > limit {
        return Err(Refusal::TooLong { limit });
    }
    Ok(line)
}

/// The joiners, the selectors of a variant, and Braille without a dot: they may stand in a name, but none is made of them.
fn shows_nothing_alone(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}')
}

/// Characters that show nothing but change how others are shown (Unicode category Cf, and what is like it): two names
/// that differ by these look the same. The two joiners stay, for emoji and for scripts that need them.
pub(crate) fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'
        | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
