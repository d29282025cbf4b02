//! Parts of the page that are fetched when they are first asked for: a first visit does not pay for them.
//!
//! A release is cut in two at [`build`] (feature `split`): what can be reached from there alone is a program of its own,
//! which `cargo xtask build` puts beside the first. Without the feature, as in development, all is one.

mod about;
mod actions;
mod attach;
mod attend;
mod call;
mod commands;
mod completion;
mod copy;
mod dialog;
mod direct;
mod emoji;
mod field;
mod hit;
mod inspector;
mod invites;
mod keys;
mod lightbox;
mod listed;
mod new_room;
mod panel;
mod people;
mod person;
mod picker;
mod search;
mod settings;
mod switcher;
mod tray;
mod welcome;

use stonechat_shared::{Seq, UserId};

use super::composer::Field;
use super::frame::Layout;
use crate::platform::dom::El;
use crate::platform::style::{self, Style};
use crate::platform::task;
use crate::state::Chat;

/// How people stand in lists.
const PEOPLE: &str = "people.css";

/// What can be opened.
#[derive(Clone)]
pub(crate) enum Part {
    /// What can be done to this message.
    Actions(El),
    /// Choosing files for the message in this field.
    Choose(Field),
    /// From now on, files can be brought to this field.
    Files(Field),
    /// What stands in this field is a command.
    Command(Field),
    /// From now on, what is typed into this field is completed.
    Completion(Field),
    /// Copying what stands in this element.
    Copy(El),
    /// One's last message, to write it anew.
    EditLast,
    /// An emoji to write into this field.
    Emoji(Field),
    /// What goes over the line.
    Inspector,
    Keys,
    NewRoom,
    /// The messages of the room that are pinned.
    Pinned,
    /// The thread in which this message of the room stands.
    Thread(Seq),
    /// Looking for messages, for these words where there are any.
    Search(String),
    /// This picture of a message, and the others of the room.
    Picture(El),
    /// A reaction to this message: the message as it stands in the page, and the button that asks for it.
    Reaction(Seq, El, El),
    Settings,
    /// Going to a room by its name.
    Switcher,
    /// The room that is looked at: what it is, who is in it, and what one wants to hear of it.
    About,
    /// Writing to one person, or to a few.
    NewDirect,
    /// Somebody; where the id is empty, whoever is named like this.
    Person {
        id: UserId,
        name: String,
    },
    /// Who is in the room, into the column of people.
    People(El),
    /// Where an invitation leads.
    Invitation(String),
    /// What goes on unseen for who has a name.
    Attendance,
}

/// Opens a part; where it cannot be fetched, that is said to whoever asked for it.
pub(crate) fn open(chat: Chat, layout: Layout, part: Part) {
    let is_asked_for = part.is_asked_for();
    task::spawn(async move {
        if show(chat, layout, part).await.is_err() && is_asked_for {
            say_unreachable(chat);
        }
    });
}

fn say_unreachable(chat: Chat) {
    chat.notify(chat.words_now().unreachable.to_owned());
}

impl Part {
    /// Whether somebody waits for it.
    fn is_asked_for(&self) -> bool {
        !matches!(self, Self::Completion(_) | Self::Files(_) | Self::People(_))
    }

    /// The style sheet that is fetched along with it.
    fn style(&self) -> Option<&'static str> {
        match self {
            Self::Inspector => Some("inspector.css"),
            Self::Choose(_) | Self::Files(_) => Some("attaching.css"),
            Self::Picture(_) => Some("lightbox.css"),
            Self::Actions(_) => Some("actions.css"),
            Self::Command(_) | Self::Copy(_) | Self::EditLast | Self::Attendance => None,
            Self::Completion(_) | Self::Emoji(_) | Self::Reaction(..) => Some("composing.css"),
            Self::Keys
            | Self::NewRoom
            | Self::Settings
            | Self::About
            | Self::NewDirect
            | Self::Person { .. }
            | Self::Invitation(_) => Some("dialog.css"),
            Self::People(_) => Some(PEOPLE),
            Self::Pinned | Self::Thread(_) | Self::Search(_) => Some("panel.css"),
            Self::Switcher => Some("switcher.css"),
        }
    }
}

/// It could not be fetched.
#[derive(Debug)]
struct Unreachable;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Unreachable {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

async fn show(chat: Chat, layout: Layout, part: Part) -> Result<(), Unreachable> {
    // On its way at the same time as the program.
    let style = part.style().and_then(style::fetch);
    #[cfg(feature = "split")]
    return build(chat, layout, part, style).await;
    #[cfg(not(feature = "split"))]
    build(chat, layout, part, style)
}

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(later, fallible))]
fn build(chat: Chat, layout: Layout, part: Part, style: Option<Style>) -> Result<(), Unreachable> {
    match style {
        None => make(chat, layout, part),
        Some(style) => task::spawn(async move {
            if style.arrives().await {
                make(chat, layout, part);
            } else if part.is_asked_for() {
                say_unreachable(chat);
            }
        }),
    }
    Ok(())
}

fn make(chat: Chat, layout: Layout, part: Part) {
    match part {
        Part::Actions(message) => actions::open(chat, layout, &message),
        Part::Choose(field) => attach::choose(&field),
        Part::Files(field) => attach::attend(&field),
        Part::Command(field) => commands::carry_out(&field),
        Part::Completion(field) => completion::attend(&field),
        Part::Copy(element) => copy::copy(chat, element.content(), |words| words.later().copied),
        Part::EditLast => chat.edit_last(),
        Part::Emoji(field) => picker::write_into(&field),
        Part::Inspector => inspector::open(chat, layout),
        Part::Keys => keys::open(chat),
        Part::NewRoom => new_room::open(chat, layout),
        Part::Pinned => listed::pinned(chat, layout),
        Part::Thread(of) => listed::thread(chat, layout, of),
        Part::Search(query) => search::open(chat, layout, &query),
        Part::Picture(picture) => lightbox::open(chat, &picture),
        Part::Reaction(seq, message, anchor) => picker::react(chat, seq, message, anchor),
        Part::Settings => settings::open(chat),
        Part::Switcher => switcher::open(chat, layout),
        Part::About => about::open(chat, layout),
        Part::NewDirect => direct::open(chat, layout),
        Part::People(column) => people::fill(chat, layout, column),
        Part::Person { id, name } => person::open(chat, layout, id, name),
        Part::Invitation(invite) => welcome::open(chat, invite),
        Part::Attendance => attend::begin(chat),
    }
}
