//! Keyset pagination of lists.

use db::{Cursor, Found};
use shared::pagination::{DEFAULT_LIMIT, MAX_LIMIT, MAX_TOTAL};
use shared::validate::FieldFault;
use shared::{ErrorCode, Page};

use crate::error::{Error, Result};

/// The requested page of a list.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Maximum rows on the page.
    pub limit: i64,
    pub cursor: Option<Cursor>,
    pub with_total: bool,
}

impl PageRequest {
    /// Parses the three parameters that every list has.
    ///
    /// # Errors
    /// `OutOfRange` for a limit outside 1..=200, `InvalidCursor`.
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

    /// Checks that the cursor belongs to a list sorted by time.
    ///
    /// # Errors
    /// `InvalidCursor`.
    pub fn check_time_cursor(&self) -> Result<()> {
        match &self.cursor {
            Some(cursor) if cursor.as_time().is_none() => Err(invalid_cursor()),
            _ => Ok(()),
        }
    }

    /// Checks that the cursor belongs to a list ranked by a search.
    ///
    /// # Errors
    /// `InvalidCursor`.
    pub fn check_ranked_cursor(&self) -> Result<()> {
        match &self.cursor {
            Some(cursor) if !db::search::is_ranked_cursor(cursor) => Err(invalid_cursor()),
            _ => Ok(()),
        }
    }

    /// Rows to fetch: one more than the limit reveals whether there is a next page.
    pub fn fetch_limit(&self) -> i64 {
        self.limit + 1
    }

    /// Builds the page from the fetched rows.
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
        let items = rows.into_iter().map(into).collect();
        Page { items, next_cursor, total: total.map(shown_total), capped: is_capped(total) }
    }

    /// Builds the page from rows with their cursors.
    pub fn page_of<R, T>(
        &self,
        found: Found<R>,
        total: Option<i64>,
        mut into: impl FnMut(R) -> T,
    ) -> Page<T> {
        let capped = found.capped;
        let page = self.page(found.rows, total, |(_, cursor)| cursor.clone(), |(row, _)| into(row));
        Page { capped: capped || page.capped, ..page }
    }
}

fn shown_total(counted: i64) -> i64 {
    counted.min(MAX_TOTAL)
}

fn is_capped(total: Option<i64>) -> bool {
    total.is_some_and(|counted| counted > MAX_TOTAL)
}

/// A list that is always returned completely.
pub fn single_page<T>(items: Vec<T>) -> Page<T> {
    Page { total: Some(items.len() as i64), items, next_cursor: None, capped: false }
}

fn invalid_cursor() -> Error {
    Error::refuse(ErrorCode::InvalidCursor)
}
