//! Encryption at rest: the encrypted columns, and encryption of former plaintext.

mod encrypt_plaintext;
mod nik_hashes;

pub use encrypt_plaintext::encrypt_plaintext_niks;
pub(crate) use nik_hashes::{NIK_HASH_PURPOSE, hash_niks};

use db::tables::encrypted_columns::EncryptedColumn;
use shared::{CustomerId, UserId};

/// A column with encrypted values.
pub(crate) struct ColumnContext {
    pub(crate) column: EncryptedColumn,
    /// Builds the encryption context of the value in the row with this key.
    pub(crate) context: fn(i64) -> String,
}

/// Every encrypted column. Values of a column that is missing here are lost with the former key.
/// The encrypted files of the upload folder are handled in [`crate::key_rotation`].
pub(crate) const ENCRYPTED_COLUMNS: &[ColumnContext] = &[
    ColumnContext {
        column: EncryptedColumn { table: "customers", key: "id", column: "nik" },
        context: |id| nik_context(CustomerId(id)),
    },
    ColumnContext {
        column: EncryptedColumn { table: "import_rows", key: "id", column: "nik" },
        context: import_nik_context,
    },
    ColumnContext {
        column: EncryptedColumn { table: "audit_keys", key: "id", column: "encrypted" },
        context: audit_key_context,
    },
    ColumnContext {
        column: EncryptedColumn { table: "second_factors", key: "user_id", column: "secret" },
        context: |id| totp_context(UserId(id)),
    },
];

/// Every encrypted column, as `table.column`.
pub fn columns() -> impl Iterator<Item = String> {
    ENCRYPTED_COLUMNS.iter().map(|place| format!("{}.{}", place.column.table, place.column.column))
}

/// Encryption context of a customer's identity number.
pub(crate) fn nik_context(id: CustomerId) -> String {
    format!("customer.nik:{id}")
}

/// Encryption context of the former identity number of an imported row.
pub(crate) fn import_nik_context(id: i64) -> String {
    format!("import_row.nik:{id}")
}

/// Encryption context of the secret of a user's second factor.
pub(crate) fn totp_context(user: UserId) -> String {
    format!("user.totp:{user}")
}

/// Encryption context of a former audit key.
pub(crate) fn audit_key_context(id: i64) -> String {
    format!("audit.key:{id}")
}
