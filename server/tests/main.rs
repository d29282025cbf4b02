//! The real server, tested from outside: each test starts its own, on a free port, with a folder of its own.

#![expect(clippy::unwrap_used, reason = "every function here is a test's: a value that is not there is its failure")]

mod support;

mod about;
mod backup;
mod bad_input;
mod bad_numbers;
mod bad_sockets;
mod chat;
mod commands;
mod conformance;
mod disk;
mod events;
mod files;
mod fold;
mod history;
mod identity;
mod joining;
mod life;
mod limits;
mod messages;
mod pages;
mod people;
mod pictures;
mod plain;
mod presence;
mod private;
mod questions;
mod removal;
mod removed_files;
mod restart;
mod restore;
mod rooms;
mod saved_files;
mod search;
mod settings;
mod slow_reader;
mod stalled;
mod starting;
mod torn;
mod transport;
mod unread;
