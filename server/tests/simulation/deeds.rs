//! What people do while nothing goes wrong, and while everything does.

use stonechat_shared::replica::Status;
use stonechat_shared::{CommandId, Kind, RoomName};

use super::host::ROOMS;
use super::ledger::Written;
use super::network::Network;
use super::person::{Person, is_refused};
use super::scene::Scene;

/// Pages that one person has open at most.
const PAGES: usize = 2;
/// What is refused for what it is: nothing stands at this place.
const NOWHERE: u64 = 1_000_000;

impl Person {
    /// Does one thing.
    pub(crate) fn live(&mut self, network: &mut Network, scene: &mut Scene) {
        let chance = scene.dice.below(100);
        if self.pages.is_empty() || (chance < 2 && self.pages.len() < PAGES) {
            return self.open_page(network, scene);
        }
        let index = scene.dice.up_to(self.pages.len() - 1);
        if self.pages[index].asleep {
            return self.wake_up(index, network, scene);
        }
        let room = RoomName::from(*scene.dice.pick(&ROOMS).expect("there are some"));
        match chance {
            0..=2 => self.put_to_sleep(index, network, scene),
            3..=4 => drop(self.adopt(index, network, scene)),
            5..=12 => self.pages[index].ask(&room, scene),
            13..=14 => self.pages[index].look_back(&room, scene),
            15..=19 => self.read(index, &room, network, scene),
            20..=24 => self.come_and_go(index, &room, network, scene),
            // Guests only watch here: what they write waits for somebody who does not come back.
            _ if self.is_guest() => {}
            25..=27 => self.reconsider(index, network, scene),
            28..=54 => self.hand.decide(scene),
            _ => self.write(index, room, network, scene),
        }
    }

    fn write(&mut self, index: usize, room: RoomName, network: &mut Network, scene: &mut Scene) {
        self.written += 1;
        let id = CommandId::from(format!("p{}", self.written));
        let name = (self.user.id.clone(), id.clone());
        let outbox = self.outbox(index);
        scene.ledger.written.push(Written { name: name.clone(), room: room.clone(), outbox });
        let page = &mut self.pages[index];
        let ((text, files), reply) = match scene.dice.below(30) {
            0 => (("  ".to_owned(), Vec::new()), None),
            1 => (scene.wording(name), Some(NOWHERE)),
            2..=8 => {
                let newest = page.replica.room(&room).and_then(|room| room.at(room.len().checked_sub(1)?));
                (scene.wording(name), newest.map(|message| message.seq))
            }
            _ => (scene.wording(name), None),
        };
        let out = page.replica.change(&room, id, Kind::Post { text, reply, files }, scene.now());
        self.act(index, out, network, scene);
    }

    /// Gives a message up that waits or was refused, or tries it once more.
    fn reconsider(&mut self, index: usize, network: &mut Network, scene: &mut Scene) {
        let page = &mut self.pages[index];
        let waits = |status: &Status| matches!(status, Status::Queued | Status::Refused { .. });
        let waiting = page.replica.outbox().all().iter().filter(|pending| waits(&pending.status));
        let waiting: Vec<(CommandId, bool)> = waiting.map(|it| (it.id.clone(), is_refused(it))).collect();
        let Some((id, refused)) = scene.dice.pick(&waiting).cloned() else { return };
        let out = if refused && scene.dice.chance(500) {
            page.replica.retry(&id, scene.now())
        } else {
            scene.ledger.given_up.insert((self.user.id.clone(), id.clone()));
            page.replica.discard(&id, scene.now())
        };
        self.act(index, out, network, scene);
    }

    fn read(&mut self, index: usize, room: &RoomName, network: &mut Network, scene: &mut Scene) {
        let replica = &mut self.pages[index].replica;
        if let Some(cursor) = replica.room(room).map(|room| room.cursor()) {
            let out = replica.read(room, cursor);
            self.act(index, out, network, scene);
        }
    }

    fn come_and_go(&mut self, index: usize, room: &RoomName, network: &mut Network, scene: &mut Scene) {
        let replica = &mut self.pages[index].replica;
        let out = if replica.room(room).is_some() { replica.close(room) } else { replica.open(room) };
        self.act(index, out, network, scene);
    }
}
