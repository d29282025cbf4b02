//! The WebSocket transport: carries frames, never interprets them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use stonechat_shared::frame::{User, close};
use stonechat_shared::{PROTOCOL_VERSION, limits};
use tungstenite::error::CapacityError;

use crate::app::App;
use crate::auth::{self, Credential};
use crate::origin;
use crate::refusal::{Answer, Lang, Refusal};
use crate::session::{Goodbye, Out, Session};

/// Bytes read from a socket at once: one buffer of this size a connection is most of what a quiet one costs.
const READ_BUFFER: usize = 2 * 1024;
/// Bytes that one message to a client may have: a snapshot of the longest messages.
const WRITE_BUFFER: usize = 4 * 1024 * 1024;
/// A frame up to this size is read whole, so that the close that answers it is heard; a larger one is cut off.
const READABLE_FRAME: usize = 4 * limits::FRAME_BYTES;
/// How long one write may take before the other side counts as stalled.
const STALLED: Duration = Duration::from_secs(30);
/// How long the other side may take to answer a close.
const CLOSING: Duration = Duration::from_secs(2);
/// Frames written before the socket is looked at again, so that a reader far behind is still heard.
const TURN: usize = 16;

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    v: Option<String>,
    ticket: Option<String>,
    lang: Option<String>,
}

/// `GET /ws`.
pub(crate) async fn upgrade(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(params): Query<Params>,
    headers: HeaderMap,
    uri: Uri,
    upgrade: WebSocketUpgrade,
) -> Response {
    let lang = params.lang.as_deref().and_then(Lang::parse).unwrap_or_else(|| Lang::of(&headers));
    if !origin::is_allowed(&headers, &uri, &app.config.allow_origin) {
        return Answer(Refusal::BadOrigin, lang).into_response();
    }
    let known = match (Credential::of(&headers), &params.ticket) {
        (credential @ Credential::Bearer(_), _) | (credential @ Credential::Cookie(_), None) => {
            app.identify(&credential).await
        }
        (credential @ Credential::Cookie(_), Some(ticket)) => match app.identify(&credential).await {
            Ok(None) => redeem(&app, ticket),
            known => known,
        },
        (Credential::None, Some(ticket)) => redeem(&app, ticket),
        (Credential::None, None) => Ok(None),
    };
    let known = match known {
        Ok(known) => known,
        Err(refusal) => return Answer(refusal, lang).into_response(),
    };
    let digest = Credential::of(&headers).digest();
    let version = params.v.as_deref().is_none_or(|v| v == PROTOCOL_VERSION.to_string());
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_frame_size(READABLE_FRAME)
        .max_message_size(READABLE_FRAME)
        .on_upgrade(move |socket| async move {
            let opened = match (version, known.or_else(|| guest(&app))) {
                (false, _) => Err(Goodbye::Version.out(lang)),
                (true, None) => Err(Goodbye::NotSignedIn.out(lang)),
                (true, Some(user)) => Session::open(app, user, digest, lang, peer.ip()).await,
            };
            match opened {
                Ok(session) => carry(socket, session).await,
                Err(out) => say_and_close(socket, out).await,
            }
        })
}

fn redeem(app: &App, ticket: &str) -> Result<Option<User>, Refusal> {
    app.tickets.redeem(ticket).map(Some).ok_or(Refusal::NotSignedIn)
}

fn guest(app: &App) -> Option<User> {
    app.config.guests.then(auth::guest)
}

/// Until one of both ends goes.
async fn carry(mut socket: WebSocket, mut session: Session) {
    let reader = session.reader();
    let ping = tokio::time::sleep_until(session.ping_at().into());
    tokio::pin!(ping);
    loop {
        let mut more = true;
        for _ in 0..TURN {
            match session.next().await {
                Some(Out::Frame(text)) => {
                    if !write(&mut socket, text).await {
                        return;
                    }
                }
                Some(out @ Out::Bye(..)) => {
                    // Whoever is told to go is no longer in the room while the socket closes.
                    drop(session);
                    return say_and_close(socket, out).await;
                }
                None => {
                    more = false;
                    break;
                }
            }
        }
        ping.as_mut().reset(session.ping_at().into());
        tokio::select! {
            biased;
            incoming = socket.recv(), if session.listens() => match incoming {
                Some(Ok(Message::Text(text))) if text.len() > limits::FRAME_BYTES => {
                    return shut(socket, close::TOO_BIG, "A frame may have 64 KiB.").await;
                }
                Some(Ok(Message::Text(text))) => session.receive(&text).await,
                Some(Ok(Message::Binary(bytes))) if bytes.len() > limits::FRAME_BYTES => {
                    return shut(socket, close::TOO_BIG, "A frame may have 64 KiB.").await;
                }
                Some(Ok(Message::Binary(_))) => session.receive_binary(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => session.alive(),
                Some(Ok(Message::Close(_))) => {
                    drop(session);
                    // The answer to a close is written when the socket is looked at once more.
                    drop(tokio::time::timeout(CLOSING, socket.recv()).await);
                    return;
                }
                None => return,
                Some(Err(error)) => return fail(socket, error).await,
            },
            () = std::future::ready(()), if more => {}
            () = reader.woken(), if !more => {}
            () = &mut ping, if !more => {}
        }
    }
}

/// Answers false where the other side is gone or does not read.
async fn write(socket: &mut WebSocket, text: Utf8Bytes) -> bool {
    match tokio::time::timeout(STALLED, socket.send(Message::Text(text))).await {
        Ok(sent) => sent.is_ok(),
        Err(_) => {
            // There is no way left to say 4100 to who does not read, but a close frame may find a place in the buffer.
            let frame = CloseFrame { code: close::STALLED, reason: "Nothing was read for 30 s.".into() };
            let last = socket.send(Message::Close(Some(frame)));
            drop(tokio::time::timeout(Duration::from_millis(1), last).await);
            false
        }
    }
}

async fn say_and_close(mut socket: WebSocket, out: Out) {
    let (Out::Frame(text) | Out::Bye(text, _)) = &out;
    if !write(&mut socket, text.clone()).await {
        return;
    }
    if let Out::Bye(_, code) = out {
        shut(socket, code, "").await;
    }
}

/// What the protocol says of what the socket's own reader found wrong.
async fn fail(socket: WebSocket, error: axum::Error) {
    let error = error.into_inner();
    match error.downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Utf8(_)) => shut(socket, close::NOT_UTF8, "Text is UTF-8.").await,
        Some(tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. })) => {
            shut(socket, close::TOO_BIG, "A frame may have 64 KiB.").await;
        }
        Some(tungstenite::Error::Protocol(_)) => shut(socket, 1002, "That is not the WebSocket protocol.").await,
        // The other side is gone, one way or another.
        Some(_) | None => tracing::debug!(%error, "a connection ended"),
    }
}

/// Sends a close frame and waits for the answer, so that the other side hears it before the connection goes.
async fn shut(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    let farewell = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // Who does not answer is left alone.
    drop(tokio::time::timeout(CLOSING, farewell).await);
}
