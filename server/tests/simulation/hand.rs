//! A program that edits, removes, reacts, pins and purges as somebody, and asks again until it is answered.

use stonechat_shared::frame::{Frame, User};
use stonechat_shared::ids::Millis;
use stonechat_shared::{Command, CommandId, Event, Kind, RoomName, Seq};

use super::client::{Client, Heard};
use super::host::{Host, ROOMS};
use super::network::Network;
use super::scene::Scene;

#[derive(Debug)]
pub(crate) struct Hand {
    user: User,
    client: Client,
    welcomed: bool,
    /// What is not answered yet.
    waiting: Vec<Errand>,
    given: u32,
}

#[derive(Debug)]
struct Errand {
    id: CommandId,
    command: Command,
    /// The connection that it was handed to last.
    sent_over: Option<u32>,
    /// The server asked to wait.
    wait_until: Millis,
}

impl Hand {
    pub(crate) fn of(user: User) -> Self {
        Self { user, client: Client::default(), welcomed: false, waiting: Vec::new(), given: 0 }
    }

    pub(crate) fn restless(&self) -> Option<String> {
        let offline = self.client.line().is_none().then(|| "the hand is not connected".to_owned());
        offline.or_else(|| self.waiting.first().map(|errand| format!("{errand:?}")))
    }

    /// Decides on something to do about what stands in the log.
    pub(crate) fn decide(&mut self, scene: &mut Scene) {
        let room = RoomName::from(*scene.dice.pick(&ROOMS).expect("there are some"));
        let log = scene.ledger.logs.get(&room).map_or(&[][..], Vec::as_slice);
        // Mostly one of the newest, for that is where several people meet.
        let from = if scene.dice.chance(800) { log.len().saturating_sub(30) } else { 0 };
        let is_post = |event: &&Event| matches!(event.kind, Kind::Post { .. });
        let posts: Vec<(Seq, bool)> =
            log[from..].iter().filter(is_post).map(|event| (event.seq, event.user.id == self.user.id)).collect();
        let mine: Vec<(Seq, bool)> = posts.iter().copied().filter(|(_, mine)| *mine).collect();
        let what = scene.dice.below(20);
        // One's own for what others may not do, mostly.
        let from = if what < 9 && scene.dice.chance(850) { &mine } else { &posts };
        let Some((target, _)) = scene.dice.pick(from).copied() else { return };
        self.given += 1;
        let id = CommandId::from(format!("h{}", self.given));
        let on = scene.dice.chance(600);
        let command = match what {
            0..=5 => {
                let text = scene.ledger.text((self.user.id.clone(), id.clone()));
                Command::Edit { id: id.clone(), room, target, text }
            }
            6..=8 => Command::Remove { id: id.clone(), room, target },
            9..=15 => {
                let emoji = (*scene.dice.pick(&["👍", "❤️", "🎉"]).expect("there are some")).to_owned();
                Command::React { id: id.clone(), room, target, emoji, on }
            }
            16 if scene.dice.chance(200) => {
                Command::Purge { id: id.clone(), room, user: self.user.id.clone(), upto: on.then_some(target) }
            }
            _ => Command::Pin { id: id.clone(), room, target, on },
        };
        self.waiting.push(Errand { id, command, sent_over: None, wait_until: 0 });
    }

    /// Decides on a message.
    pub(crate) fn write(&mut self, room: RoomName, scene: &mut Scene) {
        self.given += 1;
        let id = CommandId::from(format!("h{}", self.given));
        let (text, files) = scene.wording((self.user.id.clone(), id.clone()));
        let files = files.into_iter().map(|file| file.id).collect();
        let command = Command::Post { id: id.clone(), room, text, reply: None, files };
        self.waiting.push(Errand { id, command, sent_over: None, wait_until: 0 });
    }

    /// Takes in what arrived, and sends what is not answered over the connection that there is now.
    pub(crate) async fn work(&mut self, host: &Host, network: &mut Network, scene: &mut Scene) {
        self.client.connect(self.user.clone(), host, network, scene).await;
        while let Some(heard) = self.client.hear(network, scene) {
            match heard {
                Heard::Frame(frame) => self.take_in(frame, network, scene),
                Heard::Gone => self.welcomed = false,
            }
        }
        let (now, line) = (scene.now(), self.client.line().filter(|_| self.welcomed));
        for errand in &mut self.waiting {
            if line.is_some() && errand.sent_over != line && errand.wait_until <= now {
                errand.sent_over = line;
                self.client.send(&errand.command, network, scene);
            }
        }
    }

    pub(crate) fn cut(&mut self, network: &mut Network, scene: &mut Scene) {
        self.client.cut(network, scene);
        self.welcomed = false;
    }

    pub(crate) fn come_back_now(&mut self) {
        self.client.come_back_now();
    }

    fn take_in(&mut self, frame: Frame, network: &mut Network, scene: &mut Scene) {
        match frame {
            Frame::Welcome(_) => self.welcomed = true,
            Frame::Ok { id, .. } => self.waiting.retain(|errand| errand.id != id),
            Frame::Error(refusal) => {
                let errand = self.waiting.iter_mut().find(|errand| Some(&errand.id) == refusal.id.as_ref());
                let Some(errand) = errand else { return };
                match refusal.retry_ms.filter(|_| refusal.code.passes()) {
                    Some(wait) => (errand.sent_over, errand.wait_until) = (None, scene.now() + wait),
                    None => self.waiting.retain(|errand| Some(&errand.id) != refusal.id.as_ref()),
                }
            }
            Frame::Ping { .. } => self.client.send(&Command::Pong, network, scene),
            Frame::Joined(_)
            | Frame::Events { .. }
            | Frame::Presence(_)
            | Frame::Typing { .. }
            | Frame::Read { .. }
            | Frame::Room(_)
            | Frame::Gone { .. }
            | Frame::Heads { .. }
            | Frame::Settings
            | Frame::Pong { .. }
            | Frame::Bye { .. }
            | Frame::Unknown => {}
        }
    }
}
