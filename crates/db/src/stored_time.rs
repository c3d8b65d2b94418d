//! Times as SQLite stores them, read in a fraction of the time that a general parser needs.
//!
//! diesel reads a time by trying format strings one after the other. In a list of jobs with five times per row that
//! took a tenth of the whole request.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::Queryable;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow, FromStaticSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{Nullable, Timestamp};
use diesel::sqlite::{Sqlite, SqliteType, SqliteValue};

use crate::conn::AnyBackend;

/// A time in UTC. For a field: `#[diesel(deserialize_as = StoredTime)]`.
#[derive(Debug, FromSqlRow)]
pub struct StoredTime(NaiveDateTime);

/// A time in UTC or NULL.
#[derive(Debug)]
pub struct OptionalStoredTime(Option<NaiveDateTime>);

impl From<StoredTime> for NaiveDateTime {
    fn from(time: StoredTime) -> Self {
        time.0
    }
}

impl From<OptionalStoredTime> for Option<NaiveDateTime> {
    fn from(time: OptionalStoredTime) -> Self {
        time.0
    }
}

impl FromSql<Timestamp, Sqlite> for StoredTime {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        if value.value_type() == Some(SqliteType::Text)
            && let Some(time) = parse(value.read_text())
        {
            return Ok(Self(time));
        }
        <NaiveDateTime as FromSql<Timestamp, Sqlite>>::from_sql(value).map(Self)
    }
}

impl FromSql<Timestamp, Pg> for StoredTime {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Pg>>::from_sql(value).map(Self)
    }
}

impl FromSql<Timestamp, AnyBackend> for StoredTime {
    fn from_sql(value: <AnyBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Timestamp>()
    }
}

impl<DB: Backend> Queryable<Nullable<Timestamp>, DB> for OptionalStoredTime
where
    Option<StoredTime>: FromStaticSqlRow<Nullable<Timestamp>, DB>,
{
    type Row = Option<StoredTime>;

    fn build(row: Self::Row) -> deserialize::Result<Self> {
        Ok(Self(row.map(|time| time.0)))
    }
}

/// Reads `2026-11-23 08:15:00` with up to six decimals, as diesel writes it; `None` for any other text.
fn parse(text: &str) -> Option<NaiveDateTime> {
    let (seconds, decimals) = match text.len() {
        19 => (text, ""),
        21..=26 => text.split_once('.').filter(|(seconds, _)| seconds.len() == 19)?,
        _ => return None,
    };
    let bytes = seconds.as_bytes();
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if !marks.iter().all(|(at, mark)| bytes[*at] == *mark) {
        return None;
    }
    let year = i32::try_from(number(&bytes[..4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&bytes[5..7])?, number(&bytes[8..10])?)?;
    let fraction = number(decimals.as_bytes())?;
    let micros = (decimals.len()..6).fold(fraction, |value, _| value * 10);
    let (hour, minute) = (number(&bytes[11..13])?, number(&bytes[14..16])?);
    date.and_hms_micro_opt(hour, minute, number(&bytes[17..])?, micros)
}

/// The value of some digits, of which there are at most six.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::{Text, Timestamp};
    use proptest::prelude::*;

    use super::*;

    diesel::table! {
        times (id) {
            id -> BigInt,
            at -> Timestamp,
            until -> Nullable<Timestamp>,
        }
    }

    #[derive(Debug, PartialEq, Queryable)]
    struct Row {
        #[diesel(deserialize_as = StoredTime)]
        at: NaiveDateTime,
        #[diesel(deserialize_as = OptionalStoredTime)]
        until: Option<NaiveDateTime>,
    }

    fn connection() -> SqliteConnection {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let table =
            "CREATE TABLE times (id INTEGER PRIMARY KEY, at TIMESTAMP NOT NULL, until TIMESTAMP)";
        diesel::sql_query(table).execute(&mut conn).unwrap();
        conn
    }

    fn stored(conn: &mut SqliteConnection) -> (Row, (NaiveDateTime, Option<NaiveDateTime>)) {
        let query = || times::table.select((times::at, times::until)).order(times::id.desc());
        (query().first(conn).unwrap(), query().first(conn).unwrap())
    }

    proptest! {
        #[test]
        fn a_written_time_is_read_as_diesel_reads_it(
            micros in 0_i64..4_102_444_800_000_000, rounded in 0_u32..7, empty: bool,
        ) {
            let micros = micros / 10_i64.pow(rounded) * 10_i64.pow(rounded);
            let at = chrono::DateTime::from_timestamp_micros(micros).unwrap().naive_utc();
            let until = (!empty).then_some(at);
            let mut conn = connection();
            let row = (times::at.eq(at), times::until.eq(until));
            diesel::insert_into(times::table).values(row).execute(&mut conn).unwrap();
            let (read, by_diesel) = stored(&mut conn);
            prop_assert_eq!(&read, &Row { at, until });
            prop_assert_eq!((read.at, read.until), by_diesel);
        }

        #[test]
        fn a_text_is_read_as_diesel_reads_it_or_left_to_it(
            text in "[0-9]{4}-[0-1][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,7})?Z?",
        ) {
            let select = "SELECT ? AS at";
            let read = |conn: &mut SqliteConnection| {
                diesel::sql_query(select).bind::<Text, _>(&text).get_result::<ByDiesel>(conn)
            };
            if let Some(time) = parse(&text) {
                prop_assert_eq!(read(&mut connection()).unwrap().at, time);
            }
        }
    }

    #[derive(QueryableByName)]
    struct ByDiesel {
        #[diesel(sql_type = Timestamp)]
        at: NaiveDateTime,
    }

    #[test]
    fn other_spellings_are_left_to_diesel() {
        let mut conn = connection();
        diesel::sql_query("INSERT INTO times (at) VALUES ('2026-11-23T08:15:00Z')")
            .execute(&mut conn)
            .unwrap();
        let (read, by_diesel) = stored(&mut conn);
        assert_eq!(read.at, by_diesel.0);
    }

    #[test]
    fn a_text_that_is_no_time_is_refused() {
        let mut conn = connection();
        for text in ["", "yesterday", "2026-13-01 00:00:00", "2026-11-23 08:15:00.1234567890 😀"]
        {
            diesel::sql_query("INSERT INTO times (at) VALUES (?)")
                .bind::<Text, _>(text)
                .execute(&mut conn)
                .unwrap();
            let query = times::table.select((times::at, times::until)).order(times::id.desc());
            assert!(query.first::<Row>(&mut conn).is_err(), "{text}");
        }
    }
}
