//! What keeps somebody connected: comes back when the connection is gone, and gives one up that has fallen silent.

use stonechat_shared::Command;
use stonechat_shared::frame::{Frame, User};
use stonechat_shared::ids::Millis;

use super::host::{Host, PING_MS};
use super::network::Network;
use super::scene::Scene;

#[derive(Debug, Default)]
pub(crate) struct Client {
    line: Option<u32>,
    /// Not back before this.
    retry_at: Millis,
    heard_at: Millis,
}

#[derive(Debug)]
pub(crate) enum Heard {
    Frame(Frame),
    /// The connection is gone.
    Gone,
}

impl Client {
    pub(crate) fn line(&self) -> Option<u32> {
        self.line
    }

    /// Whether a new connection is due; `connect` opens it.
    pub(crate) async fn connect(&mut self, user: User, host: &Host, network: &mut Network, scene: &mut Scene) {
        if self.line.is_some() || scene.now() < self.retry_at {
            return;
        }
        match host.app() {
            Some(app) => {
                self.line = Some(network.open(app, user).await);
                self.heard_at = scene.now();
            }
            None => self.wait(scene),
        }
    }

    /// The next of what arrived.
    pub(crate) fn hear(&mut self, network: &mut Network, scene: &mut Scene) -> Option<Heard> {
        let arrived = network.line(self.line?).and_then(|line| line.arrived(scene));
        match arrived {
            Some(Some(frame)) => {
                self.heard_at = scene.now();
                Some(Heard::Frame(frame))
            }
            Some(None) => {
                self.cut(network, scene);
                Some(Heard::Gone)
            }
            None if scene.now() > self.heard_at + 2 * PING_MS => {
                self.cut(network, scene);
                Some(Heard::Gone)
            }
            None => None,
        }
    }

    /// Hands a command to the connection. Without one it goes nowhere.
    pub(crate) fn send(&self, command: &Command, network: &mut Network, scene: &mut Scene) {
        if let Some(line) = self.line.and_then(|line| network.line(line)) {
            line.send(command, scene);
        }
    }

    /// The connection is gone, as this end sees it.
    pub(crate) fn cut(&mut self, network: &mut Network, scene: &mut Scene) {
        if let Some(line) = self.line.take().and_then(|line| network.line(line)) {
            line.let_go(scene);
        }
        self.wait(scene);
    }

    pub(crate) fn come_back_now(&mut self) {
        self.retry_at = 0;
    }

    fn wait(&mut self, scene: &mut Scene) {
        let longest = *scene.dice.pick(&[500, 3_000, 30_000]).expect("there are some");
        self.retry_at = scene.now() + scene.dice.below(longest);
    }
}
