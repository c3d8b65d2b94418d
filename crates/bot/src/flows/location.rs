//! Locations that technicians send.

use services::{Result, technicians};
use shared::Coordinates;

use crate::context::UpdateContext;
use crate::response::BotResponse;
use crate::texts;

/// Records a live location. The phone sends it again whenever it moves, so there is no reply.
///
/// # Errors
/// `Forbidden`.
pub fn on_live_location(ctx: UpdateContext<'_, '_>, location: Coordinates) -> Result<BotResponse> {
    if let Ok((actor, _)) = ctx.technician() {
        technicians::record_location(ctx.tx, &actor, location)?;
    }
    Ok(BotResponse::default())
}

/// Records a location that was sent without being asked for.
///
/// # Errors
/// `Forbidden`.
pub fn on_location(ctx: UpdateContext<'_, '_>, location: Coordinates) -> Result<BotResponse> {
    let Ok((actor, _)) = ctx.technician() else { return Ok(BotResponse::default()) };
    technicians::record_location(ctx.tx, &actor, location)?;
    Ok(BotResponse::text(texts::location::recorded(ctx.lang)))
}
