//! How much goes over the line, and how long the way there and back is.

use stonechat_shared::CommandId;
use stonechat_shared::ids::Millis;

use crate::locales::{Later, Phrases};
use crate::platform::dom::{El, el, svg};
use crate::state::Line;
use crate::state::tap::Direction;

/// How far back "a second" is averaged over.
const SPAN_MS: Millis = 5_000;
/// Round trips in the chart.
const TRIPS: usize = 40;
/// The chart's size, in pixels.
const CHART: (f64, f64) = (120.0, 24.0);

#[derive(Debug, Default)]
pub(super) struct Figures {
    /// When, which way and how many bytes, within the span.
    recent: Vec<(Millis, Direction, usize)>,
    ping: Option<(String, Millis)>,
    trips: Vec<Millis>,
    reconnects: usize,
    was_connected: bool,
    is_connected: bool,
}

/// The figures at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shown {
    sent: (usize, usize),
    heard: (usize, usize),
    trips: Vec<Millis>,
    reconnects: usize,
}

impl Figures {
    /// `answers` is the question's id, in a frame that answers one.
    pub(super) fn count(&mut self, direction: Direction, size: usize, answers: Option<&str>, now: Millis) {
        self.recent.retain(|(at, ..)| at + SPAN_MS > now);
        self.recent.push((now, direction, size));
        if let Some((_, at)) = self.ping.as_ref().filter(|(id, _)| answers == Some(id)) {
            self.trips.push(now.saturating_sub(*at));
            if self.trips.len() > TRIPS {
                self.trips.remove(0);
            }
            self.ping = None;
        }
    }

    /// A question of which the answer tells how long the way is.
    pub(super) fn ping(&mut self, beat: u64, now: Millis) -> CommandId {
        let id = format!("inspector-{beat}");
        self.ping = Some((id.clone(), now));
        CommandId::from(id)
    }

    pub(super) fn line(&mut self, line: &Line) {
        let is_connected = line.is_connected();
        self.reconnects += usize::from(is_connected && !self.is_connected && self.was_connected);
        self.was_connected |= is_connected;
        self.is_connected = is_connected;
    }

    pub(super) fn shown(&self, now: Millis) -> Shown {
        let sum = |way: Direction| {
            let of = self.recent.iter().filter(|(at, direction, _)| at + SPAN_MS > now && *direction == way);
            of.fold((0, 0), |(frames, bytes), (_, _, size)| (frames + 1, bytes + size))
        };
        Shown {
            sent: sum(Direction::Sent),
            heard: sum(Direction::Heard),
            trips: self.trips.clone(),
            reconnects: self.reconnects,
        }
    }
}

impl Shown {
    pub(super) fn draw(&self, words: &'static Later, phrases: &'static Phrases) -> El {
        let rate = |direction: Direction, (frames, bytes): (usize, usize)| {
            let seconds = (SPAN_MS / 1_000) as usize;
            let per_second = |n: usize| phrases.count(n.div_ceil(seconds)).text;
            el("span").class("figure").text(&format!(
                "{} {}",
                direction.arrow(),
                (words.rate)(&per_second(frames), &per_second(bytes))
            ))
        };
        let trip = self.trips.last().map(|trip| (words.round_trip)(&phrases.count(*trip as usize).text));
        let reconnects = (words.reconnects)(&phrases.count(self.reconnects));
        el("div")
            .class("rates")
            .child(rate(Direction::Sent, self.sent))
            .child(rate(Direction::Heard, self.heard))
            .child_some(trip.map(|trip| el("span").class("figure").child(self.chart()).text(&trip)))
            .child(el("span").class("figure").text(&reconnects))
    }

    /// The round trips as a line; what they say stands beside it.
    fn chart(&self) -> El {
        let longest = self.trips.iter().copied().max().unwrap_or(1).max(1) as f64;
        let (width, height) = CHART;
        let step = width / (TRIPS - 1) as f64;
        let point = |(i, trip): (usize, &Millis)| {
            format!("{:.1},{:.1}", i as f64 * step, height - 2.0 - (*trip as f64 / longest) * (height - 4.0))
        };
        let points = self.trips.iter().enumerate().map(point).collect::<Vec<_>>().join(" ");
        svg("svg")
            .class("chart")
            .set("viewBox", &format!("0 0 {width} {height}"))
            .set("aria-hidden", "true")
            .child(svg("polyline").set("points", &points))
    }
}
