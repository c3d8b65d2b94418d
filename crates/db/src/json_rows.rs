//! Many rows as one parameter, so that a statement has the same text for any number of them.

use serde::Serialize;

use crate::error::DbError;

/// Rows as a JSON array, for `json_to_recordset` of PostgreSQL.
pub(crate) fn rows_as_json<T: Serialize>(rows: &[T]) -> Result<String, DbError> {
    serde_json::to_string(rows).map_err(|error| DbError::Encode(format!("rows: {error}")))
}
