//! Search in `search_text` columns.
//!
//! - Customers and jobs: words, found by an index of words (FTS5 on SQLite, GIN on PostgreSQL) whose cost does
//!   not grow with the table, the best matches first.
//! - The other tables are small: their text is scanned for parts of words.

mod indexed_text;
mod query;
mod ranked;
mod words;

pub use indexed_text::IndexedText;
pub use query::{SearchQuery, WordMatch};
pub(crate) use ranked::{
    Hit, Indexed, MAX_CANDIDATES, count, newest, position, ranked, with_name_parts,
};

use diesel::BoolExpressionMethods;
use diesel::dsl::sql;
use diesel::expression::{AsExpression, BoxableExpression, SqlLiteral, UncheckedBind};
use diesel::sql_types::{Bool, Text};

use crate::conn::MultiBackend;
use crate::cursor::Cursor;

/// A condition on a searchable table.
pub type Condition<Table> = Box<dyn BoxableExpression<Table, MultiBackend, SqlType = Bool>>;

/// Whether a cursor belongs to a list that is ranked by a search.
pub fn is_ranked_cursor(cursor: &Cursor) -> bool {
    position(cursor).is_some()
}

/// A small table with a `search_text` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searchable {
    Technicians,
    Items,
    Users,
}

impl Searchable {
    const fn table(self) -> &'static str {
        match self {
            Searchable::Technicians => "technicians",
            Searchable::Items => "items",
            Searchable::Users => "users",
        }
    }
}

/// Words of a query that are used at most.
const MAX_WORDS: usize = 8;

/// Splits a query into words as `search_text` stores them: lower case, and phone numbers without
/// punctuation and prefix, so that `0812-345`, `0812 345` and `812345` find the same.
pub fn query_words(query: &str) -> Vec<String> {
    let query = query.trim().to_lowercase();
    let phone_like = query.chars().any(|c| c.is_ascii_digit())
        && query.chars().all(|c| c.is_ascii_digit() || " -+().".contains(c));
    if phone_like {
        let digits: String = query.chars().filter(char::is_ascii_digit).collect();
        let national = digits.strip_prefix('0').unwrap_or(&digits);
        return vec![national.to_owned()].into_iter().filter(|word| !word.is_empty()).collect();
    }
    query.split_whitespace().take(MAX_WORDS).map(str::to_owned).collect()
}

/// Builds the value of a `search_text` column.
pub fn search_text(parts: &[&str]) -> String {
    parts.join(" ").to_lowercase()
}

type SearchCondition =
    SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, <String as AsExpression<Text>>::Expression>>;

/// Rows whose `search_text` contains each of the words.
pub fn contains_all<Table>(table: Searchable, words: &[String]) -> Vec<Condition<Table>>
where
    SearchCondition: BoxableExpression<Table, MultiBackend, SqlType = Bool>,
{
    let text = format!("{}.search_text", table.table());
    words.iter().map(|word| like(&text, &like_pattern(word))).collect()
}

/// Rows of a customer or job whose `search_text` contains each word as the start of a word, compared row by row:
/// for filters that leave few rows.
pub(crate) fn starts_with_all<Table>(table: Indexed, query: &SearchQuery) -> Vec<Condition<Table>>
where
    Table: 'static,
    SearchCondition: BoxableExpression<Table, MultiBackend, SqlType = Bool>,
{
    let text = format!("{}.search_text", table.table());
    if query.is_empty() {
        return vec![like(&text, "")];
    }
    let any = |patterns: Vec<String>| {
        let mut all = patterns.iter().map(|pattern| like(&text, pattern));
        let first = all.next().unwrap_or_else(|| like(&text, ""));
        all.fold(first, |any, one| -> Condition<Table> { Box::new(any.or(one)) })
    };
    query.like_patterns(WordMatch::Start).into_iter().map(any).collect()
}

/// What a reader may not see of a customer, and so must not find either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HiddenParts {
    pub phone: bool,
    pub odp: bool,
}

fn like<Table>(text: &str, pattern: &str) -> Condition<Table>
where
    SearchCondition: BoxableExpression<Table, MultiBackend, SqlType = Bool>,
{
    let start = format!("{text} LIKE ");
    Box::new(sql::<Bool>(&start).bind::<Text, _>(pattern.to_owned()).sql(" ESCAPE '\\'"))
}

/// The pattern of `LIKE … ESCAPE '\'` that finds `word` anywhere.
pub(crate) fn like_pattern(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::query_words;

    #[test]
    fn phone_number_queries_are_normalised() {
        for query in ["0812-345", "0812 345", "812345", " 0812.345 "] {
            assert_eq!(query_words(query), ["812345"], "{query}");
        }
        assert_eq!(query_words("+62 812 345"), ["62812345"]);
        assert_eq!(query_words("Budi  Santoso"), ["budi", "santoso"]);
        assert!(query_words("  ").is_empty());
    }
}
