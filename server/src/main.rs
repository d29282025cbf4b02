//! The `stonechat` binary: reads its settings, serves, and says in a sentence why it cannot.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use stonechat_server::config::{Cli, Command};
use stonechat_server::serve::serve;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve(config) = Cli::read().command;
    let filter = EnvFilter::try_from_env("STONECHAT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    match serve(config, announce, stop()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            tracing::error!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The one line on standard output: who started the server on port 0 learns the port from it.
fn announce(addr: std::net::SocketAddr) {
    if let Err(error) = writeln!(std::io::stdout(), "Stonechat listens on http://{addr}") {
        tracing::warn!(%error, "nobody reads the standard output");
    }
}

/// Until the system or a person at the keyboard says stop. Listens from the call on, not from the first poll: whoever
/// reads the address may say stop at once.
fn stop() -> impl Future<Output = ()> {
    let listen = |kind| signal(kind).expect("signals can be listened to");
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate()), listen(SignalKind::interrupt()));
    async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}
