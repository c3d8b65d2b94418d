//! Lists, page by page.

use db::Cursor;
use shared::pagination::{DEFAULT_LIMIT, MAX_LIMIT};
use shared::validate::FieldFault;
use shared::{ErrorCode, Page};

use crate::error::{Error, Result};

/// Which page of a list is asked for.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Rows on the page.
    pub limit: i64,
    pub cursor: Option<Cursor>,
    pub with_total: bool,
}

impl PageRequest {
    /// Reads the three parameters that every list has.
    ///
    /// # Errors
    /// A limit outside 1..=200 (field fault); a mark that is none ([`ErrorCode::InvalidCursor`]).
    pub fn parse(
        limit: Option<i64>,
        cursor: Option<&str>,
        with_total: Option<bool>,
    ) -> Result<Self> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            let param = Some(format!("1–{MAX_LIMIT}"));
            return Err(vec![FieldFault {
                field: "limit".into(),
                code: ErrorCode::OutOfRange,
                param,
            }]
            .into());
        }
        let cursor =
            cursor.map(|text| Cursor::decode(text).ok_or_else(invalid_cursor)).transpose()?;
        Ok(Self { limit, cursor, with_total: with_total.unwrap_or(false) })
    }

    /// The time in the mark of a list that is sorted by time.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidCursor`] if the mark is from another list.
    pub fn check_time_cursor(&self) -> Result<()> {
        match &self.cursor {
            Some(cursor) if cursor.as_time().is_none() => Err(invalid_cursor()),
            _ => Ok(()),
        }
    }

    /// How many rows to fetch: one more than asked for shows whether there is a next page.
    pub fn fetch_limit(&self) -> i64 {
        self.limit + 1
    }

    /// Makes the page from the fetched rows.
    pub fn page<R, T>(
        &self,
        mut rows: Vec<R>,
        total: Option<i64>,
        mark: impl Fn(&R) -> Cursor,
        into: impl FnMut(R) -> T,
    ) -> Page<T> {
        let more = rows.len() as i64 > self.limit;
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        let next_cursor = rows.last().filter(|_| more).map(|last| mark(last).encode());
        Page { items: rows.into_iter().map(into).collect(), next_cursor, total }
    }
}

/// A list that is always given whole.
pub fn single_page<T>(items: Vec<T>) -> Page<T> {
    Page { total: Some(items.len() as i64), items, next_cursor: None }
}

fn invalid_cursor() -> Error {
    Error::refuse(ErrorCode::InvalidCursor)
}
