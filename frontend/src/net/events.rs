//! The chat without a socket: frames come as server-sent events or as answers to questions, and each command is a request
//! of its own.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use stonechat_shared::{Command, Frame, PROTOCOL_VERSION, RoomName, Seq, UserId};

use super::http::{self, Trouble};
use super::pulse::{LOOK_MS, Pulse};
use super::tap::{self, Direction};
use super::{CLOSE_ABNORMAL, End, News, Order, Way, ws};
use crate::platform::events::EventSource;
use crate::platform::{task, time};

/// How often a better way is tried: rarely enough that a firewall's owner does not mind.
const TRY_UP_MS: u64 = 180_000;
/// Seconds that a question may wait: less than what proxies let a request be silent.
const WAIT: u32 = 25;

/// Where the replica stands: its rooms, how far each is known, and the name of the log.
pub(crate) type Places = (Vec<(RoomName, Option<Seq>)>, Option<String>);

/// What is needed to ask.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) language: &'static str,
    pub(super) places: Rc<dyn Fn() -> Places>,
}

/// What was heard.
enum Heard {
    Frames(Vec<Frame>),
    Broken,
}

/// What frames come from; dropped, it is silent.
enum Source {
    Stream { _stream: EventSource },
    Questions { is_over: Rc<Cell<bool>> },
}

pub(super) async fn carry(
    way: Way,
    asking: &Asking,
    socket: &str,
    orders: &mut UnboundedReceiver<Order>,
    tell: &impl Fn(News),
) -> End {
    let mut pulse = Pulse::new(way);
    let (heard, mut news) = unbounded();
    let open = |is_new| Source::open(way, asking, is_new, heard.clone());
    // What the replica will ask for when it hears `welcome`: the source was opened with it.
    let mut asked = (asking.places)().0;
    let mut me = None;
    let mut source = open(true);
    let mut look = Box::pin(time::sleep(LOOK_MS));
    let mut better = Box::pin(try_up(socket, TRY_UP_MS));
    loop {
        match select(select(news.next(), orders.next()), select(&mut better, &mut look)).await {
            Either::Left((Either::Left((Some(Heard::Frames(frames)), _)), _)) => {
                pulse.beats();
                for frame in frames {
                    pulse.notice(&frame, tell);
                    if let Frame::Welcome(welcome) = &frame {
                        let named = welcome.user.id.clone();
                        match me.replace(named.clone()) {
                            None => {}
                            // A source that was opened anew says it again; the connection is the same.
                            Some(before) if before == named => continue,
                            Some(_) => return End::Stale { new_network: false },
                        }
                    }
                    tell(News::Frame(frame));
                }
                if pulse.has_heard_bye() {
                    return pulse.closed(CLOSE_ABNORMAL);
                }
            }
            Either::Left((Either::Left((Some(Heard::Broken) | None, _)), _)) => return pulse.closed(CLOSE_ABNORMAL),

            Either::Left((Either::Right((Some(Order::Send(command)), _)), _)) => match command {
                Command::Join { room, after, .. } => {
                    let before = asked.len();
                    asked.retain(|place| *place != (room.clone(), after));
                    if asked.len() == before {
                        source = open(false);
                    }
                }
                // What still comes of a room that was left is passed over; being here is the answer to a ping.
                Command::Leave { .. } | Command::Pong => {}
                Command::Post { .. }
                | Command::Edit { .. }
                | Command::Remove { .. }
                | Command::React { .. }
                | Command::Pin { .. }
                | Command::Purge { .. }
                | Command::Set { .. }
                | Command::Typing { .. }
                | Command::Read { .. }
                | Command::Unread { .. }
                | Command::Away { .. }
                | Command::Ping { .. } => task::spawn(post(asking.language, me.clone(), command, heard.clone())),
            },
            Either::Left((Either::Right((Some(Order::Renew), _)), _)) => return End::Stale { new_network: false },
            Either::Left((Either::Right((Some(Order::NetworkUp), _)), _)) => return End::Stale { new_network: true },
            Either::Left((Either::Right((Some(Order::Leave), _)), _)) => return End::Left,
            Either::Left((Either::Right((Some(Order::Woken), _)), _)) => {
                if pulse.is_doubtful() {
                    return End::Stale { new_network: false };
                }
            }
            Either::Left((Either::Right((Some(Order::TryNow), _)), _)) => better = Box::pin(try_up(socket, 0)),
            Either::Left((Either::Right((Some(Order::NetworkDown) | None, _)), _)) => {}

            Either::Right((Either::Left((Some(opened), _)), _)) => {
                drop(source);
                return End::Better(opened);
            }
            Either::Right((Either::Left((None, _)), _)) => better = Box::pin(try_up(socket, TRY_UP_MS)),
            Either::Right((Either::Right(_), _)) => {
                if pulse.is_overdue() {
                    return pulse.closed(CLOSE_ABNORMAL);
                }
                look = Box::pin(time::sleep(LOOK_MS));
            }
        }
    }
}

async fn try_up(socket: &str, after_ms: u64) -> Option<ws::Opened> {
    time::sleep(after_ms).await;
    ws::try_out(socket).await
}

/// Sends one command; its answer is heard like any frame.
async fn post(language: &'static str, me: Option<UserId>, command: Command, heard: UnboundedSender<Heard>) {
    let news = match http::command(language, me, &command).await {
        Ok(frame) => Heard::Frames(vec![frame]),
        Err(Trouble::Refused(refusal)) => Heard::Frames(vec![Frame::Error(refusal)]),
        Err(Trouble::Unreachable) => Heard::Broken,
    };
    // Nobody listens where the connection has ended meanwhile: the replica asks again.
    let _ = heard.unbounded_send(news);
}

impl Source {
    fn open(way: Way, asking: &Asking, is_new: bool, heard: UnboundedSender<Heard>) -> Self {
        match way {
            Way::Socket | Way::Events => {
                let stream = EventSource::open(&address(asking, ""), move |text| {
                    text.iter().for_each(|text| tap::pass(Direction::Heard, text));
                    let news =
                        text.map_or(Heard::Broken, |text| Heard::Frames(Frame::decode(&text).into_iter().collect()));
                    let _ = heard.unbounded_send(news);
                });
                Self::Stream { _stream: stream }
            }
            Way::Questions => {
                let is_over = Rc::new(Cell::new(false));
                task::spawn(ask(asking.clone(), is_new, Rc::clone(&is_over), heard));
                Self::Questions { is_over }
            }
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Self::Questions { is_over } = self {
            is_over.set(true);
        }
    }
}

/// Asks again and again, each time from where the replica stands.
async fn ask(asking: Asking, mut is_new: bool, is_over: Rc<Cell<bool>>, heard: UnboundedSender<Heard>) {
    loop {
        let how = if is_new { "&welcome=1".to_owned() } else { format!("&wait={WAIT}") };
        let answer = http::events(asking.language, &address(&asking, &how)).await;
        is_new = false;
        // An answer that comes too late is asked for again by whoever came in its place.
        let news = answer.map_or(Heard::Broken, |answer| Heard::Frames(answer.frames));
        let is_broken = matches!(news, Heard::Broken);
        if is_over.get() || heard.unbounded_send(news).is_err() || is_broken {
            return;
        }
        // The frames are taken in before the next question says how far they led.
        time::turn().await;
    }
}

fn address(asking: &Asking, how: &str) -> String {
    let (places, epoch) = (asking.places)();
    let place = |(room, after): (RoomName, Option<Seq>)| match after {
        Some(after) => format!("{room}:{after}"),
        None => room.to_string(),
    };
    let places: Vec<String> = places.into_iter().map(place).collect();
    let (join, language) = (places.join(","), asking.language);
    let epoch = epoch.map(|epoch| format!("&epoch={epoch}")).unwrap_or_default();
    format!("/events?v={PROTOCOL_VERSION}&lang={language}&join={join}{epoch}{how}")
}
