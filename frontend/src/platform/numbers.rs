//! Numbers and plurals in the reader's language (`Intl`), and numbers by chance.

use js_sys::Intl::{NumberFormat, PluralRules};
use js_sys::{Array, Object};
use stonechat_shared::CommandId;
use wasm_bindgen::JsValue;

use super::window;

/// Which form of a word goes with a number. A language with more forms than these adds them here, and the compiler
/// names every place that has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plural {
    One,
    Other,
}

/// `12,345`
pub(crate) fn number(tag: &str, n: usize) -> String {
    let format = NumberFormat::new(&Array::of1(&tag.into()), &Object::new()).format();
    let text = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(n as f64));
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| n.to_string())
}

/// Which form of a word goes with `n`.
pub(crate) fn plural(tag: &str, n: usize) -> Plural {
    let category = PluralRules::new(&Array::of1(&tag.into()), &Object::new()).select(n as f64);
    if category == "one" { Plural::One } else { Plural::Other }
}

/// A name for a command that nobody has used before.
pub(crate) fn command_id() -> CommandId {
    // `randomUUID` is there only where the page came over TLS or from this machine; a chat at home may not.
    match window().crypto() {
        Ok(crypto) if js_sys::Reflect::has(&crypto, &"randomUUID".into()).unwrap_or(false) => {
            CommandId::from(crypto.random_uuid())
        }
        Ok(_) | Err(_) => CommandId::from(format!("{:x}{:x}", chance_bits(), chance_bits())),
    }
}

/// From 0 up to, not including, 1.
pub(crate) fn chance() -> f64 {
    js_sys::Math::random()
}

fn chance_bits() -> u64 {
    // A double holds 53 bits without loss.
    (chance() * (1_u64 << 53) as f64) as u64
}
