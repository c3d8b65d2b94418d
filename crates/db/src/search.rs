//! Substring search in `search_text` columns, by trigram indexes where they exist.

use diesel::dsl::sql;
use diesel::expression::{AsExpression, BoxableExpression, SqlLiteral, UncheckedBind};
use diesel::sql_types::{Bool, Text};

use crate::conn::{Backend, MultiBackend};

/// A condition on a searchable table.
pub type Condition<Table> = Box<dyn BoxableExpression<Table, MultiBackend, SqlType = Bool>>;

/// A table with a `search_text` column and an index for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searchable {
    Customers,
    Jobs,
    Technicians,
    Items,
    Users,
}

impl Searchable {
    const fn table(self) -> &'static str {
        match self {
            Searchable::Customers => "customers",
            Searchable::Jobs => "jobs",
            Searchable::Technicians => "technicians",
            Searchable::Items => "items",
            Searchable::Users => "users",
        }
    }

    /// Large tables have a trigram index on SQLite; the others are small enough to scan.
    const fn has_trigrams(self) -> bool {
        matches!(self, Searchable::Customers | Searchable::Jobs)
    }
}

/// Shortest word that a trigram index can find.
const TRIGRAM_CHARS: usize = 3;

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
pub fn contains_all<Table>(
    backend: Backend,
    table: Searchable,
    words: &[String],
) -> Vec<Condition<Table>>
where
    SearchCondition: BoxableExpression<Table, MultiBackend, SqlType = Bool>,
{
    if backend == Backend::Postgres || !table.has_trigrams() {
        return words.iter().map(|word| contains(table, word)).collect();
    }
    let (long, short): (Vec<_>, Vec<_>) =
        words.iter().partition(|word| word.chars().count() >= TRIGRAM_CHARS);
    let mut all: Vec<_> = short.into_iter().map(|word| contains(table, word)).collect();
    if !long.is_empty() {
        // One MATCH for all words lets the index intersect their rows.
        let phrases: Vec<String> =
            long.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
        let name = table.table();
        let start = format!("{name}.id IN (SELECT rowid FROM {name}_fts WHERE {name}_fts MATCH ");
        all.push(Box::new(sql::<Bool>(&start).bind::<Text, _>(phrases.join(" ")).sql(")")));
    }
    all
}

/// What a reader may not see of a customer, and so must not find either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HiddenParts {
    pub phone: bool,
    pub odp: bool,
}

/// Rows that contain each of the words even without the hidden parts. No index helps here, so use it in
/// addition to [`contains_all`]. The query has to join the table of customers.
pub fn contains_all_but<Table>(
    table: Searchable,
    hidden: HiddenParts,
    words: &[String],
) -> Vec<Condition<Table>>
where
    SearchCondition: BoxableExpression<Table, MultiBackend, SqlType = Bool>,
{
    if hidden == HiddenParts::default() {
        return Vec::new();
    }
    let mut text = format!("{}.search_text", table.table());
    if hidden.phone {
        text = format!(
            "replace(replace({text}, customers.phone, ''), coalesce(customers.second_phone, '+'), '')"
        );
    }
    if hidden.odp {
        // With the blanks around it: a short name must not tear holes into other words.
        text = format!(
            "replace({text} || ' ', coalesce(' ' || lower(customers.odp) || ' ', '+'), ' ')"
        );
    }
    words.iter().map(|word| like(&text, word)).collect()
}

/// Rows whose `search_text` contains `word`; PostgreSQL finds them through its trigram index.
fn contains<Table>(table: Searchable, word: &str) -> Condition<Table>
where
    SearchCondition: BoxableExpression<Table, MultiBackend, SqlType = Bool>,
{
    like(&format!("{}.search_text", table.table()), word)
}

fn like<Table>(text: &str, word: &str) -> Condition<Table>
where
    SearchCondition: BoxableExpression<Table, MultiBackend, SqlType = Bool>,
{
    let start = format!("{text} LIKE ");
    Box::new(sql::<Bool>(&start).bind::<Text, _>(like_pattern(word)).sql(" ESCAPE '\\'"))
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
