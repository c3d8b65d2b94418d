//! Live events of technicians.

use db::Tx;
use db::tables::technicians as table;
use shared::TechnicianId;
use shared::live::{LiveEvent, TechnicianEvent};

use crate::error::{OrNotFound, Result};

/// Emits a change of a technician or of the linked user account.
pub(crate) fn emit_updated(tx: &mut Tx<'_>, id: TechnicianId) -> Result<()> {
    let (row, user) = table::find(tx.conn(), id)?.or_not_found()?;
    tx.emit(LiveEvent::TechnicianUpdated(TechnicianEvent {
        id,
        on_duty: row.on_duty,
        active: row.active && user.active,
        version: row.version,
    }));
    Ok(())
}
