//! Photos of the job that is being completed.

use services::{Actor, Result, photos};
use shared::photo::PhotoKind;
use shared::text::{TextForm, normalize};
use shared::{ErrorCode, Lang};

use super::dialogue::CompletionDialogue;
use super::draft::{ReportDraft, next_part};
use super::report_view::show_draft;
use crate::callback_data::completion::ReportPart;
use crate::context::{Prefetched, UpdateContext};
use crate::incoming_update::RemoteFile;
use crate::response::BotResponse;
use crate::texts::report;

/// Adds the prefetched photos to the job. Further photos of an album only change the newest view of the
/// report, also if something else came between them. A caption becomes the report if there is none yet.
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
            return Ok(report_unusable(&ctx, draft, file, (*code, param.as_deref())));
        }
        Prefetched::Nothing | Prefetched::ApplicantPhoto(_) | Prefetched::Password { .. } => {
            return Ok(BotResponse::text(report::photo_missing(ctx.lang)));
        }
    };
    let mut draft = draft.clone();
    let has_barcodes = prefetched.iter().any(|photo| !photo.barcodes.is_empty());
    let mut kind = photo_kind(&draft, has_barcodes);
    let mut replaces = None;
    let shown_by = draft.shown_by;
    if let Some(album) = file.album.as_deref().and_then(|id| draft.album_mut(id, kind)) {
        kind = album.kind;
        replaces = shown_by.filter(|_| album.counted);
        album.counted = true;
    }
    for photo in prefetched {
        photos::add(ctx.tx, actor, draft.job, kind, photo.stored.use_in_transaction())?;
        for serial in &photo.barcodes {
            if !draft.found.contains(serial) {
                draft.found.push(serial.clone());
            }
        }
    }
    if draft.report.is_none() {
        draft.report = caption.and_then(|caption| normalize(caption.trim(), TextForm::Prose).ok());
        draft.report.take_if(|report| report.is_empty());
    }
    if matches!(draft.part, ReportPart::Photos | ReportPart::Report) {
        draft.part = next_part(ctx.tx.conn(), actor, &draft)?;
    }
    let mut view = show_draft(&mut ctx, actor, None, draft.clone())?.replacing(replaces);
    if replaces.is_some() {
        // The changed message stays the newest view of the report.
        let draft = ReportDraft { shown_by, ..draft };
        view = view.with_dialogue(CompletionDialogue::Filling(draft));
    }
    Ok(view)
}

/// Says why a photo was not taken: one line for all photos of an album.
fn report_unusable(
    ctx: &UpdateContext<'_, '_>,
    draft: &ReportDraft,
    file: &RemoteFile,
    (code, param): (ErrorCode, Option<&str>),
) -> BotResponse {
    let mut draft = draft.clone();
    let reason = unusable_text(ctx.lang, code, param);
    let kind = draft.photo_kind;
    let Some(album) = file.album.as_deref().and_then(|id| draft.album_mut(id, kind)) else {
        return BotResponse::text(reason);
    };
    album.unusable += 1;
    let replaces = album.reported_by;
    album.reported_by = replaces.or(Some(ctx.update_id));
    let text = match album.unusable {
        1 => reason,
        count => report::photos_unusable(ctx.lang, count, reason),
    };
    let response = BotResponse::text(text).replacing(replaces);
    response.with_dialogue(CompletionDialogue::Filling(draft))
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
    BotResponse::text(unusable_text(lang, code, param))
}

fn unusable_text(lang: Lang, code: ErrorCode, param: Option<&str>) -> String {
    match code {
        ErrorCode::PayloadTooLarge => report::photo_too_large(lang, param.unwrap_or("20 MB")),
        ErrorCode::Unavailable => report::photo_no_signal(lang).to_owned(),
        _ => report::send_another(lang, code.message(lang, param)),
    }
}
