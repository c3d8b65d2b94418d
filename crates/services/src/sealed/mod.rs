//! What is sealed at rest: every place of it, its change to a new key, and what stood readable.

mod clear;
mod rotate;

pub use clear::seal_what_is_clear;
pub use rotate::{Rotation, rotate};

use db::tables::sealed::SealedColumn;
use shared::{CustomerId, UserId};

/// A column of sealed values.
struct Place {
    column: SealedColumn,
    /// The context of the value in the row with this key.
    context: fn(i64) -> String,
}

/// Every column that the vault seals. One that is missing here is lost with the former key.
/// The sealed files of the upload folder are in [`rotate`].
const PLACES: &[Place] = &[
    Place {
        column: SealedColumn { table: "customers", key: "id", column: "nik" },
        context: |id| nik_context(CustomerId(id)),
    },
    Place {
        column: SealedColumn { table: "audit_keys", key: "id", column: "sealed" },
        context: audit_key_context,
    },
    Place {
        column: SealedColumn { table: "second_factors", key: "user_id", column: "secret" },
        context: |id| totp_context(UserId(id)),
    },
];

/// Every sealed column, as `table.column`.
pub fn columns() -> impl Iterator<Item = String> {
    PLACES.iter().map(|place| format!("{}.{}", place.column.table, place.column.column))
}

/// Where a customer's identity number is sealed.
pub(crate) fn nik_context(id: CustomerId) -> String {
    format!("customer.nik:{id}")
}

/// Where the secret of a login's second factor is sealed.
pub(crate) fn totp_context(user: UserId) -> String {
    format!("user.totp:{user}")
}

/// Where a key of older audit entries is sealed.
pub(crate) fn audit_key_context(id: i64) -> String {
    format!("audit.key:{id}")
}
