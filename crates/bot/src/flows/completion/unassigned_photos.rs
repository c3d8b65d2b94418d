//! Photos that come while no job is being finished.

use notify::telegram::Keyboard;
use serde::{Deserialize, Serialize};
use services::{Actor, Result, jobs, photos};
use shared::JobId;
use shared::photo::PhotoKind;

use crate::callback_data::CallbackData;
use crate::context::{Prefetched, UpdateContext};
use crate::dialogue::Dialogue;
use crate::flows::completion::{
    CompletionCallback, CompletionDialogue, ReportAction, photos as job_photos,
};
use crate::format;
use crate::html::bold;
use crate::response::BotResponse;
use crate::update::{Input, RemoteFile};
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Most photos that are kept until their job is known.
const MAX_PHOTOS: usize = 10;
/// Most jobs to choose from.
const MAX_JOBS: usize = 6;

/// Photos that wait at Telegram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnassignedPhotos {
    pub files: Vec<RemoteFile>,
    /// The update whose answer asks for the job.
    pub asked_by: i64,
}

/// A photo came and no job is being finished.
///
/// # Errors
/// The caller may not; the database fails.
pub fn on_unassigned_photo(here: UpdateContext<'_, '_>, file: &RemoteFile) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    let asked_by = here.update_id;
    ask_job(here, &actor, UnassignedPhotos { files: vec![file.clone()], asked_by }, None)
}

/// More came while the job is asked for.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    waiting: &UnassignedPhotos,
    input: &Input,
) -> Result<BotResponse> {
    let Input::Photo { file, .. } = input else {
        return Ok(BotResponse::text("Pilih dulu pekerjaan untuk fotonya, atau /cancel."));
    };
    if waiting.files.len() >= MAX_PHOTOS {
        return Ok(BotResponse::text(format!(
            "Paling banyak {MAX_PHOTOS} foto sekaligus. Pilih dulu pekerjaannya."
        )));
    }
    let last = waiting.files.last().and_then(|last| last.album.as_ref());
    let same_album = last.is_some() && last == file.album.as_ref();
    let mut waiting = waiting.clone();
    waiting.files.push(file.clone());
    let over = same_album.then_some(waiting.asked_by);
    if over.is_none() {
        waiting.asked_by = here.update_id;
    }
    ask_job(here, actor, waiting, over)
}

fn ask_job(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    waiting: UnassignedPhotos,
    over: Option<i64>,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let own = jobs::own_jobs(here.tx.conn(), actor, screen.now)?;
    if own.is_empty() {
        let text = "Foto ini untuk pekerjaan mana? Anda belum memegang pekerjaan. Cari di /jobs.";
        return Ok(BotResponse::with_keyboard(text, Keyboard::None).ending_dialogue());
    }
    let rows = own.iter().take(MAX_JOBS).map(|job| {
        let label = format!("{} · {}", job.number, format::status(job.status));
        vec![screen.button(
            label,
            &CallbackData::Completion(CompletionCallback(job.id, ReportAction::AttachPhotos)),
        )]
    });
    let text = match waiting.files.len() {
        1 => "📷 Foto ini untuk pekerjaan mana?".to_owned(),
        count => format!("📷 {count} foto ini untuk pekerjaan mana?"),
    };
    let card = MessageView { text, buttons: rows.collect() };
    let next = Dialogue::Completion(CompletionDialogue::Loose(waiting));
    Ok(BotResponse::view(card).replacing(over).with_dialogue(next))
}

/// The job is known: the photos that were fetched for it are added.
pub fn attach(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    job: JobId,
) -> Result<BotResponse> {
    let waits = matches!(dialogue, Some(Dialogue::Completion(CompletionDialogue::Loose(_))));
    let ready = match here.prefetched {
        Prefetched::JobPhotos(ready) if waits => ready,
        Prefetched::UnusablePhoto(code, param) => {
            return Ok(job_photos::unusable_response(*code, param.as_deref()));
        }
        _ => {
            return Ok(BotResponse::toast("Fotonya tidak ada lagi. Kirim sekali lagi."));
        }
    };
    for photo in ready {
        photos::add(here.tx, actor, job, PhotoKind::Other, photo.stored.use_in_transaction())?;
    }
    let number = jobs::get(here.tx.conn(), actor, job)?.number;
    Ok(BotResponse::edit_view(
        message_id,
        attached_view(here.view_ctx(), job, &number, ready.len()),
    )
    .ending_dialogue())
}

fn attached_view(screen: ViewContext<'_>, job: JobId, number: &str, count: usize) -> MessageView {
    let open = CallbackData::Job(crate::flows::JobCallback::Open(job));
    MessageView {
        text: format!("📷 {count} foto masuk ke {}.", bold(number)),
        buttons: vec![vec![screen.button("Buka pekerjaan", &open)]],
    }
}
