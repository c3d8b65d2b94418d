//! Points in time and how long they are away, in the organisation's time zone.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;

const WEEKDAYS: [&str; 7] = ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];

/// A point in time: `hari ini 14.30`, `besok 09.00`, `Kam 26 Nov 09.00`.
pub fn date_time(time: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    format!("{} {}", day(time, now, zone), time_of_day(time, zone))
}

/// From one point to another: `besok 09.00–11.00`.
pub fn time_range(
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    zone: Tz,
) -> String {
    let from = date_time(start, now, zone);
    match end {
        None => from,
        Some(end) if day(end, now, zone) == day(start, now, zone) => {
            format!("{from}–{}", time_of_day(end, zone))
        }
        Some(end) => format!("{from} – {}", date_time(end, now, zone)),
    }
}

/// When something is due, and how long that is away: `hari ini 14.30 (sisa 3 jam 20 menit)`.
pub fn due_time(time: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let at = date_time(time, now, zone);
    if time > now {
        format!("{at} (sisa {})", duration(time - now))
    } else {
        format!("{at} (⚠️ lewat {})", duration(now - time))
    }
}

/// A length of time in its two largest units: `2 hari 3 jam`, `3 jam 20 menit`.
pub fn duration(length: TimeDelta) -> String {
    let minutes = length.num_minutes();
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let two = |large: i64, name: &str, small: i64, small_name: &str| match small {
        0 => format!("{large} {name}"),
        _ => format!("{large} {name} {small} {small_name}"),
    };
    match (days, hours, rest) {
        (0, 0, 0) => "kurang dari semenit".to_owned(),
        (0, 0, _) => format!("{rest} menit"),
        (0, ..) => two(hours, "jam", rest, "menit"),
        _ => two(days, "hari", hours, "jam"),
    }
}

fn time_of_day(time: DateTime<Utc>, zone: Tz) -> String {
    time.with_timezone(&zone).format("%H.%M").to_string()
}

fn day(time: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let date = time.with_timezone(&zone).date_naive();
    let today = now.with_timezone(&zone).date_naive();
    match (date - today).num_days() {
        0 => "hari ini".to_owned(),
        1 => "besok".to_owned(),
        -1 => "kemarin".to_owned(),
        _ => {
            let weekday = WEEKDAYS[date.weekday().num_days_from_monday() as usize];
            let month = MONTHS[date.month0() as usize];
            format!("{weekday} {} {month}", date.day())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = chrono_tz::Asia::Jakarta;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn days_are_those_of_the_organisation_time_zone() {
        let now = at("2026-11-23T22:00:00+07:00");
        let told = |text: &str| date_time(at(text), now, ZONE);
        assert_eq!(told("2026-11-23T23:30:00+07:00"), "hari ini 23.30");
        assert_eq!(told("2026-11-24T00:30:00+07:00"), "besok 00.30");
        assert_eq!(told("2026-11-22T09:00:00+07:00"), "kemarin 09.00");
        assert_eq!(told("2026-11-26T09:05:00+07:00"), "Kam 26 Nov 09.05");
    }

    #[test]
    fn a_due_time_states_the_time_left() {
        let now = at("2026-11-23T10:00:00+07:00");
        assert_eq!(
            due_time(at("2026-11-23T13:20:00+07:00"), now, ZONE),
            "hari ini 13.20 (sisa 3 jam 20 menit)"
        );
        assert_eq!(
            due_time(at("2026-11-22T09:00:00+07:00"), now, ZONE),
            "kemarin 09.00 (⚠️ lewat 1 hari 1 jam)"
        );
    }

    #[test]
    fn a_duration_has_at_most_two_units() {
        assert_eq!(duration(TimeDelta::seconds(59)), "kurang dari semenit");
        assert_eq!(duration(TimeDelta::minutes(45)), "45 menit");
        assert_eq!(duration(TimeDelta::minutes(120)), "2 jam");
        assert_eq!(duration(TimeDelta::minutes(3 * 1_440 + 61)), "3 hari 1 jam");
    }

    #[test]
    fn a_time_range_within_one_day_names_the_day_once() {
        let now = at("2026-11-23T10:00:00+07:00");
        let (start, end) = (at("2026-11-24T09:00:00+07:00"), at("2026-11-24T11:00:00+07:00"));
        assert_eq!(time_range(start, Some(end), now, ZONE), "besok 09.00–11.00");
        assert_eq!(time_range(start, None, now, ZONE), "besok 09.00");
    }
}
