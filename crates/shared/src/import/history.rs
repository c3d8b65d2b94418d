//! Finished and running imports.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::ImportId;
use crate::text_enum;

text_enum! {
    /// What is imported.
    ImportKind {
        Customers => "customers",
        Items => "items",
    }
}

text_enum! {
    /// State of an import.
    ImportStatus {
        Running => "running",
        Completed => "completed",
        /// Ended before its last row: complete batches are kept, and importing the file again adds the rest.
        Interrupted => "interrupted",
        /// Being undone, or the undoing was interrupted: undoing it again does the rest.
        Undoing => "undoing",
        Undone => "undone",
    }
}

/// An import in the list of imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    pub id: ImportId,
    pub kind: ImportKind,
    pub file_name: String,
    pub status: ImportStatus,
    /// Name of the user who imported the file.
    pub started_by: String,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Filled rows of the file without the heading.
    pub rows: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub skipped: i64,
    /// Until when it can be undone, if it changed anything and nothing has been undone.
    pub undo_until: Option<DateTime<Utc>>,
    pub undone_by: Option<String>,
    pub undone_at: Option<DateTime<Utc>>,
}

/// Result of undoing an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UndoReport {
    /// Rows that were created by the import and are deleted.
    pub deleted: i64,
    /// Items that were created by the import and stay without stock, because the ledger keeps every movement.
    pub emptied: i64,
    /// Rows that have their former values again.
    pub restored: i64,
    /// Rows that somebody changed while the import was being undone; they stay.
    pub kept: i64,
}
