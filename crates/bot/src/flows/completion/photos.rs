//! Photos of the job that is being completed.

use services::{Actor, Result, photos};
use shared::photo::PhotoKind;
use shared::{ErrorCode, Lang};

use super::draft::{Album, ReportDraft, next_part};
use super::report_view::show_draft;
use crate::callback_data::completion::ReportPart;
use crate::context::{Prefetched, UpdateContext};
use crate::incoming_update::RemoteFile;
use crate::response::BotResponse;
use crate::texts::report;

/// Adds the prefetched photos to the job. Further photos of an album only change the response to its
/// first one. A caption becomes the report if there is none yet.
///
/// # Errors
/// `NotFound`, `Forbidden`, `JobNotEditable`.
pub fn add_photos(
    mut ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    draft: &ReportDraft,
    file: &RemoteFile,
    caption: Option<&str>,
) -> Result<BotResponse> {
    let prefetched = match ctx.prefetched {
        Prefetched::JobPhotos(photos) => photos,
        Prefetched::UnusablePhoto(code, param) => {
            return Ok(unusable_response(ctx.lang, *code, param.as_deref()));
        }
        Prefetched::Nothing | Prefetched::ApplicantPhoto(_) | Prefetched::Password { .. } => {
            return Ok(BotResponse::text(report::photo_missing(ctx.lang)));
        }
    };
    let mut draft = draft.clone();
    let same_album = draft.album.take().filter(|last| Some(&last.id) == file.album.as_ref());
    let has_barcodes = prefetched.iter().any(|photo| !photo.barcodes.is_empty());
    let kind =
        same_album.as_ref().map_or_else(|| photo_kind(&draft, has_barcodes), |album| album.kind);
    for photo in prefetched {
        photos::add(ctx.tx, actor, draft.job, kind, photo.stored.use_in_transaction())?;
        for serial in &photo.barcodes {
            if !draft.found.contains(serial) {
                draft.found.push(serial.clone());
            }
        }
    }
    let replaces = same_album.map(|album| album.counted_by);
    draft.album = file.album.clone().map(|id| {
        let counted_by = replaces.unwrap_or(ctx.update_id);
        Album { id, counted_by, kind }
    });
    let caption = caption.map(str::trim).filter(|caption| !caption.is_empty());
    if draft.report.is_none() {
        draft.report = caption.map(str::to_owned);
    }
    if matches!(draft.part, ReportPart::Photos | ReportPart::Report) {
        draft.part = next_part(ctx.tx.conn(), actor, &draft)?;
    }
    Ok(show_draft(&mut ctx, actor, None, draft)?.replacing(replaces))
}

/// What a new photo shows: a label while the serial number is asked for, the meter while the
/// attenuation is, otherwise what the technician chose.
const fn photo_kind(draft: &ReportDraft, has_barcodes: bool) -> PhotoKind {
    match draft.part {
        ReportPart::Serial if has_barcodes => PhotoKind::Device,
        ReportPart::Attenuation => PhotoKind::Attenuation,
        _ => draft.photo_kind,
    }
}

/// Why a photo was not taken, and what to do.
pub fn unusable_response(lang: Lang, code: ErrorCode, param: Option<&str>) -> BotResponse {
    BotResponse::text(match code {
        ErrorCode::PayloadTooLarge => report::photo_too_large(lang, param.unwrap_or("20 MB")),
        ErrorCode::Unavailable => report::photo_no_signal(lang).to_owned(),
        _ => report::send_another(lang, code.message(lang, param)),
    })
}
