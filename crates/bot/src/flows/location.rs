//! Locations that technicians send.

use chrono::TimeDelta;
use services::technicians::RecordedLocation;
use services::{Actor, Result, technicians};
use shared::Coordinates;

use crate::context::UpdateContext;
use crate::format;
use crate::html::escape;
use crate::incoming_update::LocationSource;
use crate::response::BotResponse;
use crate::texts;

/// A location that is older when it arrives is answered with its time.
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Records a live location. The phone sends it again whenever it moves, so there is no reply.
///
/// # Errors
/// `Forbidden`.
pub fn on_live_location(ctx: UpdateContext<'_, '_>, location: Coordinates) -> Result<BotResponse> {
    if let Ok((actor, _)) = ctx.technician() {
        let at = ctx.sent_at.unwrap_or(ctx.tx.now());
        technicians::record_location(ctx.tx, &actor, location, at)?;
    }
    Ok(BotResponse::default())
}

/// Records a location that was sent without being asked for.
///
/// # Errors
/// `Forbidden`.
pub fn on_location(
    mut ctx: UpdateContext<'_, '_>,
    location: Coordinates,
    source: LocationSource,
) -> Result<BotResponse> {
    let Ok((actor, _)) = ctx.technician() else { return Ok(BotResponse::default()) };
    Ok(BotResponse::text(record(&mut ctx, &actor, location, source)?))
}

/// Records a location as what it is, and says so in one line: the time is that of the message, and a place
/// from a list is not where the technician is.
///
/// # Errors
/// `Forbidden`.
pub fn record(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    location: Coordinates,
    source: LocationSource,
) -> Result<String> {
    if source == LocationSource::Venue {
        return Ok(texts::location::venue(ctx.lang).to_owned());
    }
    let now = ctx.tx.now();
    let at = ctx.sent_at.unwrap_or(now);
    let recorded = technicians::record_location(ctx.tx, actor, location, at)?;
    let time = |ctx: &UpdateContext<'_, '_>| escape(&format::date_time(ctx.view_ctx(), at));
    Ok(match recorded {
        RecordedLocation::Superseded => texts::location::superseded(ctx.lang, time(ctx)),
        RecordedLocation::Current if now - at > FRESH => {
            texts::location::recorded_late(ctx.lang, time(ctx))
        }
        RecordedLocation::Current => texts::location::recorded(ctx.lang).to_owned(),
    })
}
