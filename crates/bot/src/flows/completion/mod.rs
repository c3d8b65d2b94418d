//! Finishing a job: report, photos, ONT, redaman, material.

mod act;
mod draft;
mod finish;
mod input;
mod loose;
mod material;
mod photos;
mod sheet;

pub use act::{Act, CompletionPress};
pub use draft::{Draft, Part};
pub use loose::{LoosePhotos, photo_without_job};

use db::Conn;
use serde::{Deserialize, Serialize};
use services::inventory::at_hand;
use services::{Actor, Result, jobs};
use shared::JobId;
use shared::job_state_machine::JobAction;

use crate::answer::Answer;
use crate::cards;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::screen::Screen;
use crate::update::{Input, RemoteFile};

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Completion {
    /// The report of one job is being filled in.
    Filling(Draft),
    /// Photos came without a job; it is asked which one they belong to.
    Loose(LoosePhotos),
}

impl Completion {
    /// Whether a picture is what this step waits for.
    pub const fn wants_photo(&self) -> bool {
        matches!(self, Completion::Filling(_))
    }

    /// Whether a serial number on a picture would help.
    pub const fn wants_serial(&self) -> bool {
        matches!(self, Completion::Filling(draft) if draft.reads_labels && draft.serial.is_none())
    }

    /// Pictures that wait at Telegram until their job is known.
    pub fn waiting(&self) -> &[RemoteFile] {
        match self {
            Completion::Filling(_) => &[],
            Completion::Loose(photos) => &photos.files,
        }
    }
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    here: Here<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    CompletionPress(job, act): CompletionPress,
) -> Result<Answer> {
    let screen = here.screen();
    let (actor, _) = here.technician()?;
    let filling_in = match dialogue {
        Some(Dialogue::Completion(Completion::Filling(draft))) => Some(draft),
        _ => None,
    };
    let open = filling_in.filter(|draft| draft.job == job);
    if act == Act::Attach {
        return loose::attach(here, &actor, dialogue, message_id, job);
    }
    if let Some(over) = closed(here.tx.conn(), screen, &actor, job)? {
        if act == Act::Confirm && open.is_none() {
            // Pressed twice: the receipt stays.
            return Ok(Answer::toast(over));
        }
        let card = cards::present(here.tx.conn(), screen, &actor, job)?;
        let answer = Answer::redraw(message_id, card).saying(over);
        return Ok(if open.is_some() { answer.end() } else { answer });
    }
    if let (None, Act::Begin, Some(other)) = (open, &act, filling_in)
        && other.has_words()
        && closed(here.tx.conn(), screen, &actor, other.job)?.is_none()
    {
        return finish::ask_which(here, &actor, other.job, job);
    }
    match (open, act) {
        (open, Act::Begin | Act::Anew) => begin(here, &actor, open, job),
        (Some(_), Act::Leave) => finish::leave(here, &actor, message_id, job),
        (Some(draft), Act::Confirm) => finish::confirm(here, &actor, message_id, draft),
        (Some(draft), act) => {
            let mut draft = draft.clone();
            let said = change(here.tx.conn(), &actor, &mut draft, act)?;
            let card = sheet::sheet(here.tx.conn(), screen, &actor, &mut draft)?;
            let answer = Answer::redraw(message_id, card);
            let answer = said.map_or(answer.clone(), |said| answer.saying(said));
            Ok(answer.go(filling(draft)))
        }
        (None, _) => {
            let card = cards::present(here.tx.conn(), screen, &actor, job)?;
            let said = "Laporan ini tidak terbuka lagi. Tekan Selesai untuk membukanya.";
            Ok(Answer::redraw(message_id, card).saying(said))
        }
    }
}

/// Opens the report, or goes on with the one that is open.
fn begin(here: Here<'_, '_>, actor: &Actor, open: Option<&Draft>, job: JobId) -> Result<Answer> {
    let screen = here.screen();
    let mut draft = match open {
        Some(draft) => draft.clone(),
        None => {
            let bag = at_hand::at_hand(here.tx.conn(), actor, job)?;
            let mut draft = Draft::new(job, &bag);
            let evidence = jobs::evidence(here.tx.conn(), actor, job)?;
            draft.reads_labels = evidence.needs_ont_serial_number;
            draft.part = draft.next(&evidence);
            draft
        }
    };
    let card = sheet::sheet(here.tx.conn(), screen, actor, &mut draft)?;
    Ok(Answer::card(card).go(filling(draft)))
}

/// Does what a button of the open report says; gives a word to show.
fn change(
    conn: &mut Conn,
    actor: &Actor,
    draft: &mut Draft,
    act: Act,
) -> Result<Option<&'static str>> {
    match act {
        Act::Go(part) => {
            draft.part = part;
            draft.reads_labels |= part == Part::Serial;
            draft.item = None;
            draft.others = None;
        }
        Act::Kind(kind) => {
            draft.photo_kind = kind;
            draft.part = Part::Photos;
        }
        Act::Serial(end) => {
            let bag = at_hand::at_hand(conn, actor, draft.job)?;
            let Some(serial) = draft.candidates(&bag).into_iter().find(|one| one.ends_with(&end))
            else {
                return Ok(Some("Nomor itu tidak ada lagi di tas."));
            };
            draft.set_serial(serial, &bag);
            draft.part = draft.next(&jobs::evidence(conn, actor, draft.job)?);
        }
        Act::MaterialRight => {
            draft.material_checked = true;
            draft.item = None;
            draft.others = None;
            draft.part = draft.next(&jobs::evidence(conn, actor, draft.job)?);
        }
        Act::Add(..) | Act::Item(_) | Act::Unit(..) | Act::Others(_) => {
            let bag = at_hand::at_hand(conn, actor, draft.job)?;
            return Ok(material::change(draft, &bag, act));
        }
        // Answered before.
        Act::Begin | Act::Anew | Act::Confirm | Act::Leave | Act::Attach => {}
    }
    Ok(None)
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(here: Here<'_, '_>, state: &Completion, input: &Input) -> Result<Answer> {
    let screen = here.screen();
    let (actor, _) = here.technician()?;
    let draft = match state {
        Completion::Filling(draft) => draft,
        Completion::Loose(photos) => return loose::go_on(here, &actor, photos, input),
    };
    if let Some(over) = closed(here.tx.conn(), screen, &actor, draft.job)? {
        return Ok(Answer::text(format!("{over} Laporannya ditutup.")).end().unused());
    }
    match input {
        Input::Picture { file, caption } => {
            photos::add(here, &actor, draft, file, caption.as_deref())
        }
        Input::Place { place, .. } => {
            services::technicians::note_place(here.tx, &actor, *place)?;
            Ok(Answer::text(format!("📍 Lokasi dicatat. {}", input::hint(draft))))
        }
        Input::Text(text) => match input::take(here.tx.conn(), &actor, draft, text)? {
            Ok((mut draft, note)) => {
                let card = sheet::sheet(here.tx.conn(), screen, &actor, &mut draft)?;
                let text =
                    note.map_or(card.text.clone(), |note| format!("{note}\n\n{}", card.text));
                Ok(Answer::card(cards::Card { text, ..card }).go(filling(draft)))
            }
            Err(hint) => Ok(Answer::text(hint)),
        },
        _ => Ok(Answer::text(input::hint(draft))),
    }
}

fn filling(draft: Draft) -> Dialogue {
    Dialogue::Completion(Completion::Filling(draft))
}

/// Why the job can not be completed now, in a line; `None` if it can.
fn closed(
    conn: &mut Conn,
    screen: Screen<'_>,
    actor: &Actor,
    job: JobId,
) -> Result<Option<String>> {
    if jobs::possible(conn, actor, job)?.contains(&JobAction::Complete) {
        return Ok(None);
    }
    crate::flows::jobs::instead(conn, screen, actor, job).map(Some)
}
