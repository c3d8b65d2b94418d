//! Options of an import.

use shared::Lang;

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
    /// Rows may replace both name and phone number of the customer with their number.
    pub replace_customers: bool,
    /// Identity of the request, for idempotency.
    pub request: Option<RequestKey>,
}
