//! Storage faults.

use crate::ErrorCode;

crate::text_enum! {
    /// Why the database or the photo directory can not be used normally.
    StorageFault {
        /// No space is left: ordinary changes are refused, reading and login still work.
        Full => "full",
        /// Readable but not writable.
        ReadOnly => "read_only",
        /// The file was deleted or replaced, or the directory is not the expected one (not
        /// mounted).
        Missing => "missing",
        /// The content is corrupt.
        Damaged => "damaged",
        /// The disk reports I/O errors.
        Failing => "failing",
        /// Another program holds a lock; temporary.
        Locked => "locked",
        /// All connections are in use; temporary.
        Busy => "busy",
        /// The database server does not respond; temporary.
        Unreachable => "unreachable",
    }
}

impl StorageFault {
    /// The error code for callers.
    pub const fn code(self) -> ErrorCode {
        match self {
            StorageFault::Full => ErrorCode::StorageFull,
            StorageFault::Locked | StorageFault::Busy | StorageFault::Unreachable => {
                ErrorCode::Unavailable
            }
            StorageFault::ReadOnly
            | StorageFault::Missing
            | StorageFault::Damaged
            | StorageFault::Failing => ErrorCode::StorageUnavailable,
        }
    }

    /// Whether a change may have been committed although its response was lost.
    pub const fn is_outcome_unknown(self) -> bool {
        matches!(self, StorageFault::Unreachable | StorageFault::Failing | StorageFault::Missing)
    }

    /// Whether an administrator has to act before changes are possible again.
    pub const fn needs_attention(self) -> bool {
        !matches!(self, StorageFault::Locked | StorageFault::Busy | StorageFault::Unreachable)
    }
}
