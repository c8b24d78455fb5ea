//! Dates and times in the browser's own words and time zone, through `Intl`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use shared_proto::time::Millis;
use wasm_bindgen::{JsCast, JsValue};
use yew::{hook, use_context};

use crate::text::Text;

/// Local days are looked up once for this many milliseconds: time zones change their offset on
/// the quarter of an hour.
const QUARTER_MS: u64 = 15 * 60 * 1000;

/// Formats, made once: an `Intl.DateTimeFormat` is slow to make.
#[derive(Clone)]
pub struct Dates(Rc<Formats>);

struct Formats {
    time: Function,
    weekday: Function,
    day: Function,
    day_and_year: Function,
    short: Function,
    full: Function,
    moment: Function,
    soon: Function,
    to_the_second: Function,
    offsets: RefCell<HashMap<u64, i64>>,
}

impl PartialEq for Dates {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn format(options: &[(&str, &str)]) -> Function {
    let object = Object::new();
    for (name, value) in options {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from(*name), &JsValue::from(*value));
    }
    Intl::DateTimeFormat::new(&Array::new(), &object).format()
}

impl Dates {
    /// In the browser's language and time zone.
    #[must_use]
    pub fn new() -> Self {
        let numeric = ("day", "numeric");
        Self(Rc::new(Formats {
            time: format(&[("hour", "numeric"), ("minute", "2-digit")]),
            weekday: format(&[("weekday", "long")]),
            day: format(&[("weekday", "long"), numeric, ("month", "long")]),
            day_and_year: format(&[numeric, ("month", "long"), ("year", "numeric")]),
            short: format(&[numeric, ("month", "short")]),
            full: format(&[("dateStyle", "full"), ("timeStyle", "short")]),
            moment: format(&[("dateStyle", "medium"), ("timeStyle", "short")]),
            soon: format(&[("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")]),
            to_the_second: format(&[("dateStyle", "full"), ("timeStyle", "medium")]),
            offsets: RefCell::default(),
        }))
    }

    fn say(&self, format: &Function, at: Millis) -> String {
        let date = Date::new(&JsValue::from_f64(at.0 as f64));
        let said = format.call1(&JsValue::NULL, &date).ok();
        said.and_then(|said| said.as_string()).unwrap_or_default()
    }

    /// The hour and minute.
    #[must_use]
    pub fn time(&self, at: Millis) -> String {
        self.say(&self.0.time, at)
    }

    /// All of it, for a tooltip.
    #[must_use]
    pub fn full(&self, at: Millis) -> String {
        self.say(&self.0.full, at)
    }

    /// Day, hour and minute of something that may be long ago.
    #[must_use]
    pub fn moment(&self, at: Millis) -> String {
        self.say(&self.0.moment, at)
    }

    /// Day of the week, hour and minute of something within a week of now; else as a moment.
    #[must_use]
    pub fn soon(&self, at: Millis) -> String {
        match self.day_number(at) - self.day_number(now()) {
            -6..=6 => self.say(&self.0.soon, at),
            _ => self.moment(at),
        }
    }

    /// A day with its year.
    #[must_use]
    pub fn date(&self, at: Millis) -> String {
        self.say(&self.0.day_and_year, at)
    }

    /// All of it with seconds, for a tooltip of what is compared with other records.
    #[must_use]
    pub fn to_the_second(&self, at: Millis) -> String {
        self.say(&self.0.to_the_second, at)
    }

    /// For `<time datetime>`.
    #[must_use]
    pub fn machine(&self, at: Millis) -> String {
        Date::new(&JsValue::from_f64(at.0 as f64)).to_iso_string().into()
    }

    /// The local day of `at`, as a number that rises by one a day.
    #[must_use]
    pub fn day_number(&self, at: Millis) -> i64 {
        let quarter = at.0 / QUARTER_MS;
        let offset = *self.0.offsets.borrow_mut().entry(quarter).or_insert_with(|| {
            let date = Date::new(&JsValue::from_f64((quarter * QUARTER_MS) as f64));
            (date.get_timezone_offset() * 60_000.0) as i64
        });
        (at.0 as i64 - offset).div_euclid(86_400_000)
    }

    /// A day as its separator names it.
    #[must_use]
    pub fn day(&self, at: Millis, text: &Text) -> String {
        let now = now();
        match self.day_number(now) - self.day_number(at) {
            0 => text.say("day-today"),
            1 => text.say("day-yesterday"),
            -1..=180 => self.say(&self.0.day, at),
            _ => self.say(&self.0.day_and_year, at),
        }
    }

    /// The time of a row in the inbox: as short as it can be.
    #[must_use]
    pub fn row(&self, at: Millis, text: &Text) -> String {
        match self.day_number(now()) - self.day_number(at) {
            ..=0 => self.time(at),
            1 => text.say("day-yesterday"),
            2..=6 => self.say(&self.0.weekday, at),
            7..=300 => self.say(&self.0.short, at),
            _ => self.say(&self.0.day_and_year, at),
        }
    }
}

impl Default for Dates {
    fn default() -> Self {
        Self::new()
    }
}

/// The browser's time zone (ECMA-402, 6.5); `UTC` where it does not say.
#[must_use]
pub fn time_zone() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let zone = Reflect::get(&options, &JsValue::from("timeZone")).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

/// The time zones the browser knows (ECMA-402, 8.3.2); none where it does not say.
#[must_use]
pub fn time_zones() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &JsValue::from("Intl"));
    let intl = intl.unwrap_or(JsValue::UNDEFINED);
    let known = Reflect::get(&intl, &JsValue::from("supportedValuesOf")).ok();
    let known = known.and_then(|function| function.dyn_into::<Function>().ok());
    let zones = known.and_then(|function| function.call1(&intl, &JsValue::from("timeZone")).ok());
    let zones = zones.and_then(|zones| zones.dyn_into::<Array>().ok()).unwrap_or_default();
    zones.iter().filter_map(|zone| zone.as_string()).collect()
}

/// When a day that a date field holds (`YYYY-MM-DD`) begins on this device, or one `days` later;
/// `None` for a day that is not finished, or lies before 1970.
#[must_use]
pub fn day_begins(day: &str, days: i32) -> Option<Millis> {
    let mut parts = day.split('-').map(str::parse::<u32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let (month, day) = (i32::try_from(month).ok()? - 1, i32::try_from(day).ok()? + days);
    // The year alone: the constructor takes one below 100 for one of the last century.
    let date = Date::new_with_year_month_day(year, month, day);
    let at = date.get_time();
    (at.is_finite() && at >= 0.0 && year >= 1970).then_some(Millis(at as u64))
}

/// When a time is that a `datetime-local` field holds (`YYYY-MM-DDTHH:MM`), on this device; `None`
/// for one that is not finished.
#[must_use]
pub fn local_time(value: &str) -> Option<Millis> {
    // Without a zone it is local (ECMA-262, 21.4.1.32); without a time it would not be.
    let at = value.contains('T').then(|| Date::new(&JsValue::from_str(value)).get_time())?;
    (at.is_finite() && at >= 0.0).then_some(Millis(at as u64))
}

/// What a `datetime-local` field holds for a time, on this device.
#[must_use]
pub fn local_value(at: Millis) -> String {
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    let offset = date.get_timezone_offset() * 60_000.0;
    let local = Date::new(&JsValue::from_f64(at.0 as f64 - offset));
    String::from(local.to_iso_string()).chars().take(16).collect()
}

/// This device's time.
#[must_use]
pub fn now() -> Millis {
    Millis(Date::now() as u64)
}

/// The formats, in a component.
#[hook]
pub fn use_dates() -> Dates {
    use_context::<Dates>().expect("App provides the dates to everything it draws")
}
