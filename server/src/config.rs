//! Every setting and its default. The only reader of flags and environment.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use stonechat_shared::ids::Millis;

/// A live group chat in one file.
#[derive(Debug, Parser)]
#[command(name = "stonechat", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line. Without a command it is `serve`.
    pub fn read() -> Self {
        let mut arguments: Vec<OsString> = std::env::args_os().collect();
        if arguments.len() == 1 {
            arguments.push("serve".into());
        }
        Self::parse_from(arguments)
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the chat until SIGTERM or Ctrl-C.
    Serve(Config),
    /// Save the database and all files to one file, while a server runs or not.
    Backup(Copying),
    /// Put what was saved in place of what is there, which is kept beside it. No server may be running.
    Restore(Copying),
}

#[derive(Clone, Debug, Args)]
pub struct Copying {
    /// The backup.
    pub file: PathBuf,

    /// The folder of the database.
    #[arg(long, env = "STONECHAT_DATA", default_value = "./data")]
    pub data: PathBuf,
}

#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one and prints it.
    #[arg(long, env = "STONECHAT_ADDR", default_value = "127.0.0.1:8080")]
    pub addr: SocketAddr,

    /// The folder for everything that is kept. Made when it is not there.
    #[arg(long, env = "STONECHAT_DATA", default_value = "./data")]
    pub data: PathBuf,

    /// Messages a second that one person may write, in bursts of five seconds' worth; 0 for no limit.
    #[arg(long, env = "STONECHAT_POST_RATE", default_value_t = 2.0, value_parser = rate)]
    pub post_rate: f64,

    /// Searches a second that one person may make, in bursts of five seconds' worth; 0 for no limit. People without a
    /// name share them, by their address.
    #[arg(long, env = "STONECHAT_SEARCH_RATE", default_value_t = 2.0, value_parser = rate)]
    pub search_rate: f64,

    /// Connections that one address may hold at once; 0 for no limit.
    #[arg(long, env = "STONECHAT_CONNECTIONS_PER_IP", default_value_t = 200)]
    pub connections_per_ip: usize,

    /// Bytes that one file may have; 0 for no files at all.
    #[arg(long, env = "STONECHAT_FILE_LIMIT", default_value_t = 10 * 1024 * 1024, value_parser = file_limit)]
    pub file_limit: u64,

    /// Bytes that the files of one person may have together; 0 for no limit.
    #[arg(long, env = "STONECHAT_FILES_PER_PERSON", default_value_t = 500 * 1024 * 1024)]
    pub files_per_person: u64,

    /// Seconds for which people may edit and remove what they wrote; 0 for as long as they like. Moderators may remove at
    /// any time.
    #[arg(long, env = "STONECHAT_EDIT_SECONDS", default_value_t = 0)]
    pub edit_seconds: u64,

    /// Whether people without a name may come in.
    #[arg(long, env = "STONECHAT_GUESTS", default_value_t = true, action = clap::ArgAction::Set)]
    pub guests: bool,

    /// Whether joining a room that is not there makes it.
    #[arg(long, env = "STONECHAT_OPEN_ROOMS", default_value_t = true, action = clap::ArgAction::Set)]
    pub open_rooms: bool,

    /// Further pages that may talk to this server, as `https://example.org`; may be given more than once.
    #[arg(long = "allow-origin", env = "STONECHAT_ALLOW_ORIGIN", value_delimiter = ',')]
    pub allow_origin: Vec<String>,

    /// Milliseconds between two pings; for tests, which have no 25 seconds. A connection that is silent for two of
    /// them is closed. The default is below the minute after which routers forget a connection.
    #[arg(long, env = "STONECHAT_PING_MS", default_value_t = 25_000, hide = true)]
    pub ping_ms: u64,

    /// Milliseconds that one write to a client may take before the client counts as stalled; for tests, which have no
    /// 30 seconds. The default outlasts a phone that changes from one network to another.
    #[arg(long, env = "STONECHAT_STALL_MS", default_value_t = 30_000, hide = true)]
    pub stall_ms: u64,
}

impl Config {
    /// When something must have been written to be its author's to change; 0 where that does not matter.
    pub fn changeable_since(&self, now: Millis) -> Millis {
        if self.edit_seconds == 0 { 0 } else { now.saturating_sub(self.edit_seconds.saturating_mul(1_000)) }
    }

    pub fn stall(&self) -> Duration {
        Duration::from_millis(self.stall_ms)
    }

    pub fn ping(&self) -> Duration {
        Duration::from_millis(self.ping_ms)
    }
}

/// Bytes of a file, at most: a picture is read in one piece, and so much memory every machine has.
const LARGEST_FILE: u64 = 1024 * 1024 * 1024;

fn file_limit(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(bytes) if bytes <= LARGEST_FILE => Ok(bytes),
        Ok(_) | Err(_) => Err(format!("a number of bytes from 0 to {LARGEST_FILE}")),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate >= 0.0 => Ok(rate),
        Ok(_) | Err(_) => Err("a rate is a number from 0 up".into()),
    }
}
