//! Completing a job: report, photos, ONT, attenuation, material.

pub mod dialogue;
mod draft;
mod material_picker;
mod photos;
mod report_view;
mod submit;
mod text_input;
mod unassigned_photos;

use crate::callback_data::completion::{CompletionCallback, ReportAction, ReportPart};
use dialogue::CompletionDialogue;
use draft::{ReportDraft, next_part};
use report_view::show_draft;
use services::inventory::job_stock;
use services::{Actor, Conn, Result, jobs};
use shared::JobId;
use shared::job_state_machine::JobAction;
pub use unassigned_photos::on_unassigned_photo;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::location;
use crate::incoming_update::Input;
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts;
use crate::view_context::ViewContext;
use crate::views::TechnicianJob;

/// Handles a button.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of completion.
pub fn handle_callback(
    mut ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    CompletionCallback(job, action): &CompletionCallback,
) -> Result<BotResponse> {
    let (job, view_ctx) = (*job, ctx.view_ctx());
    let (actor, _) = ctx.technician()?;
    if *action == ReportAction::AttachPhotos {
        return unassigned_photos::attach(ctx, &actor, dialogue, message_id, job);
    }
    let open = match dialogue {
        Some(Dialogue::Completion(CompletionDialogue::Filling(draft))) => Some(draft),
        _ => None,
    };
    let (own, other) = match open {
        Some(draft) if draft.job == job => (Some(draft), None),
        other => (None, other),
    };
    let state = TechnicianJob::load(ctx.tx.conn(), view_ctx, &actor, job)?;
    if !state.allowed_actions(&actor).contains(&JobAction::Complete) {
        let reason = state.unavailable_reason(ctx.lang, &actor);
        if *action == ReportAction::Submit && own.is_none() {
            // A second press on the same button: the receipt stays.
            return Ok(BotResponse::toast(reason));
        }
        let view = state.view(ctx.tx.conn(), view_ctx, &actor)?;
        let response = BotResponse::edit_view(message_id, view).with_toast(reason);
        return Ok(if own.is_some() { response.ending_dialogue() } else { response });
    }
    if let (ReportAction::Open, Some(other)) = (action, other)
        && other.has_input()
        && unavailable_reason(ctx.tx.conn(), view_ctx, &actor, other.job)?.is_none()
    {
        return submit::ask_which_report(ctx, &actor, other.job, job);
    }
    match (own, action) {
        (own, ReportAction::Open | ReportAction::OpenAnyway) => open_report(ctx, &actor, own, job),
        (Some(_), ReportAction::Close) => submit::close(ctx, &actor, message_id, &state),
        (Some(draft), ReportAction::Submit) => submit::submit(ctx, &actor, message_id, draft),
        (Some(draft), action) => {
            let mut draft = draft.clone();
            let toast = apply_action(&mut ctx, &actor, &mut draft, action)?;
            let response = show_draft(&mut ctx, &actor, Some(message_id), draft)?;
            Ok(match toast {
                Some(toast) => response.with_toast(toast),
                None => response,
            })
        }
        (None, _) => {
            let view = state.view(ctx.tx.conn(), view_ctx, &actor)?;
            let toast = texts::report::not_open(ctx.lang);
            Ok(BotResponse::edit_view(message_id, view).with_toast(toast))
        }
    }
}

/// Opens a new report, or shows the one that is open.
fn open_report(
    mut ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    open: Option<&ReportDraft>,
    job: JobId,
) -> Result<BotResponse> {
    let draft = match open {
        Some(draft) => draft.clone(),
        None => {
            let bag = job_stock::job_stock(ctx.tx.conn(), actor, job)?;
            let mut draft = ReportDraft::new(job, &bag);
            let requirements = jobs::completion_requirements(ctx.tx.conn(), actor, job)?;
            draft.reads_labels = requirements.needs_ont_serial_number;
            draft.part = draft.next_part(&requirements);
            draft
        }
    };
    show_draft(&mut ctx, actor, None, draft)
}

/// Applies a button to the report; returns a toast.
fn apply_action(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    draft: &mut ReportDraft,
    action: &ReportAction,
) -> Result<Option<&'static str>> {
    let (lang, conn) = (ctx.lang, ctx.tx.conn());
    match action {
        ReportAction::GoToPart(part) => {
            draft.part = *part;
            draft.reads_labels |= *part == ReportPart::Serial;
            draft.close_picker();
        }
        ReportAction::SetPhotoKind(kind) => {
            draft.photo_kind = *kind;
            draft.part = ReportPart::Photos;
        }
        ReportAction::PickSerial(suffix) => {
            let bag = job_stock::job_stock(conn, actor, draft.job)?;
            let mut candidates = draft.serial_candidates(&bag).into_iter();
            let Some(serial) = candidates.find(|serial| serial.ends_with(suffix)) else {
                return Ok(Some(texts::report::serial_gone(lang)));
            };
            draft.set_serial(serial, &bag);
            draft.part = next_part(conn, actor, draft)?;
        }
        ReportAction::PickReturned(suffix) => {
            let mut devices = jobs::installed_devices(conn, actor, draft.job)?.into_iter();
            let Some(serial) = devices.find(|serial| serial.ends_with(suffix)) else {
                return Ok(Some(texts::report::device_gone(lang)));
            };
            draft.set_returned(serial);
        }
        ReportAction::SetCondition(condition) => {
            if let Some(device) = &mut draft.returned {
                device.condition = *condition;
            }
            draft.part = next_part(conn, actor, draft)?;
        }
        ReportAction::NoneReturned => {
            draft.returned = None;
            draft.part = next_part(conn, actor, draft)?;
        }
        ReportAction::ConfirmMaterial => {
            draft.material_checked = true;
            draft.close_picker();
            draft.part = next_part(conn, actor, draft)?;
        }
        ReportAction::Add(..)
        | ReportAction::Item(_)
        | ReportAction::ToggleUnit(..)
        | ReportAction::OtherItems(_) => {
            let bag = job_stock::job_stock(conn, actor, draft.job)?;
            return Ok(material_picker::apply_action(draft, lang, &bag, action));
        }
        // Handled by the caller.
        ReportAction::Open
        | ReportAction::OpenAnyway
        | ReportAction::Submit
        | ReportAction::Close
        | ReportAction::AttachPhotos => {}
    }
    Ok(None)
}

/// Handles input to the dialogue.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of a photo.
pub fn handle_input(
    mut ctx: UpdateContext<'_, '_>,
    dialogue: &CompletionDialogue,
    input: &Input,
) -> Result<BotResponse> {
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let (actor, _) = ctx.technician()?;
    let draft = match dialogue {
        CompletionDialogue::Filling(draft) => draft,
        CompletionDialogue::Loose(photos) => {
            return unassigned_photos::handle_input(ctx, &actor, photos, input);
        }
    };
    if let Some(reason) = unavailable_reason(ctx.tx.conn(), view_ctx, &actor, draft.job)? {
        let text = texts::report::closed_because(lang, reason);
        return Ok(BotResponse::text(text).ending_dialogue());
    }
    match input {
        Input::Photo { file, caption } => {
            photos::add_photos(ctx, &actor, draft, file, caption.as_deref())
        }
        Input::Location { location: place, source } => {
            let line = location::record(&mut ctx, &actor, *place, *source)?;
            Ok(BotResponse::text(format!("{line} {}", text_input::input_hint(lang, draft))))
        }
        Input::Text(text) => type_part(&mut ctx, &actor, draft, text),
        _ => Ok(BotResponse::text(text_input::input_hint(lang, draft))),
    }
}

/// Takes the new text of a message as the part that the message gave before.
///
/// # Errors
/// As [`handle_input`].
pub fn handle_edit(
    ctx: UpdateContext<'_, '_>,
    dialogue: &CompletionDialogue,
    text: &str,
) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    let given = match dialogue {
        CompletionDialogue::Filling(draft) => {
            draft.part_of_answer(ctx.message_id).map(|part| (draft, part))
        }
        CompletionDialogue::Loose(_) => None,
    };
    let Some((draft, part)) = given else {
        return Ok(BotResponse::text(texts::common::edit_not_read(ctx.lang)));
    };
    let view_ctx = ctx.view_ctx();
    if let Some(reason) = unavailable_reason(ctx.tx.conn(), view_ctx, &actor, draft.job)? {
        let text = texts::report::closed_because(ctx.lang, reason);
        return Ok(BotResponse::text(text).ending_dialogue());
    }
    let asked = ReportDraft { part, ..draft.clone() };
    match text_input::apply_text(ctx.tx.conn(), ctx.lang, &actor, &asked, text)? {
        Ok((corrected, _)) => {
            // The question that is open stays open.
            let mut draft = ReportDraft { part: draft.part, ..corrected };
            let view = report_view::render(ctx.tx.conn(), view_ctx, &actor, &mut draft)?;
            draft.shown_by = Some(ctx.update_id);
            let text = format!("{}\n\n{}", texts::report::corrected(ctx.lang), view.text);
            let response = BotResponse::view(MessageView { text, buttons: view.buttons });
            Ok(response.with_dialogue(CompletionDialogue::Filling(draft)))
        }
        Err(hint) => Ok(BotResponse::text(hint)),
    }
}

/// Takes a typed text as the part that is asked for.
fn type_part(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    draft: &ReportDraft,
    text: &str,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    match text_input::apply_text(ctx.tx.conn(), ctx.lang, actor, draft, text)? {
        Ok((mut next, note)) => {
            next.remember_answer(ctx.message_id, draft.part);
            let mut draft = next;
            let view = report_view::render(ctx.tx.conn(), view_ctx, actor, &mut draft)?;
            draft.shown_by = Some(ctx.update_id);
            let text = match note {
                Some(note) => format!("{note}\n\n{}", view.text),
                None => view.text,
            };
            let response = BotResponse::view(MessageView { text, buttons: view.buttons });
            Ok(response.with_dialogue(CompletionDialogue::Filling(draft)))
        }
        Err(hint) => Ok(BotResponse::text(hint)),
    }
}

/// Why the job cannot be completed now, in one line; `None` if it can.
fn unavailable_reason(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    actor: &Actor,
    job: JobId,
) -> Result<Option<String>> {
    let job = TechnicianJob::load(conn, view_ctx, actor, job)?;
    let can_complete = job.allowed_actions(actor).contains(&JobAction::Complete);
    Ok((!can_complete).then(|| job.unavailable_reason(view_ctx.lang, actor)))
}
