//! English.

use super::Later;
use crate::locales::en::word;

pub(super) static ENGLISH: Later = Later {
    room_name: "Name",
    room_name_hint: "Small letters, digits and hyphens: it becomes the room’s address.",
    room_title: "Title",
    room_title_hint: "What people see. Without it, the name.",
    create: "Create",

    react_with: |emoji| format!("React with {emoji}"),
    message_actions: "What to do with this message",
    reply: "Reply",
    edit: "Edit",
    pin: "Pin",
    unpin: "Unpin",
    remove: "Remove",
    copy_link: "Copy link",

    inspector: "Frames on the line",
    frames: "Frames, the newest last",
    frame_sent: "Sent",
    frame_heard: "Received",
    filter: "Filter",
    pause: "Pause",
    clear: "Clear",
    copy_lines: "Copy as JSON lines",
    no_line: "Not connected",
    rate: |frames, bytes| format!("{frames} frames/s, {bytes} B/s"),
    round_trip: |ms| format!("Round trip {ms} ms"),
    reconnects: |n| format!("{} {}", n.text, word(n, "reconnect", "reconnects")),

    language: "Language",
    theme: "Theme",
    theme_system: "System",
    theme_light: "Light",
    theme_dark: "Dark",
    theme_contrast: "High contrast",
    density: "Density",
    density_normal: "Normal",
    density_compact: "Compact",

    key_enter: "Enter",
    key_shift: "Shift",
    key_send: "Send",
    key_break: "New line",
    key_move: "Next and previous control",
    key_scroll: "Scroll the messages",
    key_end: "Jump to now",
    key_close: "Close a dialog",
    key_list: "This list",
};
