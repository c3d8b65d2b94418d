//! Where a technician is.

use services::{Result, technicians};
use shared::Coordinates;

use crate::context::UpdateContext;
use crate::response::BotResponse;

/// The phone moves while its place is shared: noted without a word.
///
/// # Errors
/// The database fails.
pub fn on_live_location(here: UpdateContext<'_, '_>, place: Coordinates) -> Result<BotResponse> {
    if let Ok((actor, _)) = here.technician() {
        technicians::record_location(here.tx, &actor, place)?;
    }
    Ok(BotResponse::default())
}

/// Somebody sent a place without being asked.
///
/// # Errors
/// The database fails.
pub fn on_location(here: UpdateContext<'_, '_>, place: Coordinates) -> Result<BotResponse> {
    let Ok((actor, _)) = here.technician() else { return Ok(BotResponse::default()) };
    technicians::record_location(here.tx, &actor, place)?;
    Ok(BotResponse::text("📍 Lokasi Anda dicatat."))
}
