//! The WebSocket transport: carries frames, never interprets them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use stonechat_shared::frame::close;
use stonechat_shared::limits;
use tokio::time::Instant;
use tungstenite::error::CapacityError;

use crate::app::App;
use crate::caller::Caller;
use crate::refusal::{Answer, Lang, Refusal};
use crate::room::Reader;
use crate::session::{Goodbye, Manner, Out, Session};

/// Bytes read from a socket at once: one buffer of this size a connection is most of what a quiet one costs.
const READ_BUFFER: usize = 2 * 1024;
/// Bytes that one message to a client may have: a snapshot of the longest messages.
const WRITE_BUFFER: usize = 4 * 1024 * 1024;
/// A frame up to this size is read whole, so that the close that answers it is heard; a larger one is cut off.
const READABLE_FRAME: usize = 4 * limits::FRAME_BYTES;
/// How long the other side may take to answer a close.
const CLOSING: Duration = Duration::from_secs(2);
/// The same for who has not read for a long time: what is on its way to them comes before the close.
const CLOSING_STALLED: Duration = Duration::from_secs(5);
/// Frames written before the socket is looked at again, so that a reader far behind is still heard.
const TURN: usize = 16;

/// Who is talked with over a socket: a [`Session`], or something that speaks for one.
pub trait Talk: Send + 'static {
    /// Takes in one message of text.
    fn receive(&mut self, text: &str) -> impl Future<Output = ()> + Send;
    /// Takes in one message that is not text.
    fn receive_binary(&mut self, bytes: &[u8]);
    /// The other side gave a sign of life.
    fn alive(&mut self);
    /// What goes out next; `None` when there is nothing until [`Talk::reader`] is woken or [`Talk::ping_at`].
    fn next(&mut self) -> impl Future<Output = Option<Said>> + Send;
    /// Whether to take in more.
    fn listens(&self) -> bool;
    fn reader(&self) -> Arc<Reader>;
    /// When [`Talk::next`] has something to say though nothing happened.
    fn ping_at(&self) -> Instant;
}

/// What a socket is to carry next.
#[derive(Debug)]
pub enum Said {
    Message(Message),
    /// The last message, and the code of the close that follows it.
    Last(Utf8Bytes, u16),
}

impl Talk for Session {
    async fn receive(&mut self, text: &str) {
        Self::receive(self, text).await;
    }

    fn receive_binary(&mut self, _: &[u8]) {
        Self::receive_binary(self);
    }

    fn alive(&mut self) {
        Self::alive(self);
    }

    async fn next(&mut self) -> Option<Said> {
        Some(match Self::next(self).await? {
            Out::Frame(text) => Said::Message(Message::Text(text)),
            Out::Bye(text, code) => Said::Last(text, code),
        })
    }

    fn listens(&self) -> bool {
        Self::listens(self)
    }

    fn reader(&self) -> Arc<Reader> {
        Self::reader(self)
    }

    fn ping_at(&self) -> Instant {
        Self::ping_at(self)
    }
}

/// `GET /ws`.
pub(crate) async fn upgrade(
    State(app): State<Arc<App>>,
    caller: Caller,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let (lang, stall) = (caller.lang, app.config.stall());
    accept(upgrade, lang, stall, async move {
        match (caller.version, caller.person(&app)) {
            (false, _) => Err(Goodbye::Version.out(lang)),
            (true, None) => Err(Goodbye::NotSignedIn.out(lang)),
            (true, Some(user)) => Session::open(app, user, &caller, Manner::Whole).await,
        }
    })
}

/// Makes a socket of a request, and talks over it until one of both ends goes. `stall`: how long one write may take
/// before the other side counts as stalled.
pub fn accept<T: Talk>(
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    lang: Lang,
    stall: Duration,
    open: impl Future<Output = Result<T, Out>> + Send + 'static,
) -> Response {
    let Ok(upgrade) = upgrade else {
        let mut answer = Answer(Refusal::NoUpgrade, lang).into_response();
        // RFC 9110, 15.5.22: a 426 names what it wants.
        answer.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        return answer;
    };
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_frame_size(READABLE_FRAME)
        .max_message_size(READABLE_FRAME)
        .on_upgrade(move |socket| async move {
            let mut line = Line { socket, stall };
            match open.await {
                Ok(talk) => line.carry(talk).await,
                Err(Out::Frame(text)) => {
                    line.say_last(text).await;
                }
                Err(Out::Bye(text, code)) => line.say_and_close(text, code).await,
            }
        })
}

/// What became of a message.
enum Sent {
    Taken,
    /// The other side does not read.
    Stalled,
    Gone,
}

/// One open socket.
struct Line {
    socket: WebSocket,
    stall: Duration,
}

impl Line {
    /// Until one of both ends goes.
    async fn carry(&mut self, mut talk: impl Talk) {
        let reader = talk.reader();
        let ping = tokio::time::sleep_until(talk.ping_at());
        tokio::pin!(ping);
        loop {
            let mut more = true;
            for _ in 0..TURN {
                match talk.next().await {
                    Some(Said::Message(message)) => match self.write(message).await {
                        Sent::Taken => {}
                        Sent::Stalled => {
                            drop(talk);
                            return self.shut_stalled().await;
                        }
                        Sent::Gone => return,
                    },
                    Some(Said::Last(text, code)) => {
                        // Whoever is told to go is no longer in the room while the socket closes.
                        drop(talk);
                        return self.say_and_close(text, code).await;
                    }
                    None => {
                        more = false;
                        break;
                    }
                }
            }
            ping.as_mut().reset(talk.ping_at());
            tokio::select! {
                biased;
                incoming = self.socket.recv(), if talk.listens() => match incoming {
                    Some(Ok(message)) if size(&message) > limits::FRAME_BYTES => {
                        return self.shut(close::TOO_BIG, "A frame may have 64 KiB.").await;
                    }
                    Some(Ok(Message::Text(text))) => talk.receive(&text).await,
                    Some(Ok(Message::Binary(bytes))) => talk.receive_binary(&bytes),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => talk.alive(),
                    Some(Ok(Message::Close(_))) => {
                        drop(talk);
                        // The answer to a close is written when the socket is looked at once more.
                        drop(tokio::time::timeout(CLOSING, self.socket.recv()).await);
                        return;
                    }
                    None => return,
                    Some(Err(error)) => return self.fail(error).await,
                },
                () = std::future::ready(()), if more => {}
                () = reader.woken(), if !more => {}
                () = &mut ping, if !more => {}
            }
        }
    }

    async fn write(&mut self, message: Message) -> Sent {
        match tokio::time::timeout(self.stall, self.socket.send(message)).await {
            Ok(Ok(())) => Sent::Taken,
            Ok(Err(_)) => Sent::Gone,
            Err(_) => Sent::Stalled,
        }
    }

    async fn say_and_close(&mut self, text: Utf8Bytes, code: u16) {
        if self.say_last(text).await {
            self.shut(code, "").await;
        }
    }

    /// Answers whether it was taken; where it was not, there is nothing left to do.
    async fn say_last(&mut self, text: Utf8Bytes) -> bool {
        match self.write(Message::Text(text)).await {
            Sent::Taken => true,
            Sent::Stalled => {
                self.shut_stalled().await;
                false
            }
            Sent::Gone => false,
        }
    }

    /// Who does not read cannot be told: the close stands behind what they did not take, and is heard by who reads on
    /// within a moment. Nothing but the socket itself is kept for that long.
    async fn shut_stalled(&mut self) {
        self.shut_within(CLOSING_STALLED, close::STALLED, "Nothing was read for a long time.").await;
    }

    /// What the protocol says of what the socket's own reader found wrong.
    async fn fail(&mut self, error: axum::Error) {
        let error = error.into_inner();
        match error.downcast_ref::<tungstenite::Error>() {
            Some(tungstenite::Error::Utf8(_)) => self.shut(close::NOT_UTF8, "Text is UTF-8.").await,
            Some(tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. })) => {
                self.shut(close::TOO_BIG, "A frame may have 64 KiB.").await;
            }
            Some(tungstenite::Error::Protocol(_)) => self.shut(1002, "That is not the WebSocket protocol.").await,
            // The other side is gone, one way or another.
            Some(_) | None => tracing::debug!(%error, "a connection ended"),
        }
    }

    async fn shut(&mut self, code: u16, reason: &'static str) {
        self.shut_within(CLOSING, code, reason).await;
    }

    /// Sends a close frame and waits for the answer, so that the other side hears it before the connection goes.
    async fn shut_within(&mut self, limit: Duration, code: u16, reason: &'static str) {
        let frame = CloseFrame { code, reason: reason.into() };
        let farewell = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        // Who does not answer is left alone.
        drop(tokio::time::timeout(limit, farewell).await);
    }
}

/// Bytes of what a message says.
fn size(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}
