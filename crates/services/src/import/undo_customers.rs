//! Undoing imported customers.

use std::collections::HashMap;

use db::tables::customer_niks;
use db::tables::customers::{self as table, CustomerValues};
use db::tables::import_rows::{self, ImportedRow};
use db::{Conn, DbError, Tx};
use shared::audit::AuditAction;
use shared::import::ImportKind;
use shared::{CustomerId, Nik};

use super::audit_snapshot::CustomerSnapshot;
use crate::audit::{self, AuditEvent};
use crate::encryption::Cipher;
use crate::encryption_at_rest::import_nik_context;
use crate::error::Result;
use crate::{Actor, customers};

/// What was done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UndoneRow {
    Deleted,
    /// Kept without stock.
    Emptied,
    Restored,
    /// Changed or used by somebody else; it stays.
    Kept,
}

/// How many customers were changed or used since the import, and the names of some.
pub(super) fn in_use(
    conn: &mut Conn,
    rows: &[ImportedRow],
    named: usize,
) -> Result<(usize, Vec<String>)> {
    let used = ids_in_use(conn, rows)?;
    let mut names = Vec::with_capacity(named);
    for id in used.iter().take(named) {
        let row = table::find(conn, *id, None)?;
        names.push(row.map_or_else(|| id.to_string(), |(row, ..)| row.name));
    }
    Ok((used.len(), names))
}

fn ids_in_use(conn: &mut Conn, rows: &[ImportedRow]) -> Result<Vec<CustomerId>> {
    let ids: Vec<CustomerId> = rows.iter().map(customer_id).collect();
    let versions: HashMap<CustomerId, i64> = table::versions(conn, &ids)?.into_iter().collect();
    let created: Vec<CustomerId> =
        rows.iter().filter(|row| row.before.is_none()).map(customer_id).collect();
    let with_history = table::in_use(conn, &created)?;
    let is_used = |row: &&ImportedRow| {
        let id = customer_id(row);
        versions.get(&id) != Some(&row.version) || with_history.contains(&id)
    };
    Ok(rows.iter().filter(is_used).map(customer_id).collect())
}

fn customer_id(row: &ImportedRow) -> CustomerId {
    CustomerId(row.entity_id)
}

/// Deletes created customers and restores changed ones.
pub(super) fn undo(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    rows: &[ImportedRow],
) -> Result<Vec<UndoneRow>> {
    for row in rows {
        table::lock(tx.conn(), customer_id(row))?;
    }
    let used = ids_in_use(tx.conn(), rows)?;
    let mut undone = Vec::with_capacity(rows.len());
    for row in rows {
        undone.push(match &row.before {
            _ if used.contains(&customer_id(row)) => UndoneRow::Kept,
            None => delete(tx, cipher, actor, row)?,
            Some(before) => restore(tx, cipher, actor, row, before)?,
        });
    }
    Ok(undone)
}

fn delete(tx: &mut Tx<'_>, cipher: &Cipher, actor: &Actor, row: &ImportedRow) -> Result<UndoneRow> {
    let id = customer_id(row);
    let Some((stored, ..)) = table::find(tx.conn(), id, None)? else {
        return Ok(UndoneRow::Kept);
    };
    let nik = customers::stored_nik(cipher, &stored).unwrap_or_default();
    if !table::delete(tx.conn(), id, row.version)? {
        return Err(DbError::Conflict.into());
    }
    let values = CustomerValues::from(stored);
    let event = AuditEvent { action: AuditAction::CustomerDelete, entity_id: id.0 };
    let was = CustomerSnapshot::new(&values, nik.as_ref());
    audit::record::<_, ()>(tx, actor, event, Some(&was), None)?;
    Ok(UndoneRow::Deleted)
}

fn restore(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    row: &ImportedRow,
    before: &str,
) -> Result<UndoneRow> {
    let id = customer_id(row);
    let Some((stored, ..)) = table::find(tx.conn(), id, None)? else {
        return Ok(UndoneRow::Kept);
    };
    let values: CustomerValues = serde_json::from_str(before)
        .map_err(|error| DbError::Corrupt(format!("import_rows.before {}: {error}", row.id)))?;
    customers::save(tx, &stored, &values)?;
    let (former, now) = (row.version - 1, stored.version + 1);
    import_rows::restored(tx.conn(), ImportKind::Customers, id.0, former, now)?;
    let now_stored = customers::stored_nik(cipher, &stored).unwrap_or_default();
    let nik = match &row.nik {
        Some(encrypted) => {
            let former = former_nik(cipher, row.id, encrypted)?;
            let encrypted = customers::encrypt_nik(cipher, id, &former);
            customer_niks::set(tx.conn(), &[encrypted])?;
            Some(former)
        }
        None if row.nik_added => {
            customer_niks::clear(tx.conn(), id)?;
            None
        }
        None => now_stored.clone(),
    };
    let was = CustomerValues::from(stored);
    let event = AuditEvent { action: AuditAction::CustomerUpdate, entity_id: id.0 };
    let was = CustomerSnapshot::new(&was, now_stored.as_ref());
    let is = CustomerSnapshot::new(&values, nik.as_ref());
    audit::record(tx, actor, event, Some(&was), Some(&is))?;
    Ok(UndoneRow::Restored)
}

fn former_nik(cipher: &Cipher, row: i64, encrypted: &[u8]) -> Result<Nik> {
    let context = import_nik_context(row);
    let digits = String::from_utf8(cipher.decrypt(&context, encrypted)?).ok();
    let nik = digits.and_then(|digits| Nik::parse(&digits).ok());
    nik.ok_or_else(|| DbError::Corrupt(format!("{context}: is no identity number")).into())
}
