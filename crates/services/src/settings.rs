//! Settings of the organisation.

use db::tables::settings as table;
use db::tables::{items, users};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::job::JobType;
use shared::live::{LiveEvent, UserEvent};
use shared::settings::Settings;
use shared::validate::Validator;
use shared::{ErrorCode, ItemId, Role};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Result, check_version};
use crate::jobs::recompute_open_jobs;

/// Loads the settings.
pub fn load(conn: &mut Conn) -> Result<Settings> {
    Ok(table::load(conn)?)
}

/// Updates the settings. Open jobs get the due times of the new calendar and SLA hours at once.
///
/// # Errors
/// Invalid fields; `UnknownReference` (material), `VersionMismatch`.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    expected: Option<i64>,
    input: &Settings,
) -> Result<Settings> {
    let input = input.parse()?;
    check_materials(tx.conn(), &input)?;
    let before = table::load(tx.conn())?;
    check_version(expected, before.version)?;
    let after = Settings { version: before.version + 1, ..input };
    tx.store_settings(&after)?;
    let event = AuditEvent { action: AuditAction::SettingsUpdate, entity_id: 1 };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    emit_second_factor_changes(tx, &before, &after)?;
    if due_times_change(&before, &after) {
        recompute_open_jobs(tx, actor, &after)?;
    }
    Ok(after)
}

/// Whether the settings give open jobs another due time.
fn due_times_change(before: &Settings, after: &Settings) -> bool {
    let hours = |settings: &Settings| -> Vec<i64> {
        JobType::ALL.iter().map(|&of| settings.for_job_type(of).sla_hours).collect()
    };
    before.calendar != after.calendar || hours(before) != hours(after)
}

/// Emits a change of every user whose second factor becomes required or optional, so that their
/// rights are read again and open connections end.
fn emit_second_factor_changes(tx: &mut Tx<'_>, before: &Settings, after: &Settings) -> Result<()> {
    let demanded = |settings: &Settings, role| settings.require_second_factor.applies_to(role);
    let changed = |role: &Role| demanded(before, *role) != demanded(after, *role);
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(changed).collect();
    for id in users::without_second_factor(tx.conn(), &roles)? {
        tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    }
    Ok(())
}

fn check_materials(conn: &mut Conn, settings: &Settings) -> Result<()> {
    let mut check = Validator::default();
    for (job_type, settings) in &settings.job_types {
        let ids: Vec<ItemId> = settings.materials.iter().map(|line| line.item_id).collect();
        let known = items::find_all(conn, &ids)?;
        for (index, id) in ids.iter().enumerate() {
            if !known.iter().any(|item| item.id == *id) {
                let field = format!("job_types.{job_type}.materials[{index}].item_id");
                check.fail::<()>(&field, ErrorCode::UnknownReference);
            }
        }
    }
    Ok(check.finish(Some(()))?)
}
