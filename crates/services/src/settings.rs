//! What an organisation sets for itself.

use db::tables::settings as table;
use db::{Conn, Tx};
use shared::settings::Settings;

use crate::Actor;
use crate::audit::{self, Deed};
use crate::error::{Result, check_version};

/// The settings in force.
///
/// # Errors
/// The database fails.
pub fn load(conn: &mut Conn) -> Result<Settings> {
    Ok(table::load(conn)?)
}

/// Changes the settings.
///
/// # Errors
/// Wrong fields; moved on since `expected`.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    expected: Option<i64>,
    input: &Settings,
) -> Result<Settings> {
    input.check()?;
    let before = table::load(tx.conn())?;
    check_version(expected, before.version)?;
    let after = Settings { version: before.version + 1, ..input.clone() };
    let now = tx.now().naive_utc();
    table::save(tx.conn(), &after, now)?;
    let deed = Deed { action: "settings.update", entity: "settings", entity_id: 1 };
    audit::record(tx, actor, deed, Some(&before), Some(&after))?;
    Ok(after)
}
