//! Photos of the job that is being finished.

use services::{Actor, Result, jobs, photos};
use shared::photo::PhotoKind;
use shared::{ErrorCode, Lang};

use crate::answer::Answer;
use crate::flows::completion::draft::{Draft, Part};
use crate::flows::completion::{filling, sheet};
use crate::here::{Here, Prepared};
use crate::update::RemoteFile;

/// Adds what was made ready. Further photos of an album only change the answer to its first one.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn add(here: Here<'_, '_>, actor: &Actor, draft: &Draft, file: &RemoteFile) -> Result<Answer> {
    let screen = here.screen();
    let ready = match here.prepared {
        Prepared::Photos(ready) => ready,
        Prepared::Unusable(code, param) => return Ok(unusable(*code, param.as_deref())),
        Prepared::Nothing | Prepared::ApplicantPhoto(_) | Prepared::Password { .. } => {
            return Ok(Answer::text("Fotonya belum masuk. Kirim sekali lagi."));
        }
    };
    let mut draft = draft.clone();
    for photo in ready {
        photos::add(here.tx, actor, draft.job, kind(&draft), &photo.stored)?;
        for serial in &photo.barcodes {
            if !draft.found.contains(serial) {
                draft.found.push(serial.clone());
            }
        }
    }
    let same_album = match (&file.album, &draft.album) {
        (Some(album), Some((last, update))) if album == last => Some(*update),
        _ => None,
    };
    draft.album = file.album.clone().map(|album| (album, same_album.unwrap_or(here.update_id)));
    if draft.part == Part::Photos {
        draft.part = draft.next(&jobs::evidence(here.tx.conn(), actor, draft.job)?);
    }
    let card = sheet::sheet(here.tx.conn(), screen, actor, &mut draft)?;
    Ok(Answer::card(card).over(same_album).go(filling(draft)))
}

/// What a photo shows that comes now: the part that is asked for says it.
const fn kind(draft: &Draft) -> PhotoKind {
    match draft.part {
        Part::Serial => PhotoKind::Device,
        Part::Attenuation => PhotoKind::Attenuation,
        Part::Report | Part::Photos | Part::Material | Part::Summary => draft.photo_kind,
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
