//! Time zone of the organisation and clock of the server, as the API's responses tell them.
//!
//! An appointment at nine is at nine where the organisation is, whatever zone and clock a device has.

use std::cell::RefCell;

use chrono::{DateTime, Duration, FixedOffset, Offset, TimeZone, Utc};

/// Smaller differences are the way of a response.
const TOLERATED_SECONDS: i64 = 5;

#[derive(Default)]
struct OrganisationTime {
    zone: Option<Zone>,
    /// What has to be added to the device's clock.
    correction: Duration,
}

struct Zone {
    name: String,
    #[cfg(target_arch = "wasm32")]
    format: js_sys::Intl::DateTimeFormat,
}

thread_local! {
    static TIME: RefCell<OrganisationTime> = RefCell::default();
}

/// Takes the headers `X-Time-Zone` and `Date` of a response.
pub fn observe(zone: Option<&str>, date: Option<&str>) {
    TIME.with_borrow_mut(|time| {
        let known = time.zone.as_ref().map(|zone| zone.name.as_str());
        if let Some(name) = zone.filter(|name| Some(*name) != known) {
            time.zone = Zone::new(name);
        }
        if let Some(server) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) {
            let ahead = server.with_timezone(&Utc) - Utc::now();
            let exact = ahead.num_seconds().abs() > TOLERATED_SECONDS;
            time.correction = if exact { ahead } else { Duration::zero() };
        }
    });
}

/// Returns the time of the server.
pub fn now() -> DateTime<Utc> {
    Utc::now() + TIME.with_borrow(|time| time.correction)
}

/// Returns a moment in the organisation's time zone, or in the device's until it is known.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    let offset = TIME.with_borrow(|time| time.zone.as_ref().and_then(|zone| zone.offset_at(at)));
    at.with_timezone(&offset.unwrap_or_else(|| device_offset(at)))
}

/// Whether clocks on the wall show another time here than at the organisation.
pub fn differs_here(at: DateTime<Utc>) -> bool {
    *local(at).offset() != device_offset(at)
}

fn device_offset(at: DateTime<Utc>) -> FixedOffset {
    chrono::Local.offset_from_utc_datetime(&at.naive_utc()).fix()
}

#[cfg(target_arch = "wasm32")]
impl Zone {
    /// Returns `None` if the browser does not know the zone.
    fn new(name: &str) -> Option<Self> {
        use wasm_bindgen::{JsCast, JsValue};
        let options = js_sys::Object::new();
        for (key, value) in [
            ("timeZone", name),
            ("hourCycle", "h23"),
            ("year", "numeric"),
            ("month", "2-digit"),
            ("day", "2-digit"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
        ] {
            js_sys::Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value))
                .ok()?;
        }
        // The constructor throws for an unknown zone.
        let intl = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
        let constructor = js_sys::Reflect::get(&intl, &JsValue::from_str("DateTimeFormat")).ok()?;
        let arguments = js_sys::Array::of2(&JsValue::from_str("en-US"), &options);
        let constructor: &js_sys::Function = constructor.unchecked_ref();
        let format = js_sys::Reflect::construct(constructor, &arguments).ok()?;
        Some(Self { name: name.to_owned(), format: format.unchecked_into() })
    }

    fn offset_at(&self, at: DateTime<Utc>) -> Option<FixedOffset> {
        use wasm_bindgen::JsValue;
        let date = js_sys::Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
        let parts = self.format.format_to_parts(&date);
        let number = |wanted: &str| {
            parts.iter().find_map(|part| {
                let text =
                    |key| js_sys::Reflect::get(&part, &JsValue::from_str(key)).ok()?.as_string();
                if text("type")? == wanted { text("value")?.parse::<u32>().ok() } else { None }
            })
        };
        let day = chrono::NaiveDate::from_ymd_opt(
            i32::try_from(number("year")?).ok()?,
            number("month")?,
            number("day")?,
        )?;
        let wall = day.and_hms_opt(number("hour")?, number("minute")?, number("second")?)?;
        let ahead = wall - chrono::NaiveDateTime::new(at.date_naive(), at.time());
        // Rounded to minutes: the wall clock has no fractions of a second.
        let minutes = (ahead.num_milliseconds() as f64 / 60_000.0).round() as i32;
        FixedOffset::east_opt(minutes * 60)
    }
}

/// Tests on other platforms have no browser to ask.
#[cfg(not(target_arch = "wasm32"))]
impl Zone {
    fn new(name: &str) -> Option<Self> {
        Some(Self { name: name.to_owned() })
    }

    fn offset_at(&self, _at: DateTime<Utc>) -> Option<FixedOffset> {
        None
    }
}
