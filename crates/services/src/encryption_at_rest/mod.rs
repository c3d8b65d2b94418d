//! What is sealed at rest: every place of it, its change to a new key, and what stood readable.

mod encrypt_plaintext;
mod key_rotation;

pub use encrypt_plaintext::encrypt_plaintext_niks;
pub use key_rotation::{RotationReport, rotate_keys};

use db::tables::encrypted_columns::EncryptedColumn;
use shared::{CustomerId, UserId};

/// A column of sealed values.
struct ColumnContext {
    column: EncryptedColumn,
    /// The context of the value in the row with this key.
    context: fn(i64) -> String,
}

/// Every column that the cipher seals. One that is missing here is lost with the former key.
/// The sealed files of the upload folder are in [`rotate`].
const ENCRYPTED_COLUMNS: &[ColumnContext] = &[
    ColumnContext {
        column: EncryptedColumn { table: "customers", key: "id", column: "nik" },
        context: |id| nik_context(CustomerId(id)),
    },
    ColumnContext {
        column: EncryptedColumn { table: "audit_keys", key: "id", column: "sealed" },
        context: audit_key_context,
    },
    ColumnContext {
        column: EncryptedColumn { table: "second_factors", key: "user_id", column: "secret" },
        context: |id| totp_context(UserId(id)),
    },
];

/// Every sealed column, as `table.column`.
pub fn columns() -> impl Iterator<Item = String> {
    ENCRYPTED_COLUMNS.iter().map(|place| format!("{}.{}", place.column.table, place.column.column))
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
