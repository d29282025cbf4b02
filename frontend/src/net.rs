//! Keeps a connection to the server: connects, judges why a connection ended, backs off, comes back.

pub(crate) mod http;
mod patience;
mod ws;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use stonechat_shared::frame::close;
use stonechat_shared::ids::Millis;
use stonechat_shared::{Command, Frame, PROTOCOL_VERSION};

use crate::platform::{address, numbers, page, time};
use patience::{Backoff, Verdict, verdict};
use ws::End;

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
    Connected,
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

/// What the connection tells the rest of the program.
#[derive(Debug)]
pub(crate) enum News {
    Line(Line),
    Frame(Frame),
    /// The connection is gone, with whatever it carried.
    Lost,
}

/// Runs for as long as the page lives. `language` is asked at each connection: the server's sentences follow it.
pub(crate) async fn run(
    mut orders: UnboundedReceiver<Order>,
    language: impl Fn() -> &'static str,
    tell: impl Fn(News),
) {
    let mut backoff = Backoff::default();
    let mut line = Line::Connecting;
    loop {
        tell(News::Line(line));
        let url = address::socket(&format!("v={PROTOCOL_VERSION}&lang={}", language()));
        let end = ws::carry(&url, &mut orders, &tell).await;
        tell(News::Lost);
        line = Line::Connecting;
        match end {
            End::Stale => {}
            End::Left => wait(&mut orders, None, &Line::Connecting, &tell).await,
            End::Closed { code, bye, was_healthy } => {
                if was_healthy {
                    backoff = Backoff::default();
                }
                let (retry_ms, message) = bye.map_or((None, String::new()), |bye| (bye.retry_ms, bye.message));
                match verdict(code, retry_ms) {
                    Verdict::Stay => {
                        debug_assert!((close::VERSION..close::STALLED).contains(&code));
                        wait(&mut orders, None, &Line::Refused { message }, &tell).await;
                    }
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
            Either::Left((Some(Order::TryNow | Order::NetworkUp | Order::Renew), _)) | Either::Right(_) => return,
            // A refusal is not asked again just because somebody looks at the page.
            Either::Left((Some(Order::Woken), _)) if !matches!(line, Line::Refused { .. }) => return,
            Either::Left((Some(Order::NetworkDown), _)) => tell_line(),
            Either::Left((Some(Order::Send(_) | Order::Woken | Order::Leave) | None, _)) => {}
        }
    }
}
