//! Answers every message with itself, over the same upgrade, limits and transport as the chat: what
//! `cargo xtask conformance` tests. It is no part of the server.
//!
//! Prints the address that it listens on, and serves until its standard input ends.

#![expect(clippy::print_stdout, reason = "whoever started it reads the address there")]

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;
use stonechat_server::refusal::Lang;
use stonechat_server::room::Reader;
use stonechat_server::ws::{self, Said, Talk};
use tokio::net::TcpListener;
use tokio::time::Instant;

/// How long one write may take: the suite reads at once, or it is broken.
const STALL: Duration = Duration::from_secs(10);
/// Nothing is said here that nobody asked for.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

struct Echo {
    reader: Arc<Reader>,
    /// What came in and is to go out again.
    waiting: VecDeque<Message>,
}

impl Echo {
    fn new() -> Self {
        Self { reader: Arc::new(Reader::new(None)), waiting: VecDeque::new() }
    }

    fn answer(&mut self, message: Message) {
        self.waiting.push_back(message);
        self.reader.wake();
    }
}

impl Talk for Echo {
    async fn receive(&mut self, text: &str) {
        self.answer(Message::text(text));
    }

    fn receive_binary(&mut self, bytes: &[u8]) {
        self.answer(Message::binary(bytes.to_vec()));
    }

    fn alive(&mut self) {}

    async fn next(&mut self) -> Option<Said> {
        self.waiting.pop_front().map(Said::Message)
    }

    fn listens(&self) -> bool {
        self.waiting.is_empty()
    }

    fn reader(&self) -> Arc<Reader> {
        Arc::clone(&self.reader)
    }

    fn ping_at(&self) -> Instant {
        Instant::now() + NEVER
    }
}

async fn echo(upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>) -> Response {
    ws::accept(upgrade, Lang::En, STALL, async { Ok(Echo::new()) })
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?);
    let ended = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new()));
    tokio::select! {
        served = async { axum::serve(listener, Router::new().route("/", any(echo))).await } => served,
        _ = ended => Ok(()),
    }
}
