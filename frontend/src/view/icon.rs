//! Icons, from the one sprite that stands in the page: they are there when the server is not.

use crate::platform::dom::{El, svg};

/// Beside a word or in a named control: nothing that a screen reader would have to say.
pub(crate) fn icon(name: &str) -> El {
    drawing("icon", name)
}

/// The same within a line of text.
pub(crate) fn small_icon(name: &str) -> El {
    drawing("icon small", name)
}

/// The stonechat itself, in its colours.
pub(crate) fn bird() -> El {
    drawing("bird", "bird")
}

fn drawing(class: &str, name: &str) -> El {
    let shape = svg("use").set("href", &format!("#icon-{name}"));
    svg("svg").class(class).set("aria-hidden", "true").child(shape)
}
