//! Photos that come while no job is being finished.

use notify::telegram::Keyboard;
use serde::{Deserialize, Serialize};
use services::{Actor, Result, jobs, photos};
use shared::JobId;
use shared::photo::PhotoKind;

use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::Dialogue;
use crate::flows::completion::{Act, Completion, CompletionPress, photos as job_photos};
use crate::here::{Here, Prepared};
use crate::html::bold;
use crate::press::Press;
use crate::say;
use crate::screen::Screen;
use crate::update::{Input, RemoteFile};

/// Most photos that are kept until their job is known.
const MOST: usize = 10;
/// Most jobs to choose from.
const MOST_JOBS: usize = 6;

/// Photos that wait at Telegram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoosePhotos {
    pub files: Vec<RemoteFile>,
    /// The update whose answer asks for the job.
    pub asked_by: i64,
}

/// A photo came and no job is being finished.
///
/// # Errors
/// The caller may not; the database fails.
pub fn photo_without_job(here: Here<'_, '_>, file: &RemoteFile) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    let asked_by = here.update_id;
    ask(here, &actor, LoosePhotos { files: vec![file.clone()], asked_by }, None)
}

/// More came while the job is asked for.
pub fn go_on(
    here: Here<'_, '_>,
    actor: &Actor,
    waiting: &LoosePhotos,
    input: &Input,
) -> Result<Answer> {
    let Input::Picture { file, .. } = input else {
        return Ok(Answer::text("Pilih dulu pekerjaan untuk fotonya, atau /cancel."));
    };
    if waiting.files.len() >= MOST {
        return Ok(Answer::text(format!(
            "Paling banyak {MOST} foto sekaligus. Pilih dulu pekerjaannya."
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
    ask(here, actor, waiting, over)
}

fn ask(
    here: Here<'_, '_>,
    actor: &Actor,
    waiting: LoosePhotos,
    over: Option<i64>,
) -> Result<Answer> {
    let screen = here.screen();
    let own = jobs::own(here.tx.conn(), actor, screen.now)?;
    if own.is_empty() {
        let text = "Foto ini untuk pekerjaan mana? Anda belum memegang pekerjaan. Cari di /jobs.";
        return Ok(Answer::with(text, Keyboard::None).end());
    }
    let rows = own.iter().take(MOST_JOBS).map(|job| {
        let label = format!("{} · {}", job.number, say::status(job.status));
        vec![screen.button(label, &Press::Completion(CompletionPress(job.id, Act::Attach)))]
    });
    let text = match waiting.files.len() {
        1 => "📷 Foto ini untuk pekerjaan mana?".to_owned(),
        count => format!("📷 {count} foto ini untuk pekerjaan mana?"),
    };
    let card = Card { text, buttons: rows.collect() };
    let next = Dialogue::Completion(Completion::Loose(waiting));
    Ok(Answer::card(card).over(over).go(next))
}

/// The job is known: the photos that were fetched for it are added.
pub fn attach(
    here: Here<'_, '_>,
    actor: &Actor,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    job: JobId,
) -> Result<Answer> {
    let waits = matches!(dialogue, Some(Dialogue::Completion(Completion::Loose(_))));
    let ready = match here.prepared {
        Prepared::Photos(ready) if waits => ready,
        Prepared::Unusable(code, param) => {
            return Ok(job_photos::unusable(*code, param.as_deref()));
        }
        _ => return Ok(Answer::toast("Fotonya tidak ada lagi. Kirim sekali lagi.").unused()),
    };
    for photo in ready {
        photos::add(here.tx, actor, job, PhotoKind::Other, &photo.stored)?;
    }
    let number = jobs::get(here.tx.conn(), actor, job)?.number;
    Ok(Answer::redraw(message_id, added(here.screen(), job, &number, ready.len())).end())
}

fn added(screen: Screen<'_>, job: JobId, number: &str, count: usize) -> Card {
    let open = Press::Job(crate::flows::JobPress::Open(job));
    Card {
        text: format!("📷 {count} foto masuk ke {}.", bold(number)),
        buttons: vec![vec![screen.button("Buka pekerjaan", &open)]],
    }
}
