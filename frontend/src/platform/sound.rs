//! A short, soft sound.

use std::cell::RefCell;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

use super::{storage, window};

/// Two notes, a fifth apart: when each begins, in seconds, and its pitch in hertz.
const NOTES: [(f64, f64); 2] = [(0.0, 659.3), (0.09, 987.8)];
/// How long a note takes to fade.
const FADES: f64 = 0.25;
/// So that nobody is startled.
const VOLUME: f64 = 0.08;

thread_local! {
    /// Browsers let a page have only a few of them.
    static CONTEXT: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

pub(crate) fn is_on() -> bool {
    storage::get(storage::SOUND).is_some()
}

/// A browser that lets no page play plays nothing.
pub(crate) fn beep() {
    let _ = play();
}

fn play() -> Result<(), JsValue> {
    let context = match CONTEXT.with_borrow(Clone::clone) {
        Some(context) => context,
        None => {
            let class: Function = Reflect::get(&window(), &"AudioContext".into())?.dyn_into()?;
            let context = Reflect::construct(&class, &Array::new())?;
            CONTEXT.set(Some(context.clone()));
            context
        }
    };
    let now = Reflect::get(&context, &"currentTime".into())?.as_f64().unwrap_or(0.0);
    let end = Reflect::get(&context, &"destination".into())?;
    for (begins, pitch) in NOTES {
        let at = now + begins;
        let (note, volume) = (call(&context, "createOscillator", &[])?, call(&context, "createGain", &[])?);
        Reflect::set(&Reflect::get(&note, &"frequency".into())?, &"value".into(), &pitch.into())?;
        let gain = Reflect::get(&volume, &"gain".into())?;
        call(&gain, "setValueAtTime", &[VOLUME.into(), at.into()])?;
        call(&gain, "exponentialRampToValueAtTime", &[0.0001.into(), (at + FADES).into()])?;
        call(&note, "connect", std::slice::from_ref(&volume))?;
        call(&volume, "connect", std::slice::from_ref(&end))?;
        call(&note, "start", &[at.into()])?;
        call(&note, "stop", &[(at + FADES).into()])?;
    }
    Ok(())
}

fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(of, &name.into())?.dyn_into()?;
    method.apply(of, &arguments.iter().collect::<Array>())
}
