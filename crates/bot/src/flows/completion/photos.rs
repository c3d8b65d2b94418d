//! Photos of the job that is being finished.

use services::{Actor, Result, jobs, photos};
use shared::photo::PhotoKind;
use shared::{ErrorCode, Lang};

use crate::answer::Answer;
use crate::flows::completion::draft::{Album, Draft, Part};
use crate::flows::completion::{filling, sheet};
use crate::here::{Here, Prepared};
use crate::update::RemoteFile;

/// Adds what was made ready. Further photos of an album only change the answer to its first one. What
/// is written below a photo is the report if there is none yet.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn add(
    here: Here<'_, '_>,
    actor: &Actor,
    draft: &Draft,
    file: &RemoteFile,
    caption: Option<&str>,
) -> Result<Answer> {
    let screen = here.screen();
    let ready = match here.prepared {
        Prepared::Photos(ready) => ready,
        Prepared::Unusable(code, param) => return Ok(unusable(*code, param.as_deref())),
        Prepared::Nothing | Prepared::ApplicantPhoto(_) | Prepared::Password { .. } => {
            return Ok(Answer::text("Fotonya belum masuk. Kirim sekali lagi."));
        }
    };
    let mut draft = draft.clone();
    let same_album = draft.album.take().filter(|last| Some(&last.id) == file.album.as_ref());
    let reads = ready.iter().any(|photo| !photo.barcodes.is_empty());
    let kind = same_album.as_ref().map_or_else(|| kind(&draft, reads), |album| album.kind);
    for photo in ready {
        photos::add(here.tx, actor, draft.job, kind, &photo.stored)?;
        for serial in &photo.barcodes {
            if !draft.found.contains(serial) {
                draft.found.push(serial.clone());
            }
        }
    }
    let counted_by = same_album.map(|album| album.counted_by);
    draft.album = file.album.clone().map(|id| {
        let counted_by = counted_by.unwrap_or(here.update_id);
        Album { id, counted_by, kind }
    });
    let told = caption.map(str::trim).filter(|caption| !caption.is_empty());
    if draft.report.is_none() {
        draft.report = told.map(str::to_owned);
    }
    if matches!(draft.part, Part::Photos | Part::Report) {
        draft.part = draft.next(&jobs::evidence(here.tx.conn(), actor, draft.job)?);
    }
    let card = sheet::sheet(here.tx.conn(), screen, actor, &mut draft)?;
    Ok(Answer::card(card).over(counted_by).go(filling(draft)))
}

/// What a photo shows that comes now: a label while the serial number is asked for, the meter while
/// redaman is, else what was chosen.
const fn kind(draft: &Draft, reads: bool) -> PhotoKind {
    match draft.part {
        Part::Serial if reads => PhotoKind::Device,
        Part::Attenuation => PhotoKind::Attenuation,
        _ => draft.photo_kind,
    }
}

/// Why a picture was not taken, and what to do.
pub fn unusable(code: ErrorCode, param: Option<&str>) -> Answer {
    Answer::text(match code {
        ErrorCode::PayloadTooLarge => format!(
            "Fotonya terlalu besar, paling besar {}. Kirim sebagai foto biasa, bukan berkas.",
            param.unwrap_or("10 MB")
        ),
        ErrorCode::Unavailable => {
            "Fotonya belum sampai karena sinyal. Kirim sekali lagi.".to_owned()
        }
        _ => format!("{} Kirim foto lain.", code.message(Lang::Id, param)),
    })
}
