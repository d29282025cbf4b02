//! How the server starts and how it stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::files;
use crate::http;
use crate::listen::{Listening, Peer};
use crate::store::{CannotOpen, Pace};

/// How often files are forgotten that were uploaded and never sent: they have a day.
const TIDY: Duration = Duration::from_secs(60 * 60);

/// Opens the store, listens, and serves until `stop` resolves; then lets everybody go and commits what waits.
/// `listening` is told the address as soon as there is one.
///
/// # Errors
/// A sentence for whoever started the server.
pub async fn serve(
    config: Config,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    let files = files::raise();
    let addr = config.addr;
    let listener = TcpListener::bind(addr).await.map_err(|error| {
        let advice = if error.kind() == std::io::ErrorKind::AddrInUse {
            "Stop what uses that port, or choose another with --addr"
        } else {
            "Choose another address or port with --addr; ports below 1024 want a right of their own"
        };
        format!("Cannot listen on {addr}: {error}. {advice}.")
    })?;
    // A little longer than the transports themselves wait: a socket can say why first.
    let stall = config.stall() * 7 / 6;
    let app = App::open(config, Clock::System, Pace::Thread).await.map_err(|CannotOpen(sentence)| sentence)?;
    listening(listener.local_addr().map_err(|error| error.to_string())?);
    match files {
        Some(limit) => tracing::info!(limit, "open files, of which each connection is one"),
        None => tracing::info!("open files have no limit"),
    }

    let closing = Arc::clone(&app);
    let goodbye = async move {
        stop.await;
        tracing::info!("stopping");
        closing.close();
    };
    let routes = http::routes(Arc::clone(&app)).into_make_service_with_connect_info::<Peer>();
    let tidying = Arc::clone(&app);
    let tidying = async move {
        loop {
            tokio::time::sleep(TIDY).await;
            if let Err(error) = tidying.store.forget_unsent(tidying.clock.now()).await {
                tracing::warn!(%error, "files that were never sent are still there; it will be tried again");
            }
        }
    };
    let serving = async {
        axum::serve(Listening::new(listener, stall), routes).with_graceful_shutdown(goodbye).await?;
        // Sockets are not requests any more: axum does not wait for them.
        app.empty().await;
        Ok::<_, std::io::Error>(())
    };
    tokio::select! {
        served = serving => served.map_err(|error| format!("The server stopped: {error}."))?,
        () = tidying => {}
        () = app.farewell() => tracing::warn!(connections = app.connections(), "some did not go in time"),
    }
    let store = Arc::clone(&app.store);
    tokio::task::spawn_blocking(move || store.close()).await.map_err(|error| error.to_string())
}
