//! Finding rows of customers and jobs in the index, the best first.

use diesel::RunQueryDsl;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::BoxedSqlQuery;
use diesel::sql_types::{Array, BigInt, Text};
use diesel::sqlite::Sqlite;

use super::query::{SearchQuery, WordMatch};
use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::prepared::Prepared;

/// Rows that a search with further filters or another order considers at most: the newest matches.
pub(crate) const MAX_CANDIDATES: i64 = 2_000;

/// The newest rows of PostgreSQL's table, among which a word that is not rare occurs.
const SAMPLE: i64 = 150;
/// Rows of PostgreSQL's table that are looked through first for words of which none is rare.
const FIRST_WINDOW: i64 = 1_000;
/// Matches among them from which on it is cheaper to look through more rows than to ask the index, which
/// collects every match before it sorts them.
const COMMON: i64 = 4;
/// Most rows that are looked through.
const LARGEST_WINDOW: i64 = 100_000;

/// A table whose `search_text` has an index of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Indexed {
    Customers,
    Jobs,
}

impl Indexed {
    pub(super) const fn table(self) -> &'static str {
        match self {
            Indexed::Customers => "customers",
            Indexed::Jobs => "jobs",
        }
    }

    /// The ranks of the rows. Jobs do not store the inside of names: it is found at their customers.
    const fn ranks(self) -> &'static [WordMatch] {
        match self {
            Indexed::Customers => &WordMatch::ALL,
            Indexed::Jobs => &[WordMatch::Whole, WordMatch::Start],
        }
    }
}

/// A row that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub id: i64,
    pub how: WordMatch,
}

impl Hit {
    /// The cursor of the row in a ranked list.
    pub fn cursor(self) -> Cursor {
        Cursor::text(self.how.code(), self.id)
    }
}

impl WordMatch {
    const ALL: [WordMatch; 3] = [WordMatch::Whole, WordMatch::Start, WordMatch::Inside];

    const fn code(self) -> &'static str {
        match self {
            WordMatch::Whole => "whole",
            WordMatch::Start => "start",
            WordMatch::Inside => "inside",
            WordMatch::InsideName => "inside-name",
        }
    }
}

/// Where a ranked list goes on; `None` for a cursor of another list.
pub(crate) fn position(cursor: &Cursor) -> Option<Hit> {
    let how = WordMatch::ALL.into_iter().find(|how| how.code() == cursor.as_text())?;
    Some(Hit { id: cursor.id, how })
}

/// Returns rows that contain all words: whole words first, then starts of words, the newest first among them.
/// Only if there are none, rows with the words inside of other words.
pub(crate) fn ranked(
    conn: &mut Conn,
    table: Indexed,
    query: &SearchQuery,
    after: Option<Hit>,
    limit: i64,
) -> Result<Vec<Hit>, DbError> {
    let mut hits: Vec<Hit> = Vec::new();
    let first = after.map_or(WordMatch::Whole, |hit| hit.how);
    for how in table.ranks().iter().copied().skip_while(|how| *how != first) {
        if how == WordMatch::Inside && (first != how && (after.is_some() || !hits.is_empty())) {
            break;
        }
        let missing = limit - hits.len() as i64;
        if missing <= 0 {
            break;
        }
        let before = after.filter(|hit| hit.how == how).map(|hit| hit.id);
        let without_whole = how == WordMatch::Start;
        let found = Matches { table, query, how, before, without_whole }.newest(conn, missing)?;
        hits.extend(found.into_iter().map(|id| Hit { id, how }));
    }
    Ok(hits)
}

/// Returns the newest rows in which each word is the start of a word, at most `limit`.
pub(crate) fn newest(
    conn: &mut Conn,
    table: Indexed,
    query: &SearchQuery,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let (how, before) = (WordMatch::Start, None);
    Matches { table, query, how, before, without_whole: false }.newest(conn, limit)
}

/// Counts the rows in which each word is the start of a word, up to `limit`. If there are as many with the whole words,
/// those are enough: they are found without collecting all that starts like them.
pub(crate) fn count(
    conn: &mut Conn,
    table: Indexed,
    query: &SearchQuery,
    limit: i64,
) -> Result<i64, DbError> {
    let mut counted = 0;
    for how in [WordMatch::Whole, WordMatch::Start] {
        let matches = Matches { table, query, how, before: None, without_whole: false };
        counted = matches.count(conn, limit)?;
        if counted >= limit {
            break;
        }
    }
    Ok(counted)
}

/// Returns the newest customers with each word within a word of the name.
pub(crate) fn with_name_parts(
    conn: &mut Conn,
    query: &SearchQuery,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let (table, how) = (Indexed::Customers, WordMatch::InsideName);
    Matches { table, query, how, before: None, without_whole: false }.newest(conn, limit)
}

/// The rows of one rank with ids below `before`.
struct Matches<'a> {
    table: Indexed,
    query: &'a SearchQuery,
    how: WordMatch,
    before: Option<i64>,
    /// Leaves out the rows that contain the words as whole words.
    without_whole: bool,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// In how many rows of the sample each word occurs.
#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = Array<BigInt>)]
    counts: Vec<i64>,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    counted: i64,
}

fn ids(rows: Vec<Id>) -> Vec<i64> {
    rows.into_iter().map(|row| row.id).collect()
}

impl Matches<'_> {
    fn newest(&self, conn: &mut Conn, limit: i64) -> Result<Vec<i64>, DbError> {
        if self.query.is_empty() {
            return Ok(Vec::new());
        }
        match conn {
            Conn::Sqlite(conn) => self.in_fts5(conn, limit),
            Conn::Postgres(conn) => self.in_postgres(conn, limit),
        }
    }

    fn count(&self, conn: &mut Conn, limit: i64) -> Result<i64, DbError> {
        if self.query.is_empty() {
            return Ok(0);
        }
        let table = self.table.table();
        let (words, statement) = match conn {
            Conn::Sqlite(conn) => {
                if self.how != WordMatch::Whole && self.has_unknown_word(conn)? {
                    return Ok(0);
                }
                let statement = format!(
                    "SELECT count(*) AS counted FROM (
                         SELECT 1 FROM {table}_fts WHERE {table}_fts MATCH $1 LIMIT $2)"
                );
                (self.query.fts5(self.how), statement)
            }
            Conn::Postgres(_) => {
                // With a limit on the scan itself PostgreSQL would rather look through the table, and split each text.
                let statement = format!(
                    "WITH found AS MATERIALIZED (
                         SELECT id FROM {table} WHERE search_vector(search_text) @@ $1::tsquery
                     )
                     SELECT count(*) AS counted FROM (SELECT 1 FROM found LIMIT $2) AS counted"
                );
                (self.query.tsquery(self.how), statement)
            }
        };
        let statement = diesel::sql_query(statement);
        let statement = statement.bind::<Text, _>(words).bind::<BigInt, _>(limit);
        let row: Counted = Prepared(statement).get_result(conn)?;
        Ok(row.counted)
    }

    /// FTS5 goes through the matches from the newest on, and stops at the limit.
    fn in_fts5(&self, conn: &mut SqliteConnection, limit: i64) -> Result<Vec<i64>, DbError> {
        let table = self.table.table();
        if self.how != WordMatch::Whole && self.has_unknown_word(conn)? {
            return Ok(Vec::new());
        }
        let (whole, patterns) = self.not_whole("t.search_text", || "?".to_owned());
        // The rows themselves are needed only to compare their texts.
        let join = match self.without_whole {
            true => format!("CROSS JOIN {table} t ON t.id = {table}_fts.rowid"),
            false => String::new(),
        };
        let statement = diesel::sql_query(format!(
            "SELECT {table}_fts.rowid AS id FROM {table}_fts {join}
             WHERE {table}_fts MATCH ? AND {table}_fts.rowid < ?{whole}
             ORDER BY {table}_fts.rowid DESC LIMIT ?"
        ));
        let mut statement: BoxedSqlQuery<'_, Sqlite, _> = statement
            .into_boxed()
            .bind::<Text, _>(self.query.fts5(self.how))
            .bind::<BigInt, _>(self.before.unwrap_or(i64::MAX));
        for pattern in patterns {
            statement = statement.bind::<Text, _>(pattern);
        }
        Ok(ids(statement.bind::<BigInt, _>(limit).load(conn)?))
    }

    /// Whether nothing starts with one of several words. FTS5 would collect all rows with the others first, which takes
    /// long for a common start of a word.
    fn has_unknown_word(&self, conn: &mut SqliteConnection) -> Result<bool, DbError> {
        let statement = format!(
            "SELECT 1 AS id FROM {}_words WHERE term >= ? AND term < ? LIMIT 1",
            self.table.table()
        );
        for forms in self.query.forms_of_several_words(self.how) {
            let mut known = false;
            for form in forms {
                // Behind everything that starts like this: words are letters and digits.
                let end = format!("{form}\u{10FFFF}");
                let found =
                    diesel::sql_query(&statement).bind::<Text, _>(form).bind::<Text, _>(end);
                let found: Option<Id> = Prepared(found).get_result(conn).optional()?;
                known = known || found.is_some();
            }
            if !known {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn in_postgres(&self, conn: &mut PgConnection, limit: i64) -> Result<Vec<i64>, DbError> {
        if self.has_rare_word(conn)? {
            return self.in_index(conn, limit);
        }
        let found = self.in_window(conn, FIRST_WINDOW, limit)?;
        let count = found.len() as i64;
        if count >= limit {
            return Ok(found);
        }
        // Half as many rows again as it takes if the matches are spread evenly.
        let window = FIRST_WINDOW * limit / count.max(1) * 3 / 2;
        if count >= COMMON && window <= LARGEST_WINDOW {
            let found = self.in_window(conn, window, limit)?;
            if found.len() as i64 >= limit {
                return Ok(found);
            }
        }
        self.in_index(conn, limit)
    }

    /// Whether one of the words does not occur in the newest rows: then the index has few rows to collect. Otherwise the
    /// newest rows with all words are found by looking through the newest rows.
    fn has_rare_word(&self, conn: &mut PgConnection) -> Result<bool, DbError> {
        let table = self.table.table();
        let mut binds = Binds(1);
        let words = self.query.like_patterns(self.how);
        let counts: Vec<String> = words
            .iter()
            .map(|word| any_like("search_text", word, || binds.next()))
            .map(|found| format!("count(*) FILTER (WHERE {found})"))
            .collect();
        let statement = diesel::sql_query(format!(
            "SELECT ARRAY[{}] AS counts
               FROM (SELECT search_text FROM {table} ORDER BY id DESC LIMIT $1) AS newest",
            counts.join(", ")
        ));
        let mut statement: BoxedSqlQuery<'_, Pg, _> =
            statement.into_boxed().bind::<BigInt, _>(SAMPLE);
        for pattern in words.into_iter().flatten() {
            statement = statement.bind::<Text, _>(pattern);
        }
        let row: Counts = statement.get_result(conn)?;
        Ok(row.counts.contains(&0))
    }

    /// Compares the newest rows one by one.
    fn in_window(
        &self,
        conn: &mut PgConnection,
        window: i64,
        limit: i64,
    ) -> Result<Vec<i64>, DbError> {
        let table = self.table.table();
        let mut binds = Binds(3);
        let (found, mut patterns) = self.like(self.how, "search_text", || binds.next());
        let (whole, more) = self.not_whole("search_text", || binds.next());
        patterns.extend(more);
        let statement = diesel::sql_query(format!(
            "SELECT id FROM (
                 SELECT id, search_text FROM {table} WHERE id < $1 ORDER BY id DESC LIMIT $2
             ) AS newest WHERE {found}{whole} ORDER BY id DESC LIMIT $3"
        ));
        let mut statement: BoxedSqlQuery<'_, Pg, _> = statement
            .into_boxed()
            .bind::<BigInt, _>(self.before.unwrap_or(i64::MAX))
            .bind::<BigInt, _>(window)
            .bind::<BigInt, _>(limit);
        for pattern in patterns {
            statement = statement.bind::<Text, _>(pattern);
        }
        Ok(ids(statement.load(conn)?))
    }

    /// Asks the index. `id + 0` keeps PostgreSQL from looking through the table instead: it knows nothing of how
    /// rare a word is.
    fn in_index(&self, conn: &mut PgConnection, limit: i64) -> Result<Vec<i64>, DbError> {
        let table = self.table.table();
        let mut binds = Binds(3);
        let (whole, patterns) = self.not_whole("search_text", || binds.next());
        let statement = diesel::sql_query(format!(
            "SELECT id FROM {table}
             WHERE search_vector(search_text) @@ $1::tsquery AND id < $2{whole}
             ORDER BY id + 0 DESC LIMIT $3"
        ));
        let mut statement: BoxedSqlQuery<'_, Pg, _> = statement
            .into_boxed()
            .bind::<Text, _>(self.query.tsquery(self.how))
            .bind::<BigInt, _>(self.before.unwrap_or(i64::MAX))
            .bind::<BigInt, _>(limit);
        for pattern in patterns {
            statement = statement.bind::<Text, _>(pattern);
        }
        Ok(ids(statement.load(conn)?))
    }

    /// The condition that leaves out the rows of the better rank, with its patterns.
    fn not_whole(&self, text: &str, placeholder: impl FnMut() -> String) -> (String, Vec<String>) {
        if !self.without_whole {
            return (String::new(), Vec::new());
        }
        let (whole, patterns) = self.like(WordMatch::Whole, text, placeholder);
        (format!(" AND NOT ({whole})"), patterns)
    }

    /// The condition on `search_text`, with its patterns.
    fn like(
        &self,
        how: WordMatch,
        text: &str,
        mut placeholder: impl FnMut() -> String,
    ) -> (String, Vec<String>) {
        let words = self.query.like_patterns(how);
        let one = |patterns: &Vec<String>| any_like(text, patterns, &mut placeholder);
        let all: Vec<String> = words.iter().map(one).collect();
        (all.join(" AND "), words.into_iter().flatten().collect())
    }
}

/// The condition that a text is like one of these patterns.
fn any_like(text: &str, patterns: &[String], mut placeholder: impl FnMut() -> String) -> String {
    let any: Vec<String> =
        patterns.iter().map(|_| format!("{text} LIKE {}", placeholder())).collect();
    format!("({})", any.join(" OR "))
}

/// Numbers of the placeholders of PostgreSQL: the last one that is taken.
struct Binds(usize);

impl Binds {
    fn next(&mut self) -> String {
        self.0 += 1;
        format!("${}", self.0)
    }
}
