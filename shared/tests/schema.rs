//! `docs/protocol.schema.json` says what the code says. After a change of the wire: `UPDATE=1 cargo test -p
//! stonechat-shared --features schema --test schema`.

use std::path::Path;

use schemars::generate::SchemaSettings;
use stonechat_shared::{Command, File, Frame, page};

#[derive(schemars::JsonSchema)]
#[schemars(title = "Stonechat, protocol version 1")]
#[expect(dead_code, reason = "only its shape is looked at")]
struct Protocol {
    /// Client to server.
    command: Command,
    /// Server to client.
    frame: Frame,
    /// `GET /api/rooms/{room}/messages`
    history: page::History,
    /// `GET /api/search`
    found: page::Found,
    /// `GET|POST /api/session`
    session: page::Session,
    /// `POST /api/session`
    new_session: page::NewSession,
    /// `GET /api/rooms`
    rooms: page::Rooms,
    /// `POST /api/rooms`
    new_room: page::NewRoom,
    /// `POST /api/direct`
    new_direct: page::NewDirect,
    /// `POST /api/rooms/{room}/invites`
    new_invite: page::NewInvite,
    /// `GET /api/rooms/{room}/invites`
    invites: page::Invites,
    /// `GET /api/invites/{invite}`
    invitation: page::Invitation,
    /// `GET /api/rooms/{room}/members`
    members: page::Members,
    /// `POST /api/files`
    file: File,
    /// `GET /events` with `Accept: application/json`
    heard: page::Heard,
    /// `GET|PUT /api/settings`
    settings: stonechat_shared::settings::Settings,
    /// `POST /api/ticket`
    ticket: page::Ticket,
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Protocol>();
    let generated = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap();
    assert!(published == generated, "docs/protocol.schema.json is not what the code says: run this test with UPDATE=1");
}
