//! Detection of storage faults in errors of the drivers and the operating system.
//!
//! diesel's SQLite driver passes on only the library's message, which does not depend on language or
//! release; its PostgreSQL driver passes on no SQLSTATE for these errors.

use std::io::{self, ErrorKind};

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use shared::StorageFault;

/// Parts of messages and their faults. The first match counts.
const MESSAGES: [(&str, StorageFault); 20] = [
    // SQLite
    ("database or disk is full", StorageFault::Full),
    ("attempt to write a readonly database", StorageFault::ReadOnly),
    ("database is locked", StorageFault::Locked),
    ("database disk image is malformed", StorageFault::Damaged),
    ("file is not a database", StorageFault::Damaged),
    ("disk I/O error", StorageFault::Failing),
    ("unable to open database file", StorageFault::Missing),
    // PostgreSQL and its client library
    ("No space left on device", StorageFault::Full),
    ("Disk quota exceeded", StorageFault::Full),
    ("Read-only file system", StorageFault::ReadOnly),
    ("in a read-only transaction", StorageFault::ReadOnly),
    ("due to administrator command", StorageFault::Unreachable),
    ("terminating connection", StorageFault::Unreachable),
    ("the database system is", StorageFault::Unreachable),
    ("server closed the connection", StorageFault::Unreachable),
    ("no connection to the server", StorageFault::Unreachable),
    ("could not connect", StorageFault::Unreachable),
    ("connection to server", StorageFault::Unreachable),
    ("SSL connection has been closed", StorageFault::Unreachable),
    ("could not receive data", StorageFault::Unreachable),
];

/// Returns the fault that a message describes.
pub fn fault_of_text(text: &str) -> Option<StorageFault> {
    MESSAGES.iter().find(|(part, _)| text.contains(part)).map(|(_, fault)| *fault)
}

/// Returns the fault behind a failed query.
pub fn fault_of_query(error: &DieselError) -> Option<StorageFault> {
    match error {
        DieselError::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                Some(StorageFault::Unreachable)
            }
            DatabaseErrorKind::ReadOnlyTransaction => Some(StorageFault::ReadOnly),
            DatabaseErrorKind::Unknown => fault_of_text(info.message()),
            _ => None,
        },
        DieselError::BrokenTransactionManager => Some(StorageFault::Unreachable),
        _ => None,
    }
}

/// Returns the fault behind a failed file operation.
pub fn fault_of_io(error: &io::Error) -> StorageFault {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            StorageFault::Full
        }
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => StorageFault::ReadOnly,
        ErrorKind::NotFound | ErrorKind::NotADirectory => StorageFault::Missing,
        _ => StorageFault::Failing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_both_databases_are_recognised() {
        let cases = [
            ("database or disk is full", StorageFault::Full),
            (
                "could not extend file \"base/16384/16422\": No space left on device",
                StorageFault::Full,
            ),
            ("cannot execute INSERT in a read-only transaction", StorageFault::ReadOnly),
            ("terminating connection due to administrator command", StorageFault::Unreachable),
            ("FATAL:  the database system is starting up", StorageFault::Unreachable),
            (
                "connection to server at \"127.0.0.1\", port 5432 failed: Connection refused",
                StorageFault::Unreachable,
            ),
        ];
        for (text, fault) in cases {
            assert_eq!(fault_of_text(text), Some(fault), "{text}");
        }
        assert_eq!(fault_of_text("duplicate key value violates unique constraint"), None);
    }
}
