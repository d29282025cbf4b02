//! What must hold once everything has come to rest.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stonechat_server::app::App;
use stonechat_server::store::{Range, history};
use stonechat_shared::page::History;
use stonechat_shared::replica::Room;
use stonechat_shared::{Event, Kind, Message, RoomName, Seq, UserId};

use super::ledger::{Ledger, Name, marks};
use super::page::Page;
use super::person::is_refused;
use super::world::World;

/// A room as each reader sees it.
type Views = BTreeMap<(RoomName, UserId), History>;

/// Holds the server, the pages and the ledger against each other.
pub(crate) async fn check(world: &mut World) {
    let app = Arc::clone(world.host.app().expect("it runs"));
    let (mut places, mut views) = (BTreeMap::new(), Views::new());
    for room in World::rooms() {
        let events = events(&app, &room).await;
        check_log(&world.scene.ledger, &room, &events);
        for event in &events {
            let name = name(event);
            let before = places.insert(name.clone(), (room.clone(), event.seq));
            assert_eq!(before, None, "{name:?} stands twice");
        }
        for person in &world.people {
            for page in &person.pages {
                let reader = page.replica.me().expect("it is connected").id.clone();
                let key = (room.clone(), reader.clone());
                if let Entry::Vacant(view) = views.entry(key) {
                    let stored = stored(&app, &room, &reader).await;
                    assert_eq!(
                        stored.messages,
                        fold(&events, &reader),
                        "{reader} {room}: they are the fold of the log"
                    );
                    view.insert(stored);
                }
                check_page(page, &room, &views[&(room.clone(), reader)]);
            }
        }
    }
    check_promises(&world.scene.ledger, &places);
    check_outboxes(world);
    load_everything(world, &views).await;
}

/// The log is whole, never went back in time, and is what it was when it was told.
fn check_log(ledger: &Ledger, room: &RoomName, events: &[Event]) {
    for (event, seq) in events.iter().zip(1..) {
        assert_eq!(event.seq, seq, "{room}: the log has no hole");
        ledger.check_silence(&event.encode(), "the log");
    }
    assert!(events.is_sorted_by_key(|event| event.at), "{room}: time goes back");
    let told: Vec<Event> = ledger.logs.get(room).into_iter().flatten().map(bare).collect();
    assert_eq!(events.iter().map(bare).collect::<Vec<_>>(), told, "{room}: the log is what it was");
}

/// Everything that was answered stands, once and where it was said to; everything that was written stands once.
fn check_promises(ledger: &Ledger, places: &BTreeMap<Name, (RoomName, Seq)>) {
    for (name, outcome) in &ledger.answered {
        assert_eq!(places.get(name), outcome.as_ref(), "{name:?} was answered with {outcome:?}");
    }
    for name in &ledger.refused {
        assert_eq!(places.get(name), None, "{name:?} was refused, and stands");
    }
    let mut newest: BTreeMap<(&UserId, (u32, u32), &RoomName), Seq> = BTreeMap::new();
    for written in &ledger.written {
        let Some((room, seq)) = places.get(&written.name) else {
            let excused = ledger.refused.contains(&written.name)
                || ledger.given_up.contains(&written.name)
                || !ledger.kept.contains(&written.name);
            assert!(excused, "{:?} is lost", written.name);
            continue;
        };
        assert_eq!(*room, written.room);
        // Somebody who gives a message up lets the next one pass.
        if !ledger.given_up.contains(&written.name) {
            let before = newest.insert((&written.name.0, written.outbox, room), *seq);
            assert!(before < Some(*seq), "{:?} stands before what was written before it", written.name);
        }
    }
}

/// The page has everything, and has it as the store does, field for field.
fn check_page(page: &Page, room: &RoomName, stored: &History) {
    let who = format!("{} tab {} {room}", page.replica.me().expect("it is connected").id, page.tab);
    let known = page.replica.room(room).expect("it is open");
    assert_eq!(known.cursor(), stored.head, "{who}");
    // Somebody may have looked far back: then it has two parts, each without a hole.
    let (_, gap) = known.whole_around(0);
    let first = known.at(0).map(|message| message.seq);
    let begins = stored.messages.iter().position(|message| Some(message.seq) == first).unwrap_or_default();
    let newest = if gap < known.len() { gap } else { 0 };
    let ends = stored.messages.len() - (known.len() - newest);
    let (old, new) = (&stored.messages[begins..begins + newest], &stored.messages[ends..]);
    assert!(known.messages().eq(old.iter().chain(new)), "{who}: {known:#?} is not {stored:#?}");
    assert_eq!(known.has_more(), first.is_some() && begins > 0, "{who}");
    let listed = page.replica.heads().iter().find(|head| head.room == *room).expect("it is listed");
    assert_eq!(listed.head, stored.head, "{who}: the list of rooms");
}

/// Nothing waits any more but what was refused, in any page and in any tab without one.
fn check_outboxes(world: &World) {
    for person in &world.people {
        assert!(person.orphans().is_empty(), "every tab was taken up");
        for page in &person.pages {
            for pending in page.replica.outbox().all() {
                let name = (person.user.id.clone(), pending.id.clone());
                assert!(is_refused(pending) && world.scene.ledger.refused.contains(&name), "{pending:?} waits");
            }
        }
    }
}

/// Scrolls every page up to the beginning: with all of history it is still the same room.
async fn load_everything(world: &mut World, views: &Views) {
    for person in &mut world.people {
        for page in &mut person.pages {
            let reader = page.replica.me().expect("it is connected").id.clone();
            for room in World::rooms() {
                let is_whole = |room: &Room| !room.has_more() && room.whole_around(0).1 == room.len();
                while !page.replica.room(&room).is_some_and(is_whole) {
                    page.ask(&room, &mut world.scene);
                    for _ in 0..2 {
                        world.scene.pass(1).await;
                        page.read_on(&person.user, &world.host, &mut world.scene).await;
                    }
                }
                let (known, stored) = (page.replica.room(&room).expect("it is open"), &views[&(room, reader.clone())]);
                assert!(known.messages().eq(&stored.messages), "{reader}: {known:#?} is not all of {stored:#?}");
            }
        }
    }
}

/// Once the server has stopped, its files hold no text but what the log still says, and names of what was never sent.
pub(crate) async fn check_disk(world: &mut World) {
    let app = Arc::clone(world.host.app().expect("it runs"));
    let mut said = BTreeSet::new();
    for room in World::rooms() {
        said.extend(events(&app, &room).await.iter().flat_map(|event| marks(event.encode().as_bytes())));
    }
    let unsent = app
        .store
        .read(|db| db.prepare("SELECT name FROM files WHERE room IS NULL")?.query_map([], |row| row.get(0))?.collect());
    let unsent: Vec<String> = unsent.await.expect("the store can be read");
    said.extend(unsent.iter().flat_map(|name| marks(name.as_bytes())));
    drop(app);
    world.stop().await;
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(world.host.folder()).expect("the folder is there") {
        found.extend(marks(&std::fs::read(file.expect("it can be listed").path()).expect("it can be read")));
    }
    assert_eq!(found, said, "the files say what the log says");
}

async fn events(app: &Arc<App>, room: &RoomName) -> Vec<Event> {
    let name = room.clone();
    let events = app.store.read(move |db| history::events_after(db, &name, 0, usize::MAX)).await;
    let events = events.expect("the store can be read");
    events.iter().map(|event| serde_json::from_str(event).expect("it is an event")).collect()
}

async fn stored(app: &Arc<App>, room: &RoomName, reader: &UserId) -> History {
    let (room, reader) = (room.clone(), reader.clone());
    let all = move |db: &_| history::page(db, &room, Range::Before(Seq::MAX), 1_000_000, &reader);
    app.store.read(all).await.expect("the store can be read")
}

fn fold(events: &[Event], reader: &UserId) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for event in events {
        let about = messages.iter_mut().filter(|message| event.kind.is_about(message));
        let changed = about.map(|message| message.apply(event, Some(reader))).count();
        assert!(event.kind.target().is_none() || changed == 1, "it is about a message that is there");
        messages.extend(Message::posted(event));
    }
    messages
}

/// Without its text and files, which may have been removed since.
fn bare(event: &Event) -> Event {
    let mut event = event.clone();
    if let Kind::Post { text, .. } | Kind::Edit { text, .. } = &mut event.kind {
        text.clear();
    }
    if let Kind::Post { files, .. } = &mut event.kind {
        files.clear();
    }
    event
}

fn name(event: &Event) -> Name {
    (event.user.id.clone(), event.id.clone().expect("every event has its command's id"))
}
