//! Who is in a room, and who is typing there. Pure: time is handed in.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use stonechat_shared::frame::{Presence, User};
use stonechat_shared::limits::PRESENCE;
use stonechat_shared::{Author, RoomName, UserId};
use tokio::time::Instant;

/// How long after their last key press somebody still counts as typing: a pause for thought, not for coffee.
const TYPING: Duration = Duration::from_secs(5);
/// How many names of people who type are worth telling: beyond three a page says "several people".
const TYPISTS: usize = 5;

/// The people in one room, and what changed since it was last reported.
#[derive(Debug, Default)]
pub struct Crowd {
    people: HashMap<UserId, Present>,
    changed: BTreeMap<UserId, Option<User>>,
    /// At the last report there were too many for a list.
    was_large: bool,
}

/// Somebody who is here.
#[derive(Debug)]
struct Present {
    user: User,
    connections: usize,
    /// How many of those have not seen them for a while.
    away: usize,
}

impl Crowd {
    pub fn arrive(&mut self, user: &User) {
        let new = || Present { user: user.clone(), connections: 0, away: 0 };
        let known = self.people.entry(user.id.clone()).or_insert_with(new);
        known.connections += 1;
        // A connection that begins is one at which somebody sits.
        let now = User { away: false, ..user.clone() };
        if known.connections == 1 || known.user != now {
            known.user.clone_from(&now);
            self.changed.insert(now.id.clone(), Some(now));
        }
    }

    /// One of their connections is gone; `away` where it was one that had not seen them for a while.
    pub fn depart(&mut self, id: &UserId, away: bool) {
        let Some(known) = self.people.get_mut(id) else { return };
        known.connections -= 1;
        known.away -= usize::from(away);
        if known.connections == 0 {
            self.people.remove(id);
            self.changed.insert(id.clone(), None);
        } else {
            self.look(id);
        }
    }

    /// One of their connections has not seen them for a while, or has again.
    pub fn away(&mut self, id: &UserId, on: bool) {
        let Some(known) = self.people.get_mut(id) else { return };
        known.away = if on { known.away + 1 } else { known.away - 1 };
        self.look(id);
    }

    /// Whether they are away: they are where all of their connections are.
    fn look(&mut self, id: &UserId) {
        let is_large = self.online() > PRESENCE;
        let Some(known) = self.people.get_mut(id) else { return };
        let away = known.away == known.connections;
        if std::mem::replace(&mut known.user.away, away) != away && !is_large {
            // In a large room nobody has a list that would show it.
            self.changed.insert(id.clone(), Some(known.user.clone()));
        }
    }

    pub fn online(&self) -> usize {
        self.people.len()
    }

    pub fn has(&self, id: &UserId) -> bool {
        self.people.contains_key(id)
    }

    pub fn people(&self) -> impl Iterator<Item = &User> {
        self.people.values().map(|present| &present.user)
    }

    /// What changed since the last call, where anything did.
    pub fn report(&mut self, room: &RoomName) -> Option<Presence> {
        if self.changed.is_empty() {
            return None;
        }
        let changed = std::mem::take(&mut self.changed);
        let is_large = self.online() > PRESENCE;
        if std::mem::replace(&mut self.was_large, is_large) {
            // Nobody has a list to which a change could be applied.
            return Some(self.full(room));
        }
        let mut report =
            Presence { room: room.clone(), online: self.online(), joined: vec![], left: vec![], full: false };
        if self.online() <= PRESENCE {
            for (id, user) in changed {
                match user {
                    Some(user) => report.joined.push(user),
                    None => report.left.push(id),
                }
            }
        }
        Some(report)
    }

    /// Everybody, for somebody who has no earlier report.
    pub fn full(&self, room: &RoomName) -> Presence {
        let mut joined = Vec::new();
        if self.online() <= PRESENCE {
            joined.extend(self.people().cloned());
            joined.sort_by(|a, b| a.id.cmp(&b.id));
        }
        Presence { room: room.clone(), online: self.online(), joined, left: vec![], full: true }
    }
}

/// Who is typing in one room.
#[derive(Debug, Default)]
pub struct Typists {
    until: Vec<(Author, Instant)>,
}

impl Typists {
    /// Answers whether the list of names changed.
    pub fn typing(&mut self, author: Author, now: Instant) -> bool {
        let known = self.until.iter_mut().find(|(other, _)| other.id == author.id);
        match known {
            Some((_, until)) => {
                *until = now + TYPING;
                false
            }
            None => {
                self.until.push((author, now + TYPING));
                true
            }
        }
    }

    /// They sent it, or left. Answers whether the list of names changed.
    pub fn stop(&mut self, id: &UserId) -> bool {
        let before = self.until.len();
        self.until.retain(|(author, _)| author.id != *id);
        self.until.len() != before
    }

    /// Lets go of those who stopped. Answers whether the list of names changed.
    pub fn expire(&mut self, now: Instant) -> bool {
        let before = self.until.len();
        self.until.retain(|(_, until)| now < *until);
        self.until.len() != before
    }

    pub fn is_empty(&self) -> bool {
        self.until.is_empty()
    }

    pub fn names(&self) -> Vec<Author> {
        self.until.iter().take(TYPISTS).map(|(author, _)| author.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use stonechat_shared::frame::Role;

    use super::*;

    fn user(id: &str) -> User {
        User { id: id.into(), name: id.to_uppercase(), role: Role::Member, away: false }
    }

    #[test]
    fn somebody_with_two_windows_is_here_once_and_until_the_last_is_closed() {
        let room = RoomName::from("lobby");
        let mut crowd = Crowd::default();
        crowd.arrive(&user("ann"));
        crowd.arrive(&user("ann"));
        let report = crowd.report(&room).unwrap();
        assert_eq!((report.online, report.joined.len()), (1, 1));
        crowd.depart(&"ann".into(), false);
        assert_eq!(crowd.report(&room), None);
        crowd.depart(&"ann".into(), false);
        let report = crowd.report(&room).unwrap();
        assert_eq!((report.online, report.left), (0, vec!["ann".into()]));
    }

    #[test]
    fn somebody_is_away_when_all_of_their_connections_are() {
        let (room, ann) = (RoomName::from("lobby"), UserId::from("ann"));
        let mut crowd = Crowd::default();
        let away = |crowd: &mut Crowd| crowd.report(&room).map(|report| report.joined[0].away);
        crowd.arrive(&user("ann"));
        crowd.arrive(&user("ann"));
        assert_eq!(away(&mut crowd), Some(false));
        crowd.away(&ann, true);
        assert_eq!(away(&mut crowd), None, "the other one sees her");
        crowd.depart(&ann, false);
        assert_eq!(away(&mut crowd), Some(true), "and is gone");
        crowd.arrive(&user("ann"));
        assert_eq!(away(&mut crowd), Some(false));
        crowd.depart(&ann, true);
        assert_eq!(away(&mut crowd), None);
        crowd.away(&ann, true);
        assert_eq!(away(&mut crowd), Some(true));
        crowd.away(&ann, false);
        assert_eq!(away(&mut crowd), Some(false));
    }

    #[test]
    fn who_is_away_in_a_large_room_is_nobodys_news() {
        let mut crowd = Crowd::default();
        for i in 0..=PRESENCE {
            crowd.arrive(&user(&format!("u{i}")));
        }
        assert!(crowd.report(&"lobby".into()).is_some());
        crowd.away(&"u0".into(), true);
        assert_eq!(crowd.report(&"lobby".into()), None);
    }

    #[test]
    fn a_large_room_is_told_as_a_number() {
        let mut crowd = Crowd::default();
        for i in 0..=PRESENCE {
            crowd.arrive(&user(&format!("u{i}")));
        }
        let full = crowd.full(&"lobby".into());
        assert_eq!((full.online, full.joined.len()), (PRESENCE + 1, 0));
    }

    #[test]
    fn a_room_that_is_small_again_is_told_in_full() {
        let room = RoomName::from("lobby");
        let mut crowd = Crowd::default();
        for i in 0..=PRESENCE {
            crowd.arrive(&user(&format!("u{i}")));
        }
        assert!(crowd.report(&room).is_some_and(|report| report.joined.is_empty()));
        crowd.depart(&"u0".into(), false);
        let report = crowd.report(&room).unwrap();
        assert_eq!((report.full, report.online, report.joined.len()), (true, PRESENCE, PRESENCE));
    }

    #[test]
    fn typing_ends_by_sending_or_by_time() {
        let now = Instant::now();
        let mut typists = Typists::default();
        assert!(typists.typing(user("ann").author(), now));
        assert!(!typists.typing(user("ann").author(), now + TYPING / 2), "still typing is no news");
        assert!(!typists.expire(now + TYPING));
        assert!(typists.expire(now + TYPING * 2));
        assert!(typists.typing(user("ann").author(), now));
        assert!(typists.stop(&"ann".into()));
        assert!(typists.names().is_empty());
    }
}
