//! Who is in a room.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use stonechat_shared::frame::{RoomKind, User};
use stonechat_shared::page::{Member, Members};
use stonechat_shared::{RoomName, UserId, limits, markup};

use super::Answered;
use crate::app::{App, refuse};
use crate::caller::Asker;
use crate::refusal::Refusal;
use crate::room::Room;
use crate::store::{private, rooms};

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    after: Option<UserId>,
    limit: Option<usize>,
    named: Option<String>,
}

/// Who is here, and who has ever written here under a name of their own; where not everybody may come, who may. Those
/// after somebody, where that is asked for: people come and go meanwhile, and a list begins anew where they are not in it.
/// With `named` only those are in the list whose name begins so, as it would in a mention.
pub(crate) async fn members(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(room): Path<RoomName>,
    params: Result<Query<Params>, QueryRejection>,
) -> Answered<Json<Members>> {
    let room = asker.answer(app.room_for(&asker.reader(&app)?, &room))?;
    let Query(params) = asker.answer(params.map_err(|error| Refusal::BadFrame(error.body_text())))?;
    let name = room.name.clone();
    let all = match room.kind {
        RoomKind::Open => rooms::writers,
        RoomKind::Private | RoomKind::Direct => private::members,
    };
    let known = app.store.read(move |db| all(db, &name)).await;
    let mut members = with_present(&room, asker.answer(known.map_err(refuse))?);
    if let Some(named) = params.named {
        let key = markup::mention_key(&named);
        members.retain(|member| markup::mention_key(&member.name).starts_with(&key));
    }
    let begins = params.after.and_then(|after| members.iter().position(|member| member.id == after));
    members.drain(..begins.map_or(0, |at| at + 1));
    let limit = params.limit.unwrap_or(limits::MEMBERS).clamp(1, limits::MEMBERS);
    let more = members.len() > limit;
    members.truncate(limit);
    Ok(Json(Members { members, more }))
}

/// Those who are here first.
fn with_present(room: &Room, known: Vec<Member>) -> Vec<Member> {
    let here = room.people().into_iter().filter(|user| room.admits(&user.id));
    let mut here: HashMap<UserId, User> = here.map(|user| (user.id.clone(), user)).collect();
    let (mut present, mut absent) = (Vec::new(), Vec::new());
    for member in known {
        match here.remove(&member.id) {
            Some(user) => present.push(Member { online: true, away: user.away, seen: None, ..member }),
            None => absent.push(member),
        }
    }
    let mut silent: Vec<Member> = here.into_values().map(silent).collect();
    silent.sort_by(|a, b| a.id.cmp(&b.id));
    present.append(&mut silent);
    present.append(&mut absent);
    present
}

/// Somebody who is here and has written nothing.
fn silent(User { id, name, role, away }: User) -> Member {
    Member { id, name, role, online: true, away, last_post: None, seen: None }
}
