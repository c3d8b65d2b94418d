//! Working calendar: the hours in which the SLA clock runs.

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use shared::settings::WorkingCalendar;

/// Upper bound for the days that a calculation walks over: far beyond any due time, holidays
/// included.
const MAX_WALK_DAYS: u32 = 3_660;

/// The longest span that a clock is put forward by, in quarters of an hour: a day, where a country crosses the date line.
const MAX_SKIPPED_QUARTERS: i64 = 96;

/// A working calendar in a time zone.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    rules: &'a WorkingCalendar,
    zone: Tz,
}

impl<'a> Calendar<'a> {
    /// A calendar with these rules in this time zone.
    pub fn new(rules: &'a WorkingCalendar, zone: Tz) -> Self {
        Self { rules, zone }
    }

    /// Returns the moment at which `seconds` of working time have passed since `start`.
    pub fn add(&self, start: DateTime<Utc>, seconds: i64) -> DateTime<Utc> {
        let mut left = TimeDelta::seconds(seconds.max(0));
        let mut day = self.local_day(start);
        for _ in 0..MAX_WALK_DAYS {
            if let Some((opens, closes)) = self.hours(day) {
                let from = opens.max(start);
                let span = (closes - from).max(TimeDelta::zero());
                if left <= span && from < closes {
                    return from + left;
                }
                left -= span;
            }
            day = next_day(day);
        }
        start + TimeDelta::seconds(seconds)
    }

    /// Working seconds between two moments; 0 if `end` is not after `start`.
    pub fn between(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
        let last = self.local_day(end);
        let mut day = self.local_day(start);
        let mut sum = TimeDelta::zero();
        while day <= last {
            if let Some((opens, closes)) = self.hours(day) {
                sum += (closes.min(end) - opens.max(start)).max(TimeDelta::zero());
            }
            day = next_day(day);
        }
        sum.num_seconds()
    }

    fn local_day(&self, time: DateTime<Utc>) -> NaiveDate {
        time.with_timezone(&self.zone).date_naive()
    }

    /// Opening and closing time of a day; `None` if it is not a working day.
    fn hours(&self, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        if self.rules.holidays.contains(&day) {
            return None;
        }
        let index = day.weekday().num_days_from_monday() as usize;
        let hours = self.rules.week.get(index).copied().flatten()?;
        let closing_day = if hours.closes == NaiveTime::MIN { next_day(day) } else { day };
        Some((self.moment(day, hours.opens), self.moment(closing_day, hours.closes)))
    }

    /// Converts a local time to UTC. Of a time that comes twice on a day, the earlier one counts; one that daylight saving
    /// skips is the moment when the clock is put forward.
    fn moment(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let local = day.and_time(time);
        // Clocks are put forward by a multiple of a quarter of an hour, at a multiple of it.
        let existing = (0..=MAX_SKIPPED_QUARTERS).find_map(|quarters| {
            let later = local.checked_add_signed(TimeDelta::minutes(15 * quarters))?;
            self.zone.from_local_datetime(&later).earliest()
        });
        existing.map_or_else(|| local.and_utc(), |moment| moment.with_timezone(&Utc))
    }
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

/// Start of the local day that contains `time`.
pub fn start_of_day(time: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let rules = WorkingCalendar::default();
    let calendar = Calendar::new(&rules, zone);
    calendar.moment(calendar.local_day(time), NaiveTime::MIN)
}

/// Start of the local day after the one that contains `time`.
pub fn start_of_next_day(time: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let rules = WorkingCalendar::default();
    let calendar = Calendar::new(&rules, zone);
    calendar.moment(next_day(calendar.local_day(time)), NaiveTime::MIN)
}

/// The local day from its start to that of the next one.
pub fn span_of_day(day: NaiveDate, zone: Tz) -> Range<DateTime<Utc>> {
    let rules = WorkingCalendar::default();
    let calendar = Calendar::new(&rules, zone);
    let start = |day| calendar.moment(day, NaiveTime::MIN);
    start(day)..start(next_day(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Jakarta;
    use shared::settings::WorkingHours;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    fn office() -> WorkingCalendar {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let day = Some(WorkingHours { opens: hour(8), closes: hour(17) });
        WorkingCalendar {
            week: [day, day, day, day, day, day, None],
            holidays: vec![NaiveDate::from_ymd_opt(2026, 12, 25).unwrap()],
        }
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_when_the_clock_is_put_forward() {
        let day = NaiveDate::from_ymd_opt(2026, 4, 24).unwrap();
        let span = span_of_day(day, chrono_tz::Africa::Cairo);
        assert_eq!(span, at("2026-04-23T22:00:00Z")..at("2026-04-24T21:00:00Z"));
        let before = span_of_day(day.pred_opt().unwrap(), chrono_tz::Africa::Cairo);
        assert_eq!(before.end, span.start);
    }

    #[test]
    fn around_the_clock_an_hour_is_an_hour_across_midnight_in_jakarta() {
        let rules = WorkingCalendar::default();
        let calendar = Calendar::new(&rules, Jakarta);
        let late = at("2026-11-23T23:30:00+07:00");
        assert_eq!(calendar.add(late, 24 * 3_600), late + TimeDelta::hours(24));
        assert_eq!(calendar.between(late, late + TimeDelta::hours(30)), 30 * 3_600);
    }

    #[test]
    fn office_hours_stop_at_night_on_sundays_and_on_holidays() {
        let rules = office();
        let calendar = Calendar::new(&rules, Jakarta);
        // Saturday 16:00, four hours: one today, Sunday off, three on Monday.
        let due = calendar.add(at("2026-11-28T16:00:00+07:00"), 4 * 3_600);
        assert_eq!(due, at("2026-11-30T11:00:00+07:00"));
        // The day before Christmas 16:00, two hours: the second one is on the 26th.
        let due = calendar.add(at("2026-12-24T16:00:00+07:00"), 2 * 3_600);
        assert_eq!(due, at("2026-12-26T09:00:00+07:00"));
    }

    #[test]
    fn between_is_the_inverse_of_add() {
        let rules = office();
        let calendar = Calendar::new(&rules, Jakarta);
        let start = at("2026-11-23T05:15:00+07:00");
        for seconds in [0, 1, 3_599, 32_400, 32_401, 500_000] {
            let end = calendar.add(start, seconds);
            assert_eq!(calendar.between(start, end), seconds);
        }
    }
}
