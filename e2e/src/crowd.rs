//! Thousands of guests in the lobby, who obey `bye` and come back from where they were.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use stonechat_shared::{Command, Event, Frame, Seq};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tungstenite::Message;
use tungstenite::protocol::WebSocketConfig;

/// Openings under way at once: more than that, and the queue of the server's port overflows.
const OPENINGS: usize = 200;
/// Between two tries to connect while the server is away: less than a person notices, spread over the guests.
const AWAY_MS: u64 = 400;
/// Bytes read at once: a guest hears short frames, and the library's own 128 KiB are a gigabyte for all of them.
const READ_BUFFER: usize = 4 * 1024;
/// Guests of one address of this machine: each connection of an address takes one of its ports.
const OF_ONE_ADDRESS: usize = 2_000;

/// All guests. Dropping it, on its runtime, sends them home.
#[derive(Debug)]
pub struct Crowd {
    guests: Vec<Arc<Guest>>,
    news: Arc<Notify>,
    tasks: tokio::task::JoinSet<()>,
}

/// What is known of one guest from outside.
#[derive(Debug, Default)]
struct Guest {
    cursor: AtomicU64,
    /// How often they were in the room.
    joined: AtomicU64,
    /// How often they were told that the server restarts.
    byes: AtomicU64,
}

impl Crowd {
    pub fn comes_in(server: SocketAddr, size: usize) -> Self {
        let (news, openings) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(OPENINGS)));
        let mut tasks = tokio::task::JoinSet::new();
        let guests = (0..size).map(|index| {
            let guest = Arc::new(Guest::default());
            let visit = Visit { server, index, guest: Arc::clone(&guest), news: Arc::clone(&news), known: None };
            tasks.spawn(visit.lasts(Arc::clone(&openings)));
            guest
        });
        let guests = guests.collect();
        Self { guests, news, tasks }
    }

    /// Until every guest was in the room so many times.
    pub async fn has_joined(&mut self, times: u64) {
        self.all(|guest| guest.joined.load(Ordering::Acquire) >= times).await;
    }

    /// Until every guest has heard everything up to here. That each seq was heard once, every guest watches over.
    pub async fn has_heard(&mut self, seq: Seq) {
        self.all(|guest| guest.cursor.load(Ordering::Acquire) >= seq).await;
    }

    /// How many were told that the server restarts.
    pub fn byes(&self) -> usize {
        self.guests.iter().filter(|guest| guest.byes.load(Ordering::Acquire) > 0).count()
    }

    async fn all(&mut self, holds: impl Fn(&Guest) -> bool) {
        for guest in &self.guests {
            while !holds(guest) {
                tokio::select! {
                    () = self.news.notified() => {}
                    ended = self.tasks.join_next() => panic!("a guest went: {ended:?}"),
                }
            }
        }
    }
}

/// One guest's own side.
struct Visit {
    server: SocketAddr,
    index: usize,
    guest: Arc<Guest>,
    news: Arc<Notify>,
    /// The room's log and how far it is known.
    known: Option<(String, Seq)>,
}

impl Visit {
    /// For ever.
    async fn lasts(mut self, openings: Arc<Semaphore>) {
        loop {
            let opening = openings.acquire().await;
            let pause = match self.opens().await {
                Ok(socket) => {
                    drop(opening);
                    self.stays(socket).await
                }
                Err(_) => {
                    drop(opening);
                    AWAY_MS / 2 + self.index as u64 % AWAY_MS
                }
            };
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    async fn opens(&self) -> Result<WebSocketStream<TcpStream>, tungstenite::Error> {
        let socket = TcpSocket::new_v4()?;
        let last = u8::try_from(2 + self.index / OF_ONE_ADDRESS).expect("a crowd has fewer addresses than a network");
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)))?;
        let stream = socket.connect(self.server).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER).write_buffer_size(0);
        let (socket, _) = client_async_with_config(format!("ws://{}/ws", self.server), stream, Some(config)).await?;
        Ok(socket)
    }

    /// Joins and listens until the connection ends; answers how many milliseconds to wait before coming back.
    async fn stays(&mut self, mut socket: WebSocketStream<TcpStream>) -> u64 {
        let (epoch, after) = self.known.clone().unzip();
        let join = Command::Join { room: "lobby".into(), after, epoch };
        let mut pause = AWAY_MS;
        if socket.send(Message::text(join.encode())).await.is_err() {
            return pause;
        }
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(text) = message else { continue };
            // Who comes and goes is most of what a crowd hears, and nothing to it.
            if text.starts_with(r#"{"type":"presence""#) {
                continue;
            }
            match Frame::decode(&text).expect("the server sends frames") {
                Frame::Joined(joined) => {
                    match &self.known {
                        None => {
                            assert!(joined.messages.is_some(), "without a cursor there is a snapshot");
                            self.known = Some((joined.epoch, joined.head));
                        }
                        Some((epoch, cursor)) => {
                            assert_eq!((&joined.epoch, joined.after), (epoch, Some(*cursor)), "it goes on from here");
                        }
                    }
                    self.guest.joined.fetch_add(1, Ordering::AcqRel);
                    self.tells();
                }
                Frame::Events { events, .. } => self.hears(&events),
                Frame::Bye { code, retry_ms, .. } => {
                    assert_eq!(code, stonechat_shared::frame::close::RESTART);
                    self.guest.byes.fetch_add(1, Ordering::AcqRel);
                    pause = retry_ms.expect("a restart says when to come back");
                }
                Frame::Ping { .. } => drop(socket.send(Message::text(Command::Pong.encode())).await),
                Frame::Error(refusal) => panic!("a guest was refused: {refusal:?}"),
                Frame::Welcome(_)
                | Frame::Ok { .. }
                | Frame::Presence(_)
                | Frame::Typing { .. }
                | Frame::Read { .. }
                | Frame::Room(_)
                | Frame::Gone { .. }
                | Frame::Heads { .. }
                | Frame::Settings
                | Frame::Pong { .. }
                | Frame::Unknown => {}
            }
        }
        pause
    }

    fn hears(&mut self, events: &[Event]) {
        let (_, cursor) = self.known.as_mut().expect("events come after the answer to the join");
        for event in events {
            assert_eq!(event.seq, *cursor + 1, "guest {} misses something or hears it twice", self.index);
            *cursor = event.seq;
        }
        self.tells();
    }

    fn tells(&self) {
        let cursor = self.known.as_ref().map_or(0, |(_, cursor)| *cursor);
        self.guest.cursor.store(cursor, Ordering::Release);
        self.news.notify_one();
    }
}
