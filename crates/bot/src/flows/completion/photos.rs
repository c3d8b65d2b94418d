//! Photos of the job that is being finished.

use services::{Actor, Result, jobs, photos};
use shared::photo::PhotoKind;
use shared::{ErrorCode, Lang};

use crate::context::{Prefetched, UpdateContext};
use crate::flows::completion::draft::{Album, ReportDraft, ReportPart};
use crate::flows::completion::{report_view, to_dialogue};
use crate::response::BotResponse;
use crate::update::RemoteFile;

/// Adds what was made ready. Further photos of an album only change the answer to its first one. What
/// is written below a photo is the report if there is none yet.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn add_photos(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    draft: &ReportDraft,
    file: &RemoteFile,
    caption: Option<&str>,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let ready = match here.prefetched {
        Prefetched::JobPhotos(ready) => ready,
        Prefetched::UnusablePhoto(code, param) => {
            return Ok(unusable_response(*code, param.as_deref()));
        }
        Prefetched::Nothing | Prefetched::ApplicantPhoto(_) | Prefetched::Password { .. } => {
            return Ok(BotResponse::text("Fotonya belum masuk. Kirim sekali lagi."));
        }
    };
    let mut draft = draft.clone();
    let same_album = draft.album.take().filter(|last| Some(&last.id) == file.album.as_ref());
    let reads = ready.iter().any(|photo| !photo.barcodes.is_empty());
    let kind = same_album.as_ref().map_or_else(|| photo_kind(&draft, reads), |album| album.kind);
    for photo in ready {
        photos::add(here.tx, actor, draft.job, kind, photo.stored.use_in_transaction())?;
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
    if matches!(draft.part, ReportPart::Photos | ReportPart::Report) {
        draft.part =
            draft.next_part(&jobs::completion_requirements(here.tx.conn(), actor, draft.job)?);
    }
    let card = report_view::render(here.tx.conn(), screen, actor, &mut draft)?;
    Ok(BotResponse::view(card).replacing(counted_by).with_dialogue(to_dialogue(draft)))
}

/// What a photo shows that comes now: a label while the serial number is asked for, the meter while
/// redaman is, else what was chosen.
const fn photo_kind(draft: &ReportDraft, reads: bool) -> PhotoKind {
    match draft.part {
        ReportPart::Serial if reads => PhotoKind::Device,
        ReportPart::Attenuation => PhotoKind::Attenuation,
        _ => draft.photo_kind,
    }
}

/// Why a picture was not taken, and what to do.
pub fn unusable_response(code: ErrorCode, param: Option<&str>) -> BotResponse {
    BotResponse::text(match code {
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
