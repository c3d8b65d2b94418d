//! Formatting of numbers, money, dates and times for the current language.

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDateTime, TimeZone, Timelike, Utc};
use shared::Lang;

use super::i18n::lang;
use crate::browser::organisation_time;
use crate::tr;

const MONTHS_ID: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS_ID: [&str; 7] = ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Formats a whole number with thousands separators: `1.250` or `1,250`.
pub fn number(value: i64) -> String {
    let separator = match lang() {
        Lang::Id => '.',
        Lang::En => ',',
    };
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Formats a decimal number: `-19,4` or `-19.4`.
pub fn decimal(value: f64) -> String {
    let text = value.to_string();
    match lang() {
        Lang::Id => text.replace('.', ","),
        Lang::En => text,
    }
}

fn month(month0: u32) -> &'static str {
    let months = match lang() {
        Lang::Id => &MONTHS_ID,
        Lang::En => &MONTHS_EN,
    };
    months[month0 as usize % 12]
}

/// Returns the short name of a weekday.
pub fn weekday(day: chrono::Weekday) -> &'static str {
    let days = match lang() {
        Lang::Id => &DAYS_ID,
        Lang::En => &DAYS_EN,
    };
    days[day.num_days_from_monday() as usize % 7]
}

/// Formats a day: `23 Nov 2026`.
pub fn day(date: impl Datelike) -> String {
    format!("{} {} {}", date.day(), month(date.month0()), date.year())
}

/// Formats a day without the year: `23 Nov`.
pub fn short_day(date: impl Datelike) -> String {
    format!("{} {}", date.day(), month(date.month0()))
}

/// Formats a time of day: `14.05` or `14:05`.
fn time_of_day(time: impl Timelike) -> String {
    let separator = match lang() {
        Lang::Id => '.',
        Lang::En => ':',
    };
    format!("{:02}{separator}{:02}", time.hour(), time.minute())
}

/// Formats a moment in the organisation's time zone: `Sen, 23 Nov 2026 14.05 WIB`.
pub fn exact(at: DateTime<Utc>) -> String {
    let local = organisation_time::local(at);
    let zone = zone_name(*local.offset());
    format!("{}, {} {} {zone}", weekday(local.weekday()), day(local), time_of_day(local))
}

/// Returns the name of a zone: of the Indonesian ones as people call them, of others the distance to UTC.
fn zone_name(offset: FixedOffset) -> String {
    match offset.local_minus_utc() {
        25_200 => "WIB".to_owned(),
        28_800 => "WITA".to_owned(),
        32_400 => "WIT".to_owned(),
        _ => format!("UTC{offset}"),
    }
}

/// Returns the organisation's zone if the device has another one: then fields and lists name it.
pub fn foreign_zone() -> Option<String> {
    let now = organisation_time::now();
    organisation_time::differs_here(now).then(|| zone_name(*organisation_time::local(now).offset()))
}

/// Formats a moment in the organisation's time zone as spreadsheets read it: `2026-11-23 14:05`.
pub fn for_spreadsheet(at: DateTime<Utc>) -> String {
    organisation_time::local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Formats a moment briefly: `14.05` today, `23 Nov 14.05` this year, otherwise the day.
pub fn compact(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (local, today) = (organisation_time::local(at), organisation_time::local(now));
    if local.date_naive() == today.date_naive() {
        time_of_day(local)
    } else if local.year() == today.year() {
        format!("{} {}", short_day(local), time_of_day(local))
    } else {
        day(local)
    }
}

/// Formats a moment relative to now: `3 menit lalu`, `2 jam lagi`; beyond a month the day.
pub fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let distance = at - now;
    if distance.abs() > Duration::days(30) {
        return day(organisation_time::local(at));
    }
    if distance.abs() < Duration::minutes(1) {
        return tr!(common.time.now).to_string();
    }
    let span = duration(distance);
    if distance < Duration::zero() {
        tr!(common.time.ago, span = span).to_string()
    } else {
        tr!(common.time.ahead, span = span).to_string()
    }
}

/// Formats a duration in its largest useful unit.
pub fn duration(length: Duration) -> String {
    let minutes = length.num_minutes().abs();
    if minutes < 60 {
        tr!(common.time.minutes, count = minutes).to_string()
    } else if minutes < 48 * 60 {
        tr!(common.time.hours, count = minutes / 60).to_string()
    } else {
        tr!(common.time.days, count = minutes / (24 * 60)).to_string()
    }
}

/// Formats a countdown: `45 detik`, `2 menit 5 detik`.
pub fn countdown(seconds: u32) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    let rest_words = tr!(common.time.seconds, count = rest).to_string();
    match (minutes, rest) {
        (0, _) => rest_words,
        (_, 0) => tr!(common.time.minutes, count = minutes).to_string(),
        _ => format!("{} {rest_words}", tr!(common.time.minutes, count = minutes)),
    }
}

/// Returns the day of a moment as an `<input type="date">` holds it.
pub fn to_date_input(at: DateTime<Utc>) -> String {
    organisation_time::local(at).format("%Y-%m-%d").to_string()
}

/// Returns the first moment of a day of an `<input type="date">`; empty is `None`.
pub fn start_of_day(text: &str) -> Option<DateTime<Utc>> {
    parse_datetime_input(&format!("{text}T00:00"))
}

/// Returns the first moment after a day of an `<input type="date">`.
pub fn end_of_day(text: &str) -> Option<DateTime<Utc>> {
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    start_of_day(&day.succ_opt()?.to_string())
}

/// Returns a moment as an `<input type="datetime-local">` holds it.
pub fn to_datetime_input(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| organisation_time::local(at).format("%Y-%m-%dT%H:%M").to_string())
        .unwrap_or_default()
}

/// Parses the value of an `<input type="datetime-local">`; empty is `None`.
pub fn parse_datetime_input(text: &str) -> Option<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    // The offset depends on the moment, which depends on the offset: twice is enough but for the hour of a
    // change of the clocks.
    let mut at = naive.and_utc();
    for _ in 0..2 {
        let offset = *organisation_time::local(at).offset();
        at = offset.from_local_datetime(&naive).single()?.with_timezone(&Utc);
    }
    Some(at)
}

/// Formats a phone number in groups: `0812-3456-7890`; foreign and masked numbers stay as they are.
pub fn phone(number: &str) -> String {
    let Some(national) = number.strip_prefix("+62") else { return number.to_owned() };
    let digits: Vec<char> = std::iter::once('0').chain(national.chars()).collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}
