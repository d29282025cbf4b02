//! The page's address: `/` is the lobby, `/r/NAME` a room, `#SEQ` behind it a message, `/i/INVITE` a way into a room,
//! `/@NAME` somebody.

use stonechat_shared::{RoomName, Seq};
use wasm_bindgen::JsValue;

use super::window;

pub(crate) fn room() -> RoomName {
    room_at(&path())
}

/// The name of the person that the address is.
pub(crate) fn person() -> Option<String> {
    path().strip_prefix("/@").map(str::to_owned)
}

/// The address of whoever is called this.
pub(crate) fn path_of_person(name: &str) -> String {
    ["/@", &encoded(name)].concat()
}

/// People read names, not their escapes; a path that is badly escaped stands for itself.
fn path() -> String {
    let path = window().location().pathname().unwrap_or_default();
    let plain = js_sys::decode_uri_component(&path).ok().map(String::from);
    plain.unwrap_or(path)
}

/// The message that the address names.
pub(crate) fn message() -> Option<Seq> {
    window().location().hash().ok()?.strip_prefix('#')?.parse().ok()
}

/// The invitation that the address is.
pub(crate) fn invite() -> Option<String> {
    window().location().pathname().ok()?.strip_prefix("/i/").map(str::to_owned)
}

/// An address that leads into a private room.
pub(crate) fn link_of(invite: &str) -> String {
    format!("{}/i/{invite}", window().location().origin().unwrap_or_default())
}

/// An address that leads into a room, for anybody who may read it.
pub(crate) fn link_of_room(room: &RoomName) -> String {
    [&window().location().origin().unwrap_or_default(), path_of(room).as_str()].concat()
}

/// The room takes the place of where one was.
pub(crate) fn replace(room: &RoomName) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path_of(room)));
    }
}

/// An address that leads to a message, for anybody who may read the room.
pub(crate) fn link_to(room: &RoomName, seq: Seq) -> String {
    format!("{}/r/{room}#{seq}", window().location().origin().unwrap_or_default())
}

pub(crate) fn path_of(room: &RoomName) -> String {
    if room.as_str() == RoomName::LOBBY { "/".to_owned() } else { format!("/r/{room}") }
}

/// The room gets its own step in the browser's history.
pub(crate) fn go(room: &RoomName) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&path_of(room)));
    }
}

/// A text as it stands in a query.
pub(crate) fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// `ws://host/ws?…` for a page from `http://host`.
pub(crate) fn socket(query: &str) -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|scheme| scheme == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}/ws?{query}", location.host().unwrap_or_default())
}

/// Where frames come from without a socket, up to what is asked for.
pub(crate) fn events() -> String {
    format!("{}/events", window().location().origin().unwrap_or_default())
}

fn room_at(path: &str) -> RoomName {
    let name = path.strip_prefix("/r/").map_or(RoomName::LOBBY, |name| name.trim_end_matches('/'));
    RoomName::from(if name.is_empty() { RoomName::LOBBY } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_room_are_the_same_both_ways() {
        for name in ["lobby", "dev", "a-7"] {
            assert_eq!(room_at(&path_of(&name.into())), name.into());
        }
        for lobby in ["", "/", "/r/", "/index.html"] {
            assert_eq!(room_at(lobby).as_str(), RoomName::LOBBY, "{lobby}");
        }
    }
}
