//! Everything between the people and the server: their connections, and commands that come a second time.

use std::collections::BTreeMap;
use std::sync::Arc;

use stonechat_server::app::App;
use stonechat_server::session::Manner;
use stonechat_shared::Command;
use stonechat_shared::frame::User;
use stonechat_shared::ids::Millis;

use super::host::Host;
use super::line::Line;
use super::scene::Scene;

#[derive(Debug, Default)]
pub(crate) struct Network {
    lines: BTreeMap<u32, Line>,
    opened: u32,
    repeats: Vec<Repeat>,
}

/// A command that arrives once more, as where a proxy asks again: by plain HTTP, and at any later time.
#[derive(Debug)]
struct Repeat {
    at: Millis,
    user: User,
    command: Command,
}

impl Network {
    /// Opens a connection; answers its number.
    pub(crate) async fn open(&mut self, app: &Arc<App>, user: User) -> u32 {
        self.opened += 1;
        self.lines.insert(self.opened, Line::open(app, user, Manner::Whole).await);
        self.opened
    }

    pub(crate) fn line(&mut self, number: u32) -> Option<&mut Line> {
        self.lines.get_mut(&number)
    }

    /// One of the connections that somebody holds.
    pub(crate) fn any(&mut self, scene: &mut Scene) -> Option<&mut Line> {
        let held: Vec<u32> = self.lines.iter().filter(|(_, line)| line.held).map(|(number, _)| *number).collect();
        self.lines.get_mut(scene.dice.pick(&held)?)
    }

    /// Each server's end does what there is to do, in an order that is never the same.
    pub(crate) async fn serve(&mut self, host: &Host, scene: &mut Scene) {
        self.repeat(host, scene).await;
        let mut numbers: Vec<u32> = self.lines.keys().copied().collect();
        if !numbers.is_empty() {
            let middle = scene.dice.up_to(numbers.len());
            numbers.rotate_left(middle);
        }
        for number in numbers {
            let Some(line) = self.lines.get_mut(&number) else { continue };
            for command in line.serve(scene).await {
                let at = scene.now() + scene.dice.below(20_000);
                self.repeats.push(Repeat { at, user: line.user().clone(), command });
            }
        }
        self.lines.retain(|_, line| !line.is_gone());
    }

    async fn repeat(&mut self, host: &Host, scene: &mut Scene) {
        let Some(app) = host.app() else { return };
        let now = scene.now();
        for repeat in self.repeats.extract_if(.., |repeat| repeat.at <= now) {
            let mut line = Line::open(app, repeat.user, Manner::News).await;
            line.send(&repeat.command, scene);
            self.opened += 1;
            self.lines.insert(self.opened, line);
        }
    }

    /// The server is gone, and with it its end of everything.
    pub(crate) fn reset(&mut self, scene: &mut Scene) {
        self.lines.values_mut().for_each(|line| line.reset(scene));
        self.lines.retain(|_, line| !line.is_gone());
    }

    /// What nobody would have noticed for long is noticed now.
    pub(crate) fn heal(&mut self, scene: &Scene) {
        self.lines.values_mut().for_each(|line| line.heal(scene));
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.repeats.is_empty() && self.lines.values().all(Line::is_quiet)
    }
}
