//! What can be wrong with the place where the data lies.

use crate::ErrorCode;

crate::text_enum! {
    /// Why the database or the folder of photos can't be used as usual.
    StorageFault {
        /// No room is left: ordinary changes are refused, reading and signing in go on.
        Full => "full",
        /// It can be read and not be written.
        ReadOnly => "read_only",
        /// The file was deleted or replaced, or the folder is not the one it was: not mounted.
        Missing => "missing",
        /// Its content is broken.
        Damaged => "damaged",
        /// The disk reports errors.
        Failing => "failing",
        /// Another program holds the file; passes by itself.
        Locked => "locked",
        /// Every connection is in use; passes by itself.
        Busy => "busy",
        /// The database server does not answer; passes by itself.
        Unreachable => "unreachable",
    }
}

impl StorageFault {
    /// What a caller is told.
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

    /// Whether a change that ran into it may have been made all the same: its answer was lost.
    pub const fn is_outcome_unknown(self) -> bool {
        matches!(self, StorageFault::Unreachable | StorageFault::Failing | StorageFault::Missing)
    }

    /// Whether somebody has to act before changes are possible again.
    pub const fn needs_attention(self) -> bool {
        !matches!(self, StorageFault::Locked | StorageFault::Busy | StorageFault::Unreachable)
    }
}
