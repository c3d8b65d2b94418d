//! Keyset pagination cursor: names the last row of a page, so that the next page starts after it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// The sort key and id of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    key: String,
    pub id: i64,
}

impl Cursor {
    /// A cursor of a list sorted by a text (or by id alone, with an empty text).
    pub fn text(key: &str, id: i64) -> Self {
        Self { key: key.to_owned(), id }
    }

    /// A cursor of a list sorted by a time.
    pub fn time(key: NaiveDateTime, id: i64) -> Self {
        Self { key: key.and_utc().timestamp_micros().to_string(), id }
    }

    /// The sort key of a list sorted by a text.
    pub fn as_text(&self) -> &str {
        &self.key
    }

    /// The sort key of a list sorted by a time; `None` if the cursor is from another list.
    pub fn as_time(&self) -> Option<NaiveDateTime> {
        let micros = self.key.parse().ok()?;
        DateTime::from_timestamp_micros(micros).map(|time| time.naive_utc())
    }

    /// Encodes the cursor for a URL.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.id, self.key))
    }

    /// Reads what [`Cursor::encode`] wrote. No database takes a zero within a text.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?;
        let (id, key) = text.split_once(':')?;
        Some(Self { key: key.to_owned(), id: id.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn a_cursor_round_trips_through_its_encoding() {
        let cursor = Cursor::text("Siti: Nur & Co.", 42);
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        assert_eq!(Cursor::decode("not a cursor"), None);
    }
}
