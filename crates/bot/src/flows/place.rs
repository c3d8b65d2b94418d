//! Where a technician is.

use services::{Result, technicians};
use shared::Coordinates;

use crate::answer::Answer;
use crate::here::Here;

/// The phone moves while its place is shared: noted without a word.
///
/// # Errors
/// The database fails.
pub fn moved(here: Here<'_, '_>, place: Coordinates) -> Result<Answer> {
    if let Ok((actor, _)) = here.technician() {
        technicians::note_place(here.tx, &actor, place)?;
    }
    Ok(Answer::default())
}

/// Somebody sent a place without being asked.
///
/// # Errors
/// The database fails.
pub fn told(here: Here<'_, '_>, place: Coordinates) -> Result<Answer> {
    let Ok((actor, _)) = here.technician() else { return Ok(Answer::default()) };
    technicians::note_place(here.tx, &actor, place)?;
    Ok(Answer::text("📍 Lokasi Anda dicatat."))
}
