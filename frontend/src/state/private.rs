//! Rooms that are not open: making them, finding people for them, coming in and leaving.

use leptos::prelude::*;
use stonechat_shared::frame::{Role, RoomHead, RoomKind, User};
use stonechat_shared::page::{Invitation, Invite, Member, NewInvite};
use stonechat_shared::{Command, Kind, Message, RoomName, UserId, markup};

use super::Chat;
use crate::net::Order;
use crate::net::http::{self, Trouble};

/// Direct rooms of which a copy is kept from the start: those that a screen shows.
const NEAR: usize = 8;
/// Messages among which those are that a person may have to be told of.
const NEWEST: usize = 20;

impl Chat {
    /// Goes to the room of these people and oneself.
    ///
    /// # Errors
    /// A sentence for the person; so it is with all of these.
    pub(crate) async fn talk_with(self, users: Vec<UserId>) -> Result<(), String> {
        let room = http::direct(self.tag(), users).await;
        self.enter(room).await
    }

    /// Goes to a room that was made or opened just now.
    pub(super) async fn enter(self, room: Result<RoomHead, Trouble>) -> Result<(), String> {
        let room = room.map_err(|trouble| self.sentence(trouble))?;
        self.list().await;
        self.go(&room.room);
        Ok(())
    }

    /// Where an invitation leads.
    pub(crate) async fn invitation(self, invite: &str) -> Result<Invitation, String> {
        http::invitation(self.tag(), invite).await.map_err(|trouble| self.sentence(trouble))
    }

    pub(crate) async fn come_in(self, invite: &str) -> Result<(), String> {
        let room = http::come_in(self.tag(), invite).await;
        self.enter(room).await
    }

    pub(crate) async fn invites(self, room: &RoomName) -> Result<Vec<Invite>, String> {
        let invites = http::invites(self.tag(), room).await.map_err(|trouble| self.sentence(trouble))?;
        Ok(invites.invites)
    }

    pub(crate) async fn make_invite(self, room: &RoomName, new: NewInvite) -> Result<Invite, String> {
        http::make_invite(self.tag(), room, &new).await.map_err(|trouble| self.sentence(trouble))
    }

    pub(crate) async fn revoke(self, room: &RoomName, invite: &str) -> Result<(), String> {
        http::revoke(self.tag(), room, invite).await.map_err(|trouble| self.sentence(trouble))
    }

    /// Leaves a private room for good.
    pub(crate) async fn leave_room(self, room: &RoomName) -> Result<(), String> {
        http::leave(self.tag(), room).await.map_err(|trouble| self.sentence(trouble))?;
        self.go(&RoomName::LOBBY.into());
        self.list().await;
        Ok(())
    }

    /// Keeps a copy of the first few direct rooms: they open at once, and the list knows who of them is here.
    pub(crate) fn open_direct_rooms(self) {
        let direct = |head: &&RoomHead| head.kind == RoomKind::Direct;
        let rooms: Vec<RoomName> = self
            .with(|replica| replica.heads().iter().filter(direct).take(NEAR).map(|head| head.room.clone()).collect());
        for room in rooms {
            self.change(|replica| replica.open(&room));
        }
    }

    /// The newest messages of a room, from its copy where there is one.
    pub(crate) async fn newest_messages(self, head: &RoomHead) -> Vec<Message> {
        let here = self.with(|replica| {
            let room = replica.room(&head.room).filter(|room| room.is_ready() && room.cursor() >= head.head)?;
            let first = room.len().saturating_sub(NEWEST);
            Some(room.messages().skip(first).cloned().collect())
        });
        match here {
            Some(messages) => messages,
            None => http::newest(self.tag(), &head.room).await.map(|page| page.messages).unwrap_or_default(),
        }
    }

    /// A command that may be lost.
    pub(crate) fn order_send(self, command: Command) {
        self.order(Order::Send(command));
    }

    /// Another title or topic for a room.
    pub(crate) fn set_room(self, room: &RoomName, title: Option<String>, topic: Option<String>) {
        self.do_to_messages(room.clone(), Kind::Room { title, topic });
    }

    /// Somebody, by their id or else by how they were named in a text; as far as anything is known of them.
    pub(crate) async fn look_up(self, id: Option<UserId>, name: &str) -> Option<Member> {
        let is_it = |of: &UserId, called: &str| match &id {
            Some(id) => of == id,
            None => markup::is_mention_of(name, called),
        };
        let here = self.with(|replica| replica.person(|user| is_it(&user.id, &user.name)).cloned());
        // Who wrote long ago may have another name by now.
        let name = match &id {
            Some(id) => http::user(self.tag(), id).await.map_or_else(|_| name.to_owned(), |user| user.name),
            None => name.to_owned(),
        };
        let room = self.room.get_untracked();
        for room in [room, RoomName::LOBBY.into()] {
            let (members, _) = self.members_named(&room, &name).await.unwrap_or_default();
            let mut found = members.into_iter().filter(|member| is_it(&member.id, &member.name));
            if let Some(member) = found.next() {
                let away = here.as_ref().map_or(member.away, |here| here.away);
                return Some(Member { online: member.online || here.is_some(), away, ..member });
            }
        }
        here.map(known)
    }
}

/// What a list would say of somebody who is here.
pub(crate) fn known(User { id, name, role, away }: User) -> Member {
    Member { id, name, role, online: true, away, last_post: None, seen: None }
}

/// Whether one can write to somebody of this role: guests have no place where a message would find them.
pub(crate) fn can_be_written_to(role: Role) -> bool {
    role != Role::Guest
}
