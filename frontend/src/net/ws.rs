//! One WebSocket from its opening to its end. One task owns it, unsplit, and only the server's answers prove anything:
//! a send on a socket that has just closed looks like any other.

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use stonechat_shared::{Command, Frame};

use super::pulse::{LOOK_MS, OPENING_MS, Pulse};
use super::tap::{self, Direction};
use super::{CLOSE_ABNORMAL, End, News, Order, Way};
use crate::platform::{page, time};

/// One of the codes that a page may close with.
const CLOSE_NORMAL: u16 = 1000;

/// A socket that has proved itself, and what it has said so far.
pub(super) struct Opened {
    socket: WebSocket,
    said: Vec<Frame>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}

/// Tries whether a socket gets through, both ways, while another way carries the chat.
pub(super) async fn try_out(url: &str) -> Option<Opened> {
    let mut socket = WebSocket::open(url).ok()?;
    let mut said = Vec::new();
    let mut limit = Box::pin(time::sleep(OPENING_MS));
    while let Either::Left((Some(heard), _)) = select(socket.next(), &mut limit).await {
        match heard.ok().map(read) {
            Some(Some(Frame::Pong { .. })) => return Some(Opened { socket, said }),
            Some(Some(frame)) => {
                if matches!(frame, Frame::Welcome(_)) {
                    // What fails here is about to be heard.
                    let _ = socket.send(Message::Text(Command::Ping { id: "p".into() }.encode())).await;
                }
                said.push(frame);
            }
            Some(None) => {}
            None => break,
        }
    }
    let _ = socket.close(Some(CLOSE_NORMAL), None);
    None
}

/// Carries the chat over a socket that is open already, or a new one.
pub(super) async fn carry(
    opened: Option<Opened>,
    url: &str,
    orders: &mut UnboundedReceiver<Order>,
    tell: &impl Fn(News),
) -> End {
    let mut pulse = Pulse::new(Way::Socket);
    let opened = opened.or_else(|| Some(Opened { socket: WebSocket::open(url).ok()?, said: Vec::new() }));
    let Some(Opened { mut socket, said }) = opened else { return pulse.closed(CLOSE_ABNORMAL) };
    for frame in said {
        pulse.notice(&frame, tell);
        tell(News::Frame(frame));
    }
    let mut look = Box::pin(time::sleep(LOOK_MS));
    let end = loop {
        match select(socket.next(), select(orders.next(), &mut look)).await {
            Either::Left((Some(Ok(message)), _)) => {
                pulse.beats();
                if let Some(frame) = read(message) {
                    pulse.notice(&frame, tell);
                    tell(News::Frame(frame));
                }
            }
            // The close event, which says why, comes after the error.
            Either::Left((Some(Err(WebSocketError::ConnectionClose(event))), _)) => break pulse.closed(event.code),
            Either::Left((Some(Err(_)), _)) => {}
            Either::Left((None, _)) => break pulse.closed(CLOSE_ABNORMAL),

            Either::Right((Either::Left((Some(Order::Send(command)), _)), _)) => {
                if pulse.is_welcome() {
                    // An error here is a socket that is about to report its end.
                    let text = command.encode();
                    tap::pass(Direction::Sent, &text);
                    let _ = socket.send(Message::Text(text)).await;
                }
            }
            Either::Right((Either::Left((Some(Order::Renew), _)), _)) => break End::Stale { new_network: false },
            Either::Right((Either::Left((Some(Order::NetworkUp), _)), _)) => break End::Stale { new_network: true },
            Either::Right((Either::Left((Some(Order::Leave), _)), _)) => break End::Left,
            Either::Right((Either::Left((Some(Order::Woken), _)), _)) => {
                if pulse.is_doubtful() {
                    break End::Stale { new_network: false };
                }
            }
            Either::Right((Either::Left((Some(Order::TryNow | Order::NetworkDown) | None, _)), _)) => {}
            Either::Right((Either::Right(_), _)) => {
                if pulse.is_overdue() {
                    break pulse.closed(CLOSE_ABNORMAL);
                }
                look = Box::pin(time::sleep(LOOK_MS));
            }
        }
    };
    // Closed already, where it was the other end; then this does nothing.
    let _ = socket.close(Some(CLOSE_NORMAL), None);
    end
}

/// The frame in a message; nothing where it cannot be read.
fn read(message: Message) -> Option<Frame> {
    let Message::Text(text) = message else { return None };
    tap::pass(Direction::Heard, &text);
    let frame = Frame::decode(&text);
    if let Err(error) = &frame {
        page::log_error(&format!("a frame that cannot be read: {error}: {text}"));
    }
    frame.ok()
}
