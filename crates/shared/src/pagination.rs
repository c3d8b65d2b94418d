//! Pagination of lists.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Default number of rows per page.
pub const DEFAULT_LIMIT: i64 = 50;
/// Maximum number of rows per page.
pub const MAX_LIMIT: i64 = 200;

/// Largest total of a list: counting stops there.
pub const MAX_TOTAL: i64 = 10_000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Value for `cursor` to get the next page; null on the last page.
    pub next_cursor: Option<String>,
    /// Number of all matching rows, at most 10,000; null unless `with_total=true` was requested.
    pub total: Option<i64>,
    /// Whether there is more than the list says: more rows than `total`, or so many matches of a search with filters
    /// or an order that only the newest were considered.
    pub capped: bool,
}

/// Several values of one filter, separated by commas in the URL. In the OpenAPI document it is a
/// plain text: `#[param(value_type = Option<String>)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommaList<T>(pub Vec<T>);

impl<T: fmt::Display> Serialize for CommaList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts: Vec<String> = self.0.iter().map(T::to_string).collect();
        serializer.serialize_str(&texts.join(","))
    }
}

impl<'de, T> Deserialize<'de> for CommaList<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().map_err(serde::de::Error::custom))
            .collect::<Result<Vec<T>, D::Error>>()
            .map(CommaList)
    }
}
