//! Keeps a connection to the server: connects, judges why a connection ended, backs off, comes back.

mod events;
pub(crate) mod http;
mod patience;
mod pulse;
pub(crate) mod tap;
mod ways;
mod ws;

use std::rc::Rc;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use stonechat_shared::ids::Millis;
use stonechat_shared::{Command, Frame, PROTOCOL_VERSION};

use crate::platform::{address, numbers, page, time};
use events::Asking;
pub(crate) use events::Places;
use patience::{Backoff, Verdict, verdict};
use pulse::Bye;
pub(crate) use ways::Way;
use ways::Ways;

/// What browsers report where there was no close frame.
const CLOSE_ABNORMAL: u16 = 1006;
/// A plain request that has no answer by then has none.
const HTTP_MS: u64 = 5_000;

/// What the rest of the program wants of the connection.
#[derive(Debug)]
pub(crate) enum Order {
    /// Only while connected; at any other time it is dropped, for the replica asks again after `welcome`.
    Send(Command),
    /// The person does not want to wait.
    TryNow,
    /// The page is seen again after a time in which its timers may have slept.
    Woken,
    NetworkUp,
    NetworkDown,
    /// Who we are has changed: come back under the new name.
    Renew,
    /// The page is being left.
    Leave,
}

/// The state of the line, as it is told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Connecting,
    Connected(Way),
    /// Next try at this time.
    Reconnecting {
        at: Millis,
    },
    /// The machine has no network.
    Offline,
    /// The server does not want us back, and why.
    Refused {
        message: String,
    },
}

impl Line {
    pub(crate) fn is_connected(&self) -> bool {
        matches!(self, Self::Connected(_))
    }
}

/// What the connection tells the rest of the program.
#[derive(Debug)]
pub(crate) enum News {
    Line(Line),
    Frame(Frame),
    /// The connection is gone, with whatever it carried.
    Lost,
}

/// Why a connection is over.
#[derive(Debug)]
enum End {
    /// The other end closed it, or it broke. What was there before says how to come back.
    Closed {
        code: u16,
        bye: Option<Bye>,
        was_healthy: bool,
        /// The server itself wanted it to end.
        was_wished: bool,
        /// Something of ours was answered.
        proved: bool,
    },
    /// We closed it because it is no longer the right one: a new one at once.
    Stale { new_network: bool },
    /// A socket gets through after all.
    Better(ws::Opened),
    /// We closed it because the page is being left.
    Left,
}

/// Where the socket is opened.
pub(crate) fn socket(language: &str) -> String {
    address::socket(&format!("v={PROTOCOL_VERSION}&lang={language}"))
}

/// Runs for as long as the page lives. `language` is asked at each connection: the server's sentences follow it.
/// `places` says where the replica stands.
pub(crate) async fn run(
    mut orders: UnboundedReceiver<Order>,
    language: impl Fn() -> &'static str,
    places: Rc<dyn Fn() -> Places>,
    tell: impl Fn(News),
) {
    let mut backoff = Backoff::default();
    let mut ways = Ways::default();
    let mut line = Line::Connecting;
    let mut opened = None;
    loop {
        tell(News::Line(line));
        let language = language();
        let url = socket(language);
        let end = match ways.now() {
            Way::Socket => ws::carry(opened.take(), &url, &mut orders, &tell).await,
            way @ (Way::Events | Way::Questions) => {
                let asking = Asking { language, places: Rc::clone(&places) };
                events::carry(way, &asking, &url, &mut orders, &tell).await
            }
        };
        tell(News::Lost);
        line = Line::Connecting;
        match end {
            End::Stale { new_network } => {
                if new_network {
                    // Another network, another firewall.
                    ways.open();
                }
            }
            End::Better(socket) => {
                ways.open();
                opened = Some(socket);
                line = Line::Connected(Way::Socket);
            }
            End::Left => wait(&mut orders, None, &Line::Connecting, &tell).await,
            End::Closed { code, bye, was_healthy, was_wished, proved } => {
                if was_healthy {
                    backoff = Backoff::default();
                }
                let moves = if was_healthy || was_wished {
                    ways.worked();
                    false
                } else {
                    // The question may take its time, and nothing is connected meanwhile.
                    tell(News::Line(Line::Connecting));
                    ways.failed(proved, answers().await)
                };
                let (retry_ms, message) = bye.map_or((None, String::new()), |bye| (bye.retry_ms, bye.message));
                match verdict(code, retry_ms) {
                    Verdict::BackOff { .. } if moves => {}
                    Verdict::Stay => wait(&mut orders, None, &Line::Refused { message }, &tell).await,
                    Verdict::After(ms) => line = pause(&mut orders, ms, &tell).await,
                    Verdict::BackOff { at_least } => {
                        let ms = backoff.next(numbers::chance()).max(at_least);
                        line = pause(&mut orders, ms, &tell).await;
                    }
                }
            }
        }
    }
}

/// Whether a plain request is answered.
async fn answers() -> bool {
    let limit = Box::pin(time::sleep(HTTP_MS));
    match select(Box::pin(http::is_there()), limit).await {
        Either::Left((is_there, _)) => is_there,
        Either::Right(_) => false,
    }
}

/// Answers what to say of the line while the next try is under way.
async fn pause(orders: &mut UnboundedReceiver<Order>, ms: u64, tell: &impl Fn(News)) -> Line {
    wait(orders, Some(ms), &Line::Reconnecting { at: time::now() + ms }, tell).await;
    Line::Reconnecting { at: time::now() }
}

/// Waits for the time to pass, where there is one, or for a reason not to wait any longer.
async fn wait(orders: &mut UnboundedReceiver<Order>, ms: Option<u64>, line: &Line, tell: &impl Fn(News)) {
    let tell_line = || {
        let offline = matches!(line, Line::Reconnecting { .. }) && !page::is_online();
        tell(News::Line(if offline { Line::Offline } else { line.clone() }));
    };
    tell_line();
    let mut timer = Box::pin(async {
        match ms {
            Some(ms) => time::sleep(ms).await,
            None => std::future::pending().await,
        }
    });
    loop {
        match select(orders.next(), &mut timer).await {
            Either::Right(_) => return,
            Either::Left((Some(Order::NetworkDown), _)) => tell_line(),
            Either::Left((Some(order), _)) if ends_a_wait(&order, line) => return,
            Either::Left((Some(_) | None, _)) => {}
        }
    }
}

fn ends_a_wait(order: &Order, line: &Line) -> bool {
    match order {
        Order::TryNow | Order::Renew => true,
        // A refusal is not asked again just because somebody looks at the page, or the machine has another network.
        Order::NetworkUp | Order::Woken => !matches!(line, Line::Refused { .. }),
        Order::Send(_) | Order::NetworkDown | Order::Leave => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_or_a_look_ends_a_wait_but_only_the_person_ends_a_refusal() {
        let waiting = [Line::Connecting, Line::Reconnecting { at: 5 }];
        for order in [Order::NetworkUp, Order::Woken, Order::TryNow, Order::Renew] {
            assert!(waiting.iter().all(|line| ends_a_wait(&order, line)), "{order:?}");
        }
        let refused = Line::Refused { message: "You are signed out.".into() };
        let ends = [Order::TryNow, Order::Renew].iter().all(|order| ends_a_wait(order, &refused));
        assert!(ends, "the person wants to come back");
        for order in [Order::NetworkUp, Order::Woken, Order::NetworkDown, Order::Leave] {
            assert!(!ends_a_wait(&order, &refused), "{order:?}");
        }
    }
}
