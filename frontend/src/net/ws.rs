//! One WebSocket from its opening to its end. One task owns it, unsplit, and only the server's answers prove anything:
//! a send on a socket that has just closed looks like any other.

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use stonechat_shared::Frame;
use stonechat_shared::ids::Millis;

use super::{Line, News, Order};
use crate::platform::{page, time};

/// A server that has not said `welcome` by then is not there.
const OPENING_MS: u64 = 10_000;
/// A connection that lasted this long after `welcome` was a good one: the next failure is the first again.
const HEALTHY_MS: u64 = 10_000;
/// How often silence is looked at.
const LOOK_MS: u64 = 5_000;
/// How much later than expected a `ping` may come before a page that wakes gives the connection up.
const GRACE_MS: u64 = 5_000;
/// "The page went away", one of the codes that a page may close with.
const CLOSE_NORMAL: u16 = 1000;
/// What browsers report where there was no close frame.
const CLOSE_ABNORMAL: u16 = 1006;

/// Why a connection is over.
#[derive(Debug)]
pub(super) enum End {
    /// The other end closed it, or it broke. What was there before says how to come back.
    Closed { code: u16, bye: Option<Bye>, was_healthy: bool },
    /// We closed it because it is no longer the right one: a new one at once.
    Stale,
    /// We closed it because the page is being left.
    Left,
}

/// What the server said before it closed.
#[derive(Debug)]
pub(super) struct Bye {
    pub(super) code: u16,
    pub(super) message: String,
    pub(super) retry_ms: Option<u64>,
}

/// What is known about the health of a connection.
struct Pulse {
    /// When anything was heard last.
    heard: Millis,
    /// How long the server may be silent: it pings more often than that.
    patience: u64,
    welcomed: Option<Millis>,
}

pub(super) async fn carry(url: &str, orders: &mut UnboundedReceiver<Order>, tell: &impl Fn(News)) -> End {
    let Ok(mut socket) = WebSocket::open(url) else {
        return End::Closed { code: CLOSE_ABNORMAL, bye: None, was_healthy: false };
    };
    let mut pulse = Pulse { heard: time::now(), patience: OPENING_MS, welcomed: None };
    let mut bye = None;
    let mut look = Box::pin(time::sleep(LOOK_MS));
    let end = loop {
        match select(socket.next(), select(orders.next(), &mut look)).await {
            Either::Left((Some(Ok(Message::Text(text))), _)) => {
                pulse.heard = time::now();
                match Frame::decode(&text) {
                    Ok(frame) => {
                        bye = pulse.notice(&frame, tell).or(bye);
                        tell(News::Frame(frame));
                    }
                    Err(error) => page::log_error(&format!("a frame that cannot be read: {error}: {text}")),
                }
            }
            Either::Left((Some(Ok(Message::Bytes(_))), _)) => pulse.heard = time::now(),
            // The close event, which says why, comes after the error.
            Either::Left((Some(Err(WebSocketError::ConnectionClose(event))), _)) => {
                break pulse.closed(event.code, bye);
            }
            Either::Left((Some(Err(_)), _)) => {}
            Either::Left((None, _)) => break pulse.closed(CLOSE_ABNORMAL, bye),

            Either::Right((Either::Left((Some(Order::Send(command)), _)), _)) => {
                if pulse.welcomed.is_some() {
                    // An error here is a socket that is about to report its end.
                    let _ = socket.send(Message::Text(command.encode())).await;
                }
            }
            Either::Right((Either::Left((Some(Order::Renew | Order::NetworkUp), _)), _)) => break End::Stale,
            Either::Right((Either::Left((Some(Order::Leave), _)), _)) => break End::Left,
            Either::Right((Either::Left((Some(Order::Woken), _)), _)) => {
                if pulse.is_overdue(pulse.patience / 2 + GRACE_MS) {
                    break End::Stale;
                }
            }
            Either::Right((Either::Left((Some(Order::TryNow | Order::NetworkDown) | None, _)), _)) => {}
            Either::Right((Either::Right(_), _)) => {
                if pulse.is_overdue(pulse.patience) {
                    break pulse.closed(CLOSE_ABNORMAL, bye);
                }
                look = Box::pin(time::sleep(LOOK_MS));
            }
        }
    };
    // Closed already, where it was the other end; then this does nothing.
    let _ = socket.close(Some(CLOSE_NORMAL), None);
    end
}

impl Pulse {
    /// Takes note of what a frame says about the connection itself, and answers the server's `bye`.
    fn notice(&mut self, frame: &Frame, tell: &impl Fn(News)) -> Option<Bye> {
        match frame {
            Frame::Welcome(welcome) => {
                self.welcomed = Some(time::now());
                self.patience = welcome.ping_ms * 2;
                tell(News::Line(Line::Connected));
                None
            }
            Frame::Bye { code, message, retry_ms } => {
                Some(Bye { code: *code, message: message.clone(), retry_ms: *retry_ms })
            }
            Frame::Joined(_)
            | Frame::Events { .. }
            | Frame::Ok { .. }
            | Frame::Error(_)
            | Frame::Presence(_)
            | Frame::Typing { .. }
            | Frame::Read { .. }
            | Frame::Ping { .. }
            | Frame::Unknown => None,
        }
    }

    fn is_overdue(&self, patience: u64) -> bool {
        time::now().saturating_sub(self.heard) > patience
    }

    fn closed(&self, code: u16, bye: Option<Bye>) -> End {
        let was_healthy = self.welcomed.is_some_and(|at| time::now().saturating_sub(at) >= HEALTHY_MS);
        // A proxy may swallow the close frame; the `bye` before it said the same.
        let code = bye.as_ref().map_or(code, |bye| bye.code);
        End::Closed { code, bye, was_healthy }
    }
}
