//! Points in time and durations, in the organisation's time zone.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;
use shared::Lang;

use crate::texts::format as texts;
use crate::view_context::ViewContext;

/// A point in time: `hari ini 14.30`, `besok 09.00`, `Kam 26 Nov 09.00`.
pub fn date_time(view_ctx: ViewContext<'_>, time: DateTime<Utc>) -> String {
    Clock::of(view_ctx).date_time(time)
}

/// From one point in time to another: `besok 09.00–11.00`.
pub fn time_range(
    view_ctx: ViewContext<'_>,
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
) -> String {
    Clock::of(view_ctx).time_range(start, end)
}

/// A due time and how far away it is: `hari ini 14.30 (sisa 3 jam 20 menit)`.
pub fn due_time(view_ctx: ViewContext<'_>, time: DateTime<Utc>) -> String {
    Clock::of(view_ctx).due_time(time)
}

/// A duration in its two largest units: `2 hari 3 jam`, `3 jam 20 menit`.
pub fn duration(lang: Lang, length: TimeDelta) -> String {
    let minutes = length.num_minutes();
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let parts = match (days, hours, rest) {
        (0, 0, 0) => return texts::under_a_minute(lang).to_owned(),
        (0, 0, _) => [None, Some(texts::minutes(lang, rest))],
        (0, ..) => {
            [Some(texts::hours(lang, hours)), (rest > 0).then(|| texts::minutes(lang, rest))]
        }
        _ => [Some(texts::days(lang, days)), (hours > 0).then(|| texts::hours(lang, hours))],
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What a point in time is expressed by: the language, the present and the time zone.
struct Clock {
    lang: Lang,
    now: DateTime<Utc>,
    zone: Tz,
}

impl Clock {
    fn of(view_ctx: ViewContext<'_>) -> Self {
        Self { lang: view_ctx.lang, now: view_ctx.now, zone: view_ctx.zone() }
    }

    fn date_time(&self, time: DateTime<Utc>) -> String {
        format!("{} {}", self.day(time), self.time_of_day(time))
    }

    fn time_range(&self, start: DateTime<Utc>, end: Option<DateTime<Utc>>) -> String {
        let from = self.date_time(start);
        match end {
            None => from,
            Some(end) if self.day(end) == self.day(start) => {
                format!("{from}–{}", self.time_of_day(end))
            }
            Some(end) => format!("{from} – {}", self.date_time(end)),
        }
    }

    fn due_time(&self, time: DateTime<Utc>) -> String {
        let at = self.date_time(time);
        if time > self.now {
            texts::due_later(self.lang, at, duration(self.lang, time - self.now))
        } else {
            texts::due_passed(self.lang, at, duration(self.lang, self.now - time))
        }
    }

    fn time_of_day(&self, time: DateTime<Utc>) -> String {
        let time = time.with_timezone(&self.zone);
        texts::clock(self.lang, time.format("%H"), time.format("%M"))
    }

    fn day(&self, time: DateTime<Utc>) -> String {
        let date = time.with_timezone(&self.zone).date_naive();
        let today = self.now.with_timezone(&self.zone).date_naive();
        match (date - today).num_days() {
            0 => texts::today(self.lang).to_owned(),
            1 => texts::tomorrow(self.lang).to_owned(),
            -1 => texts::yesterday(self.lang).to_owned(),
            _ => {
                let weekday = date.weekday().num_days_from_monday() as usize;
                let weekday = texts::weekdays(self.lang)[weekday];
                let month = texts::months(self.lang)[date.month0() as usize];
                texts::date(self.lang, weekday, date.day(), month)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    fn clock(lang: Lang, now: &str) -> Clock {
        Clock { lang, now: at(now), zone: chrono_tz::Asia::Jakarta }
    }

    #[test]
    fn days_are_those_of_the_organisation_time_zone() {
        let clock = clock(Lang::Id, "2026-11-23T22:00:00+07:00");
        let shown = |text: &str| clock.date_time(at(text));
        assert_eq!(shown("2026-11-23T23:30:00+07:00"), "hari ini 23.30");
        assert_eq!(shown("2026-11-24T00:30:00+07:00"), "besok 00.30");
        assert_eq!(shown("2026-11-22T09:00:00+07:00"), "kemarin 09.00");
        assert_eq!(shown("2026-11-26T09:05:00+07:00"), "Kam 26 Nov 09.05");
    }

    #[test]
    fn a_due_time_states_the_time_left() {
        let clock = clock(Lang::Id, "2026-11-23T10:00:00+07:00");
        let shown = |text: &str| clock.due_time(at(text));
        assert_eq!(shown("2026-11-23T13:20:00+07:00"), "hari ini 13.20 (sisa 3 jam 20 menit)");
        assert_eq!(shown("2026-11-22T09:00:00+07:00"), "kemarin 09.00 (⚠️ lewat 1 hari 1 jam)");
    }

    #[test]
    fn english_times_have_a_colon_and_plural_units() {
        let clock = clock(Lang::En, "2026-11-23T10:00:00+07:00");
        let shown = |text: &str| clock.due_time(at(text));
        assert_eq!(shown("2026-11-23T13:20:00+07:00"), "today 13:20 (3 hours 20 minutes left)");
        assert_eq!(
            shown("2026-11-20T09:00:00+07:00"),
            "Fri 20 Nov 09:00 (⚠️ 3 days 1 hour overdue)"
        );
    }

    #[test]
    fn a_duration_has_at_most_two_units() {
        let shown = |length| duration(Lang::Id, length);
        assert_eq!(shown(TimeDelta::seconds(59)), "kurang dari semenit");
        assert_eq!(shown(TimeDelta::minutes(45)), "45 menit");
        assert_eq!(shown(TimeDelta::minutes(120)), "2 jam");
        assert_eq!(shown(TimeDelta::minutes(3 * 1_440 + 61)), "3 hari 1 jam");
    }

    #[test]
    fn a_time_range_within_one_day_names_the_day_once() {
        let clock = clock(Lang::Id, "2026-11-23T10:00:00+07:00");
        let (start, end) = (at("2026-11-24T09:00:00+07:00"), at("2026-11-24T11:00:00+07:00"));
        assert_eq!(clock.time_range(start, Some(end)), "besok 09.00–11.00");
        assert_eq!(clock.time_range(start, None), "besok 09.00");
    }
}
