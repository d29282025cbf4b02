//! The clock, waiting, and dates in the reader's words (`Intl`).

use std::cell::{Cell, RefCell};

use js_sys::Intl::{
    DateTimeFormat, DateTimeFormatOptions, DateTimeStyle, DayFormat, MonthFormat, WeekdayFormat, YearFormat,
};
use js_sys::{Array, Date, Function, Promise, Reflect};
use stonechat_shared::ids::Millis;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{storage, window};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// By this machine's clock.
pub(crate) fn now() -> Millis {
    Date::now() as Millis
}

/// Comes back after this long, or later where the browser holds the timers of hidden pages back.
pub(crate) async fn sleep(ms: u64) {
    let wait = Promise::new(&mut |resolve, _| {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        // Without a timer the promise stays open; the browser offers one to every page.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = JsFuture::from(wait).await;
}

/// Lets what was woken run first. Unlike a timer it is not held back while the page is hidden.
pub(crate) async fn turn() {
    let _ = JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await;
}

/// Calls once before the next picture is painted; a hidden page paints none.
pub(crate) fn next_frame(f: impl FnOnce() + 'static) {
    // Boxed first: what calls it is a root of the first program, and would take what a later part does into it.
    let f: Box<dyn FnOnce()> = Box::new(f);
    let f = Closure::once_into_js(f);
    let _ = window().request_animation_frame(f.unchecked_ref());
}

/// Comes back before the next picture is painted; a hidden page paints none.
pub(crate) async fn picture() {
    let wait = Promise::new(&mut |resolve, _| {
        let _ = window().request_animation_frame(&resolve);
    });
    let _ = JsFuture::from(wait).await;
}

/// Which day of the reader's calendar this is; for comparing, not for showing.
pub(crate) fn local_day(at: Millis) -> i64 {
    let offset = date(at).get_timezone_offset() as i64 * MINUTE_MS;
    (at.cast_signed() - offset).div_euclid(DAY_MS)
}

/// `2026-11-23T14:02:00.000Z`, for machines.
pub(crate) fn iso(at: Millis) -> String {
    date(at).to_iso_string().into()
}

/// `14:02`
pub(crate) fn clock(tag: &'static str, at: Millis) -> String {
    formatted(tag, at, |formats| &formats.clock)
}

/// `14:02:07.123`
pub(crate) fn to_the_millisecond(at: Millis) -> String {
    let date = date(at);
    let (h, m, s, ms) = (date.get_hours(), date.get_minutes(), date.get_seconds(), date.get_milliseconds());
    format!("{h:02}:{m:02}:{s:02}.{ms:03}")
}

/// The day and the time, to the second.
pub(crate) fn exact(tag: &'static str, at: Millis) -> String {
    formatted(tag, at, |formats| &formats.exact)
}

/// `Monday, 23 November 2026`
pub(crate) fn day(tag: &'static str, at: Millis) -> String {
    formatted(tag, at, |formats| &formats.day)
}

/// Making a formatter costs a hundred times what using it does.
struct Formats {
    tag: &'static str,
    clock: Function,
    exact: Function,
    day: Function,
}

thread_local! {
    static FORMATS: RefCell<Option<Formats>> = const { RefCell::new(None) };
    static CLOCK: RefCell<String> = RefCell::new(storage::get(storage::CLOCK).unwrap_or_default());
    /// How often the clock was changed.
    static CLOCKS: Cell<u32> = const { Cell::new(0) };
}

/// Counts hours to `12`, to `24`, or, where it is empty, as the language does; answers whether that is new.
pub(crate) fn set_clock(clock: &str) -> bool {
    storage::set(storage::CLOCK, clock);
    // Another tab may have written the same there before.
    let is_new = CLOCK.replace(clock.to_owned()) != clock;
    if is_new {
        FORMATS.set(None);
        CLOCKS.set(CLOCKS.get() + 1);
    }
    is_new
}

/// Another number after each change of how times are written.
pub(crate) fn edition() -> u32 {
    CLOCKS.get()
}

fn formatted(tag: &'static str, at: Millis, pick: impl Fn(&Formats) -> &Function) -> String {
    FORMATS.with_borrow_mut(|slot| {
        let formats = match slot {
            Some(formats) if formats.tag == tag => formats,
            Some(_) | None => slot.insert(Formats::new(tag)),
        };
        let text = pick(formats).call1(&JsValue::UNDEFINED, &date(at));
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    })
}

impl Formats {
    fn new(tag: &'static str) -> Self {
        let clock = CLOCK.with_borrow(String::clone);
        let make = |set: &dyn Fn(&DateTimeFormatOptions)| {
            let options = DateTimeFormatOptions::new();
            set(&options);
            if !clock.is_empty() {
                let _ =
                    Reflect::set(&options, &"hourCycle".into(), &(if clock == "12" { "h12" } else { "h23" }).into());
            }
            DateTimeFormat::new(&Array::of1(&tag.into()), &options).format()
        };
        Self {
            tag,
            clock: make(&|options| options.set_time_style(DateTimeStyle::Short)),
            exact: make(&|options| {
                options.set_date_style(DateTimeStyle::Full);
                options.set_time_style(DateTimeStyle::Medium);
            }),
            day: make(&|options| {
                options.set_weekday(WeekdayFormat::Long);
                options.set_day(DayFormat::Numeric);
                options.set_month(MonthFormat::Long);
                options.set_year(YearFormat::Numeric);
            }),
        }
    }
}

fn date(at: Millis) -> Date {
    Date::new(&JsValue::from_f64(at as f64))
}
