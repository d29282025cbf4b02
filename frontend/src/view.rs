//! What is shown: one part a file. A part only shows; what is true is in [`crate::state`].

mod composer;
mod context;
mod files;
mod foot;
pub(crate) mod frame;
mod header;
mod icon;
mod later;
mod line;
mod markup;
mod members;
mod message;
mod name;
mod person;
mod room;
mod rooms;
mod rows;
mod sidebar;
mod timeline;
mod typing;
mod words;
