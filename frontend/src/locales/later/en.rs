//! English.

use super::Later;

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
