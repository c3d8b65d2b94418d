//! Options of an import.

use shared::import::ImportMapping;
use shared::validate::FieldFault;
use shared::{ErrorCode, Lang};

use crate::error::{Error, Result};
use crate::idempotency::RequestKey;

/// Options of an import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// File name for the audit.
    pub file_name: String,
    /// Language of the report.
    pub lang: Lang,
    /// Only reports what would be done; nothing is written.
    pub dry_run: bool,
    /// How columns and words are understood.
    pub mapping: ImportMapping,
    /// Rows may replace both name and phone number of the customer with their number.
    pub replace_customers: bool,
    /// Identity of the request, for idempotency.
    pub request: Option<RequestKey>,
}

/// Parses a mapping as JSON.
///
/// # Errors
/// `WrongType` (`mapping`), with the place of the fault.
pub fn parse_mapping(text: &str) -> Result<ImportMapping> {
    serde_json::from_str(text).map_err(|error| {
        let (field, param) = ("mapping".to_owned(), Some(error.to_string()));
        Error::from(vec![FieldFault { field, code: ErrorCode::WrongType, param }])
    })
}
