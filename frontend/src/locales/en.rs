//! English.

use super::{Count, Phrases};
use crate::platform::numbers::Plural;

pub(crate) static ENGLISH: Phrases = Phrases {
    tag: "en",
    name: "English",

    skip_to_writing: "Skip to writing",
    close: "Close",
    cancel: "Cancel",
    guest: "Guest",
    unreachable: "The server does not answer. Try again in a moment.",

    rooms: "Rooms",
    private_rooms: "Private rooms",
    direct_messages: "Direct messages",
    new_direct: "New direct message",
    comma: ", ",
    all_rooms: "All rooms",
    all_rooms_unread: "All rooms, some with new messages",
    unread: "unread",
    new_room: "New room",
    no_such_room: |room| format!("There is no room “{room}”"),
    no_such_room_hint: "It may have another name, or nobody has made it yet.",
    go_to_lobby: "Go to the lobby",

    messages_in: |room| format!("Messages in {room}"),
    start_of: |room| format!("This is the beginning of {room}."),
    loading: "Loading messages…",
    empty_title: "Nobody has written here yet",
    empty_hint: "Say the first word.",
    today: "Today",
    yesterday: "Yesterday",
    new: "New",
    new_since: "New since you left",
    jump_to_unread: "Jump to unread",
    mark_read: "Mark as read",
    jump_to_now: "Jump to now",
    jump_new: |n| format!("{} new", n.text),
    held: |n| format!("Held still, {} new", n.text),
    new_messages: |n| format!("{} new {}", n.text, word(n, "message", "messages")),
    said: |name, text| format!("{name}: {text}"),

    edited: "(edited)",
    removed: "This message was removed",
    no_message: "There is no such message here",
    reply_gone: "An earlier message",
    queued: "Waiting to be sent",
    sending: "Sending",
    elsewhere: "Waiting in another tab",
    not_kept: "This browser keeps nothing: what waits is lost if you close the page.",
    not_sent: "Not sent",
    retry: "Retry",
    discard: "Discard",
    pinned: "Pinned",
    undo: "Undo",
    copy_code: "Copy the code",
    reacted: |emoji, n| format!("{emoji}, {} {}", n.text, word(n, "person", "people")),
    replying_to: |name| format!("Replying to {name}:"),
    editing: "Editing your message",

    message_to: |room| format!("Message {room}"),
    send: "Send",
    attach: "Attach files",
    emoji: "Emoji",
    counter: |written, limit| format!("{written} / {limit}"),
    too_long: |n| format!("Too long by {} {}.", n.text, word(n, "character", "characters")),
    your_name: "Your name",
    name_placeholder: "What should people call you?",
    name_hint: "Enter, and you can write. No account needed.",
    join: "Join",
    typing_one: |a| format!("{a} is typing…"),
    typing_two: |a, b| format!("{a} and {b} are typing…"),
    typing_three: |a, b, c| format!("{a}, {b} and {c} are typing…"),
    typing_many: "Several people are typing…",

    connecting: "Connecting…",
    connected: "Connected",
    connected_slowly: "Slower way in use",
    reconnecting: "Reconnecting…",
    reconnecting_in: |n| format!("Reconnecting in {} s", n.text),
    offline: "Offline",
    refused: "The server does not let this page in.",
    try_now: "Try now",
    waiting: |line, n| {
        format!("{line}. {} {} when the line is back.", n.text, word(n, "message goes out", "messages go out"))
    },

    people: "People",
    people_here: |n| format!("{} {} here", n.text, word(n, "person", "people")),

    inspector: "Frames",
    settings: "Settings",

    keys: "Keys",
    search: "Search messages",
    pinned_messages: "Pinned messages",
};

pub(super) fn word(n: &Count, one: &'static str, other: &'static str) -> &'static str {
    match n.plural {
        Plural::One => one,
        Plural::Other => other,
    }
}
