//! The `stonechat` binary: reads its settings, does what it is asked for, and says in a sentence why it cannot.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use stonechat_server::config::{Cli, Command, Config};
use stonechat_server::serve::serve;
use stonechat_server::store::{backup, restore};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::read().command {
        Command::Serve(config) => run(config).await,
        Command::Backup(copying) => say(backup(&copying.data, &copying.file)),
        Command::Restore(copying) => say(restore(&copying.data, &copying.file)),
    }
}

/// What was done, or why it was not.
fn say(done: Result<String, String>) -> ExitCode {
    let written = match &done {
        Ok(line) => writeln!(std::io::stdout(), "{line}"),
        Err(sentence) => writeln!(std::io::stderr(), "{sentence}"),
    };
    // Where nobody reads it, the exit code says it.
    if done.is_ok() && written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn run(config: Config) -> ExitCode {
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
