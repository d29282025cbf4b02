//! What stands where no messages are: as long as they are on their way, and where there are none.

use crate::platform::dom::{El, el};
use crate::state::Chat;
use crate::view::icon::bird;

/// What stands in while the room's messages are on their way.
const BONES: usize = 8;

pub(super) fn skeletons() -> El {
    (0..BONES).map(|_| skeleton()).fold(el("div"), El::child)
}

pub(super) fn empty(chat: Chat) -> El {
    el("div")
        .class("empty")
        .child(bird())
        .child(el("h2").say(chat, |words| words.empty_title))
        .child(el("p").say(chat, |words| words.empty_hint))
}

fn skeleton() -> El {
    let bone = |class| el("i").class(class);
    el("div")
        .class("skeleton")
        .set("aria-hidden", "true")
        .child(bone("bone round"))
        .child(bone("bone name"))
        .child(bone("bone"))
}
