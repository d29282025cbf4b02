//! The words of what is opened later: they are fetched along with it.

mod en;
mod zh;

use super::{Count, LANGUAGES, Phrases};

/// One for each language, in their order.
static LATER: [&Later; LANGUAGES.len()] = [&en::ENGLISH, &zh::CHINESE];

/// One language's.
pub(crate) struct Later {
    pub(crate) room_name: &'static str,
    pub(crate) room_name_hint: &'static str,
    pub(crate) room_title: &'static str,
    pub(crate) room_title_hint: &'static str,
    pub(crate) create: &'static str,

    pub(crate) react_with: fn(&str) -> String,
    pub(crate) message_actions: &'static str,
    pub(crate) reply: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) pin: &'static str,
    pub(crate) unpin: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) copy_link: &'static str,

    pub(crate) inspector: &'static str,
    pub(crate) frames: &'static str,
    pub(crate) frame_sent: &'static str,
    pub(crate) frame_heard: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) pause: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) copy_lines: &'static str,
    pub(crate) no_line: &'static str,
    pub(crate) rate: fn(&str, &str) -> String,
    pub(crate) round_trip: fn(&str) -> String,
    pub(crate) reconnects: fn(&Count) -> String,

    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) theme_system: &'static str,
    pub(crate) theme_light: &'static str,
    pub(crate) theme_dark: &'static str,
    pub(crate) theme_contrast: &'static str,
    pub(crate) density: &'static str,
    pub(crate) density_normal: &'static str,
    pub(crate) density_compact: &'static str,

    pub(crate) add_reaction: &'static str,
    pub(crate) emoji_search: &'static str,
    pub(crate) emoji_none: &'static str,
    pub(crate) recent: &'static str,
    pub(crate) smileys: &'static str,
    pub(crate) people: &'static str,
    pub(crate) animals: &'static str,
    pub(crate) food: &'static str,
    pub(crate) travel: &'static str,
    pub(crate) activities: &'static str,
    pub(crate) objects: &'static str,
    pub(crate) symbols: &'static str,
    pub(crate) flags: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) tone_none: &'static str,
    pub(crate) tone_light: &'static str,
    pub(crate) tone_medium_light: &'static str,
    pub(crate) tone_medium: &'static str,
    pub(crate) tone_medium_dark: &'static str,
    pub(crate) tone_dark: &'static str,

    pub(crate) suggestions: &'static str,
    pub(crate) commands: &'static str,
    pub(crate) no_such_command: fn(&str) -> String,
    /// The command, and what is to be written behind it.
    pub(crate) needs: fn(&str, &str) -> String,
    pub(crate) name_argument: &'static str,
    pub(crate) text_argument: &'static str,
    pub(crate) does_me: &'static str,
    pub(crate) does_nick: &'static str,
    pub(crate) does_topic: &'static str,
    pub(crate) does_help: &'static str,
    pub(crate) does_slash: &'static str,

    pub(crate) key_complete: &'static str,
    pub(crate) key_last: &'static str,

    pub(crate) key_enter: &'static str,
    pub(crate) key_shift: &'static str,
    pub(crate) key_send: &'static str,
    pub(crate) key_break: &'static str,
    pub(crate) key_move: &'static str,
    pub(crate) key_scroll: &'static str,
    pub(crate) key_end: &'static str,
    pub(crate) key_close: &'static str,
    pub(crate) key_list: &'static str,

    pub(crate) key_switcher: &'static str,
    pub(crate) key_search: &'static str,
    pub(crate) switcher: &'static str,
    pub(crate) switcher_placeholder: &'static str,
    pub(crate) switcher_list: &'static str,
    pub(crate) switcher_choose: &'static str,
    pub(crate) switcher_go: &'static str,
    pub(crate) search_for: fn(&str) -> String,
    pub(crate) search_placeholder: &'static str,
    pub(crate) found: fn(&Count) -> String,
    pub(crate) found_more: fn(&Count) -> String,
    pub(crate) found_nothing: &'static str,
    pub(crate) found_nothing_hint: &'static str,
    pub(crate) search_hint: &'static str,
    pub(crate) narrow: &'static str,
    pub(crate) narrow_from: &'static str,
    pub(crate) narrow_in: &'static str,
    pub(crate) narrow_before: &'static str,
    pub(crate) narrow_after: &'static str,
    pub(crate) narrow_phrase: &'static str,
    pub(crate) pinned_none: &'static str,
    pub(crate) pinned_none_hint: &'static str,
    pub(crate) pinned_count: fn(&Count) -> String,
}

impl Phrases {
    /// Only what is opened later may ask for these: they go where they are asked for.
    pub(crate) fn later(&self) -> &'static Later {
        let mut both = LANGUAGES.iter().zip(LATER);
        both.find(|(phrases, _)| phrases.tag == self.tag).map_or(&en::ENGLISH, |(_, later)| later)
    }
}
