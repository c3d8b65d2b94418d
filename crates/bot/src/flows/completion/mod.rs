//! Finishing a job: report, photos, ONT, redaman, material.

mod callbacks;
mod draft;
mod material_picker;
mod photos;
mod report_view;
mod submit;
mod text_input;
mod unassigned_photos;

pub use callbacks::{CompletionCallback, ReportAction};
pub use draft::{ReportDraft, ReportPart};
pub use unassigned_photos::{UnassignedPhotos, on_unassigned_photo};

use serde::{Deserialize, Serialize};
use services::inventory::job_stock;
use services::{Actor, Conn, Result, jobs};
use shared::JobId;
use shared::job_state_machine::JobAction;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::response::BotResponse;
use crate::update::{Input, RemoteFile};
use crate::view_context::ViewContext;
use crate::views;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum CompletionDialogue {
    /// The report of one job is being filled in.
    Filling(ReportDraft),
    /// Photos came without a job; it is asked which one they belong to.
    Loose(UnassignedPhotos),
}

impl CompletionDialogue {
    /// Whether a picture is what this step waits for.
    pub const fn wants_photo(&self) -> bool {
        matches!(self, CompletionDialogue::Filling(_))
    }

    /// Whether a serial number on a picture would help.
    pub const fn scans_barcodes(&self) -> bool {
        matches!(self, CompletionDialogue::Filling(draft) if draft.reads_labels && draft.serial.is_none())
    }

    /// Pictures that wait at Telegram until their job is known.
    pub fn unassigned_files(&self) -> &[RemoteFile] {
        match self {
            CompletionDialogue::Filling(_) => &[],
            CompletionDialogue::Loose(photos) => &photos.files,
        }
    }
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_callback(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    CompletionCallback(job, act): CompletionCallback,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let (actor, _) = here.technician()?;
    let filling_in = match dialogue {
        Some(Dialogue::Completion(CompletionDialogue::Filling(draft))) => Some(draft),
        _ => None,
    };
    let open = filling_in.filter(|draft| draft.job == job);
    if act == ReportAction::AttachPhotos {
        return unassigned_photos::attach(here, &actor, dialogue, message_id, job);
    }
    if let Some(over) = unavailable_reason(here.tx.conn(), screen, &actor, job)? {
        if act == ReportAction::Submit && open.is_none() {
            // Pressed twice: the receipt stays.
            return Ok(BotResponse::toast(over));
        }
        let card = views::current_view(here.tx.conn(), screen, &actor, job)?;
        let answer = BotResponse::edit_view(message_id, card).with_toast(over);
        return Ok(if open.is_some() { answer.ending_dialogue() } else { answer });
    }
    if let (None, ReportAction::Open, Some(other)) = (open, &act, filling_in)
        && other.has_input()
        && unavailable_reason(here.tx.conn(), screen, &actor, other.job)?.is_none()
    {
        return submit::ask_which_report(here, &actor, other.job, job);
    }
    match (open, act) {
        (open, ReportAction::Open | ReportAction::OpenAnyway) => {
            open_report(here, &actor, open, job)
        }
        (Some(_), ReportAction::Close) => submit::close(here, &actor, message_id, job),
        (Some(draft), ReportAction::Submit) => submit::submit(here, &actor, message_id, draft),
        (Some(draft), act) => {
            let mut draft = draft.clone();
            let said = apply_action(here.tx.conn(), &actor, &mut draft, act)?;
            let card = report_view::render(here.tx.conn(), screen, &actor, &mut draft)?;
            let answer = BotResponse::edit_view(message_id, card);
            let answer = said.map_or(answer.clone(), |said| answer.with_toast(said));
            Ok(answer.with_dialogue(to_dialogue(draft)))
        }
        (None, _) => {
            let card = views::current_view(here.tx.conn(), screen, &actor, job)?;
            let said = "Laporan ini tidak terbuka lagi. Tekan Selesai untuk membukanya.";
            Ok(BotResponse::edit_view(message_id, card).with_toast(said))
        }
    }
}

/// Opens the report, or goes on with the one that is open.
fn open_report(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    open: Option<&ReportDraft>,
    job: JobId,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let mut draft = match open {
        Some(draft) => draft.clone(),
        None => {
            let bag = job_stock::job_stock(here.tx.conn(), actor, job)?;
            let mut draft = ReportDraft::new(job, &bag);
            let evidence = jobs::completion_requirements(here.tx.conn(), actor, job)?;
            draft.reads_labels = evidence.needs_ont_serial_number;
            draft.part = draft.next_part(&evidence);
            draft
        }
    };
    let card = report_view::render(here.tx.conn(), screen, actor, &mut draft)?;
    Ok(BotResponse::view(card).with_dialogue(to_dialogue(draft)))
}

/// Does what a button of the open report says; gives a word to show.
fn apply_action(
    conn: &mut Conn,
    actor: &Actor,
    draft: &mut ReportDraft,
    act: ReportAction,
) -> Result<Option<&'static str>> {
    match act {
        ReportAction::GoToPart(part) => {
            draft.part = part;
            draft.reads_labels |= part == ReportPart::Serial;
            draft.item = None;
            draft.others = None;
        }
        ReportAction::SetPhotoKind(kind) => {
            draft.photo_kind = kind;
            draft.part = ReportPart::Photos;
        }
        ReportAction::PickSerial(end) => {
            let bag = job_stock::job_stock(conn, actor, draft.job)?;
            let Some(serial) =
                draft.serial_candidates(&bag).into_iter().find(|one| one.ends_with(&end))
            else {
                return Ok(Some("Nomor itu tidak ada lagi di tas."));
            };
            draft.set_serial(serial, &bag);
            draft.part = draft.next_part(&jobs::completion_requirements(conn, actor, draft.job)?);
        }
        ReportAction::ConfirmMaterial => {
            draft.material_checked = true;
            draft.item = None;
            draft.others = None;
            draft.part = draft.next_part(&jobs::completion_requirements(conn, actor, draft.job)?);
        }
        ReportAction::Add(..)
        | ReportAction::Item(_)
        | ReportAction::ToggleUnit(..)
        | ReportAction::OtherItems(_) => {
            let bag = job_stock::job_stock(conn, actor, draft.job)?;
            return Ok(material_picker::apply_action(draft, &bag, act));
        }
        // Answered before.
        ReportAction::Open
        | ReportAction::OpenAnyway
        | ReportAction::Submit
        | ReportAction::Close
        | ReportAction::AttachPhotos => {}
    }
    Ok(None)
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    state: &CompletionDialogue,
    input: &Input,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let (actor, _) = here.technician()?;
    let draft = match state {
        CompletionDialogue::Filling(draft) => draft,
        CompletionDialogue::Loose(photos) => {
            return unassigned_photos::handle_input(here, &actor, photos, input);
        }
    };
    if let Some(over) = unavailable_reason(here.tx.conn(), screen, &actor, draft.job)? {
        return Ok(BotResponse::text(format!("{over} Laporannya ditutup.")).ending_dialogue());
    }
    match input {
        Input::Photo { file, caption } => {
            photos::add_photos(here, &actor, draft, file, caption.as_deref())
        }
        Input::Location { location: place, .. } => {
            services::technicians::record_location(here.tx, &actor, *place)?;
            Ok(BotResponse::text(format!("📍 Lokasi dicatat. {}", text_input::input_hint(draft))))
        }
        Input::Text(text) => match text_input::apply_text(here.tx.conn(), &actor, draft, text)? {
            Ok((mut draft, note)) => {
                let card = report_view::render(here.tx.conn(), screen, &actor, &mut draft)?;
                let text =
                    note.map_or(card.text.clone(), |note| format!("{note}\n\n{}", card.text));
                Ok(BotResponse::view(views::MessageView { text, ..card })
                    .with_dialogue(to_dialogue(draft)))
            }
            Err(hint) => Ok(BotResponse::text(hint)),
        },
        _ => Ok(BotResponse::text(text_input::input_hint(draft))),
    }
}

fn to_dialogue(draft: ReportDraft) -> Dialogue {
    Dialogue::Completion(CompletionDialogue::Filling(draft))
}

/// Why the job can not be completed now, in a line; `None` if it can.
fn unavailable_reason(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    actor: &Actor,
    job: JobId,
) -> Result<Option<String>> {
    if jobs::allowed_actions(conn, actor, job)?.contains(&JobAction::Complete) {
        return Ok(None);
    }
    crate::flows::jobs::unavailable_reason(conn, screen, actor, job).map(Some)
}
