//! What the tests stand on: the server as a child process, and clients that speak to it.

mod client;
pub(crate) mod copies;
mod disk;
mod http;
pub(crate) mod pictures;
mod process;
mod random;
mod raw;
mod server;
mod stream;

pub(crate) use client::{Client, Gone, messages};
pub(crate) use disk::SmallDisk;
pub(crate) use http::Answer;
pub(crate) use process::Process;
pub(crate) use random::Random;
pub(crate) use raw::{Raw, opcode};
pub(crate) use server::{Person, Server};
pub(crate) use stream::Stream;

use std::time::Duration;

/// How long a test waits for what must come. Far more than it ever takes, so that a busy machine fails no test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
