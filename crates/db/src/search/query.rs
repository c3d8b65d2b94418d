//! A search in the index of customers and jobs.

use super::indexed_text::{ODP_MARK, PHONE_MARK, WORD_END_MARK};
use super::words::{is_number, joined, words};
use super::{HiddenParts, MAX_WORDS};

/// Shortest sequence of digits that is searched in phone numbers.
const SHORTEST_PHONE_PART: usize = 3;

/// How a word of the query has to occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordMatch {
    /// As a whole word, or as the whole or the end of a phone number.
    Whole,
    /// As the start of a word, or within a phone number.
    Start,
    /// As the start of a word, or within a word of a name.
    Inside,
    /// Within a word of a name, and nowhere else.
    InsideName,
}

/// A parsed query: all words have to occur. Without a word nothing is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    text: String,
    /// Marks with which the word may be stored too.
    marks: Vec<char>,
}

impl SearchQuery {
    /// Parses words of a query for a reader who may not see the hidden parts.
    pub fn new<T: AsRef<str>>(query: &[T], hidden: HiddenParts) -> Self {
        let split = |word: &str| if is_number(word) { vec![joined(word)] } else { words(word) };
        let texts = query.iter().flat_map(|word| split(word.as_ref()));
        Self { words: texts.take(MAX_WORDS).map(|text| Word::new(text, hidden)).collect() }
    }

    /// Whether nothing can be found.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The expression of FTS5 after `MATCH`.
    pub(super) fn fts5(&self, how: WordMatch) -> String {
        let star = if how == WordMatch::Whole { "" } else { "*" };
        self.expression(how, " AND ", " OR ", |stored| format!("\"{stored}\"{star}"))
    }

    /// The forms of each word, of which one has to be in the index, if there are several words.
    pub(super) fn forms_of_several_words(&self, how: WordMatch) -> Vec<Vec<String>> {
        match self.words.as_slice() {
            [] | [_] => Vec::new(),
            words => words.iter().map(|word| word.stored(how)).collect(),
        }
    }

    /// The `tsquery` of PostgreSQL.
    pub(super) fn tsquery(&self, how: WordMatch) -> String {
        let star = if how == WordMatch::Whole { "" } else { ":*" };
        self.expression(how, " & ", " | ", |stored| format!("'{stored}'{star}"))
    }

    /// Patterns of `LIKE` on `search_text`: of each inner list one has to match.
    pub(super) fn like_patterns(&self, how: WordMatch) -> Vec<Vec<String>> {
        let end = if how == WordMatch::Whole { " %" } else { "%" };
        let patterns = |word: &Word| {
            word.stored(how).into_iter().map(|stored| format!("% {stored}{end}")).collect()
        };
        self.words.iter().map(patterns).collect()
    }

    fn expression(
        &self,
        how: WordMatch,
        and: &str,
        or: &str,
        term: impl Fn(&String) -> String,
    ) -> String {
        let one = |word: &Word| {
            let terms: Vec<String> = word.stored(how).iter().map(&term).collect();
            format!("({})", terms.join(or))
        };
        self.words.iter().map(one).collect::<Vec<_>>().join(and)
    }
}

impl Word {
    fn new(text: String, hidden: HiddenParts) -> Self {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let mut marks = Vec::new();
        if digits && text.len() >= SHORTEST_PHONE_PART && !hidden.phone {
            marks.push(PHONE_MARK);
        }
        if !hidden.odp {
            marks.push(ODP_MARK);
        }
        Self { text, marks }
    }

    /// The word in each form in which it may be stored.
    fn stored(&self, how: WordMatch) -> Vec<String> {
        let within_name = format!("{WORD_END_MARK}{}", self.text);
        if how == WordMatch::InsideName {
            return vec![within_name];
        }
        let mut all = vec![self.text.clone()];
        all.extend(self.marks.iter().map(|mark| format!("{mark}{}", self.text)));
        if how == WordMatch::Inside {
            all.push(within_name);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: HiddenParts = HiddenParts { phone: false, odp: false };
    const HIDDEN: HiddenParts = HiddenParts { phone: true, odp: true };

    #[test]
    fn a_query_is_an_expression_of_both_databases() {
        let query = SearchQuery::new(&["budi", "0812"], SHOWN);
        assert_eq!(
            query.fts5(WordMatch::Start),
            r##"("budi"* OR "@budi"*) AND ("0812"* OR "#0812"* OR "@0812"*)"##
        );
        assert_eq!(
            query.tsquery(WordMatch::Whole),
            "('budi' | '@budi') & ('0812' | '#0812' | '@0812')"
        );
    }

    #[test]
    fn hidden_parts_are_not_searched() {
        let query = SearchQuery::new(&["8123"], HIDDEN);
        assert_eq!(query.like_patterns(WordMatch::Start), [["% 8123%"]]);
        assert_eq!(query.like_patterns(WordMatch::Inside), [["% 8123%", "% ~8123%"]]);
        assert_eq!(query.like_patterns(WordMatch::InsideName), [["% ~8123%"]]);
    }

    #[test]
    fn a_job_number_is_one_word_and_other_texts_are_split() {
        let query = SearchQuery::new(&["PSB-202611-0001", "gmp-001"], HIDDEN);
        assert_eq!(query.fts5(WordMatch::Whole), r#"("psb2026110001") AND ("gmp") AND ("001")"#);
    }

    #[test]
    fn nothing_of_a_query_is_an_operator() {
        for hostile in ["\"", "'", "%", "_", "\\", "*", "a\" OR \"b", "x') | ('y"] {
            let query = SearchQuery::new(&[hostile], HIDDEN);
            let expression = query.fts5(WordMatch::Whole);
            let quoted = expression.split('"').skip(1).step_by(2);
            assert!(quoted.flat_map(str::chars).all(char::is_alphanumeric), "{expression}");
        }
        assert!(SearchQuery::new(&["%", "🙂"], SHOWN).is_empty());
    }
}
