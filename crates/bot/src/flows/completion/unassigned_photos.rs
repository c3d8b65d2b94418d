//! Photos that come while no report is open.

use services::{Actor, Result, jobs, photos};
use shared::JobId;
use shared::photo::PhotoKind;

use super::dialogue::{CompletionDialogue, UnassignedPhotos};
use super::photos::unusable_response;
use crate::callback_data::completion::{CompletionCallback, ReportAction};
use crate::callback_data::jobs::JobCallback;
use crate::context::{Prefetched, UpdateContext};
use crate::dialogue::Dialogue;
use crate::format;
use crate::html::bold;
use crate::incoming_update::{Input, RemoteFile};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts;

/// Most photos that wait for their job.
const MAX_PHOTOS: usize = 10;
/// Most jobs to choose from.
const MAX_JOBS: usize = 6;

/// Handles a photo while no report is open.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn on_unassigned_photo(ctx: UpdateContext<'_, '_>, file: &RemoteFile) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    let asked_by = ctx.update_id;
    ask_job(ctx, &actor, UnassignedPhotos { files: vec![file.clone()], asked_by }, None)
}

/// Handles input while the technician is asked for the job.
pub fn handle_input(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    photos: &UnassignedPhotos,
    input: &Input,
) -> Result<BotResponse> {
    let Input::Photo { file, .. } = input else {
        return Ok(BotResponse::text(texts::photos::choose_first(ctx.lang)));
    };
    if photos.files.len() >= MAX_PHOTOS {
        return Ok(BotResponse::text(texts::photos::too_many(ctx.lang, MAX_PHOTOS)));
    }
    let same_album = file.album.is_some() && photos.files.iter().any(|it| it.album == file.album);
    let mut photos = photos.clone();
    photos.files.push(file.clone());
    let replaces = same_album.then_some(photos.asked_by);
    if replaces.is_none() {
        photos.asked_by = ctx.update_id;
    }
    ask_job(ctx, actor, photos, replaces)
}

fn ask_job(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    photos: UnassignedPhotos,
    replaces: Option<i64>,
) -> Result<BotResponse> {
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let jobs = jobs::own_jobs(ctx.tx.conn(), actor, view_ctx.now)?;
    if jobs.is_empty() {
        return Ok(BotResponse::text(texts::photos::no_jobs(lang)).ending_dialogue());
    }
    let rows = jobs.iter().take(MAX_JOBS).map(|job| {
        let label = format!("{} · {}", job.number, format::status(lang, job.status));
        let attach = CompletionCallback(job.id, ReportAction::AttachPhotos);
        vec![view_ctx.button(label, attach)]
    });
    let text = match photos.files.len() {
        1 => texts::photos::ask_job_one(lang).to_owned(),
        count => texts::photos::ask_job_many(lang, count),
    };
    let view = MessageView { text, buttons: rows.collect() };
    let response = BotResponse::view(view).replacing(replaces);
    Ok(response.with_dialogue(CompletionDialogue::Loose(photos)))
}

/// Adds the photos, which were downloaded before, to the chosen job.
pub fn attach(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    job: JobId,
) -> Result<BotResponse> {
    let lang = ctx.lang;
    let waiting = matches!(dialogue, Some(Dialogue::Completion(CompletionDialogue::Loose(_))));
    let prefetched = match ctx.prefetched {
        Prefetched::JobPhotos(photos) if waiting => photos,
        Prefetched::UnusablePhoto(code, param) => {
            return Ok(unusable_response(lang, *code, param.as_deref()));
        }
        _ => {
            let toast = texts::photos::gone(lang);
            return Ok(BotResponse::toast(toast));
        }
    };
    for photo in prefetched {
        photos::add(ctx.tx, actor, job, PhotoKind::Other, photo.stored.use_in_transaction())?;
    }
    let number = jobs::get(ctx.tx.conn(), actor, job)?.number;
    let open = ctx.view_ctx().button(texts::common::open_job(lang), JobCallback::Open(job));
    let text = texts::photos::attached(lang, prefetched.len(), bold(&number));
    let view = MessageView { text, buttons: vec![vec![open]] };
    Ok(BotResponse::edit_view(message_id, view).ending_dialogue())
}
