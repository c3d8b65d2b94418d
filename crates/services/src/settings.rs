//! What an organisation sets for itself.

use db::tables::items;
use db::tables::settings as table;
use db::{Conn, Tx};
use shared::settings::Settings;
use shared::validate::Checker;
use shared::{ErrorCode, ItemId};

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
/// Wrong fields; material that does not exist; moved on since `expected`.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    expected: Option<i64>,
    input: &Settings,
) -> Result<Settings> {
    input.check()?;
    check_materials(tx.conn(), input)?;
    let before = table::load(tx.conn())?;
    check_version(expected, before.version)?;
    let after = Settings { version: before.version + 1, ..input.clone() };
    let now = tx.now().naive_utc();
    table::save(tx.conn(), &after, now)?;
    let deed = Deed { action: "settings.update", entity: "settings", entity_id: 1 };
    audit::record(tx, actor, deed, Some(&before), Some(&after))?;
    Ok(after)
}

fn check_materials(conn: &mut Conn, settings: &Settings) -> Result<()> {
    let mut check = Checker::default();
    let lists = [("installation", &settings.installation), ("repair", &settings.repair)];
    for (name, list) in lists.map(|(name, settings)| (name, &settings.materials)) {
        let ids: Vec<ItemId> = list.iter().map(|line| line.item_id).collect();
        let known = items::find_all(conn, &ids)?;
        for (index, id) in ids.iter().enumerate() {
            if !known.iter().any(|item| item.id == *id) {
                let field = format!("{name}.materials[{index}].item_id");
                check.fail::<()>(&field, ErrorCode::UnknownReference);
            }
        }
    }
    Ok(check.finish(Some(()))?)
}
