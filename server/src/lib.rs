//! The Stonechat server: one binary, one data folder.
//!
//! The way of a message: [`ws`] carries a text → [`session`] reads it and asks "may they?" → [`room`] is the only way
//! into a room's log → [`store`] commits it, grouped with its neighbours → [`room`] hands the encoded event to every
//! reader's cursor → [`ws`] writes it.
//!
//! - [`config`]: every setting and default; the only reader of flags and environment. [`clock`]: what time it is.
//! - [`listen`]: accepts connections. [`http`]: every route in one list; [`api`] their bodies; [`assets`] the embedded
//!   front end.
//! - [`ws`], [`events`], [`plain`]: the ways in. They carry, and never interpret.
//! - [`caller`]: who asks; [`auth`]: credentials to a user, the only reader of cookies; [`origin`]: which pages may talk
//!   to us.
//! - [`app`]: what all connections share. [`serve`]: how the server starts and stops; [`files`]: how many it may open.
//! - [`uploads`]: who uploads just now. [`picture`]: what is in a file, and pictures without what tells of their maker.
//! - [`presence`], [`rate`]: pure. [`refusal`]: what people are told, in their language. [`metrics`]: what operators see.

pub mod api;
pub mod app;
pub mod assets;
pub mod auth;
pub mod caller;
pub mod clock;
pub mod config;
pub mod events;
pub mod files;
pub mod http;
pub mod listen;
pub mod metrics;
pub mod origin;
pub mod picture;
pub mod plain;
pub mod presence;
pub mod random;
pub mod rate;
pub mod refusal;
pub mod room;
pub mod serve;
pub mod session;
pub mod store;
mod text;
pub mod uploads;
pub mod ws;
