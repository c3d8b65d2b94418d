//! Declining and holding: both need a reason, most of them ready-made.

use serde::{Deserialize, Serialize};
use services::{Actor, Result, jobs};
use shared::JobId;
use shared::job::TransitionRequest;
use shared::job_state_machine::JobAction;

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::JobCallback;
use crate::flows::jobs::transitions::unavailable_reason;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::update::Input;
use crate::views::{self, MessageView};

/// Longest reason that can be typed, in characters; the rule stands in the request.
const MAX_REASON_CHARS: usize = 500;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum JobDialogue {
    /// A typed reason; `message_id` is the card that asked for it.
    Reason { job: JobId, why: JobReason, message_id: i32 },
}

/// What a reason is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobReason {
    #[serde(rename = "h")]
    Hold,
    #[serde(rename = "d")]
    Decline,
}

impl JobReason {
    const fn action(self) -> JobAction {
        match self {
            JobReason::Hold => JobAction::Hold,
            JobReason::Decline => JobAction::Decline,
        }
    }

    const fn question(self) -> &'static str {
        match self {
            JobReason::Hold => "Kenapa ditunda?",
            JobReason::Decline => "Kenapa tidak bisa?",
        }
    }

    /// Ready-made reasons. A button names its place in the list: new ones go to the end.
    const fn reasons(self) -> &'static [&'static str] {
        match self {
            JobReason::Hold => &[
                "Pelanggan tidak di rumah",
                "Hujan",
                "Material kurang",
                "Menunggu izin",
                "ODP penuh",
                "Minta jadwal ulang",
            ],
            JobReason::Decline => &["Terlalu jauh", "Sedang tugas lain", "Alat kurang", "Sakit"],
        }
    }
}

/// Shows the reasons below the card.
pub fn ask_reason(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    why: JobReason,
) -> Result<BotResponse> {
    if !jobs::allowed_actions(here.tx.conn(), actor, id)?.contains(&why.action()) {
        return stale_response(here, actor, message_id, id);
    }
    let screen = here.view_ctx();
    let card = views::current_view(here.tx.conn(), screen, actor, id)?;
    let press = |press| CallbackData::Job(press);
    let labels = why.reasons().iter().enumerate();
    let buttons: Vec<_> = labels
        .map(|(index, label)| {
            screen.button(*label, &press(JobCallback::ReadyReason(id, why, index)))
        })
        .collect();
    let mut rows: Vec<_> = buttons.chunks(2).map(<[_]>::to_vec).collect();
    rows.push(vec![
        screen.button("Lainnya…", &press(JobCallback::CustomReason(id, why))),
        screen.button("⬅️ Kembali", &press(JobCallback::Refresh(id))),
    ]);
    let text = format!("{}\n\n{}", card.text, bold(why.question()));
    Ok(BotResponse::edit_view(message_id, MessageView { text, buttons: rows }))
}

/// A ready-made reason was pressed.
pub fn apply_ready_reason(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    (why, reason): (JobReason, usize),
) -> Result<BotResponse> {
    let Some(reason) = why.reasons().get(reason) else {
        return stale_response(here, actor, message_id, id);
    };
    if !jobs::allowed_actions(here.tx.conn(), actor, id)?.contains(&why.action()) {
        return stale_response(here, actor, message_id, id);
    }
    let card = apply_reason(here, actor, id, why, reason)?;
    Ok(BotResponse::edit_view(message_id, card)
        .with_toast(format::action_confirmation(why.action())))
}

/// Asks for a typed reason.
pub fn ask_custom_reason(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    why: JobReason,
) -> Result<BotResponse> {
    if !jobs::allowed_actions(here.tx.conn(), actor, id)?.contains(&why.action()) {
        return Ok(stale_response(here, actor, message_id, id)?.ending_dialogue());
    }
    let screen = here.view_ctx();
    let number = jobs::get(here.tx.conn(), actor, id)?.number;
    let text = format!("{}\n{} Ketik alasannya.", bold(&number), why.question());
    let back = screen.button("⬅️ Kembali", &CallbackData::Job(JobCallback::Refresh(id)));
    let next = Dialogue::Job(JobDialogue::Reason { job: id, why, message_id });
    Ok(BotResponse::edit(message_id, text, vec![vec![back]]).with_dialogue(next))
}

/// Takes the typed reason.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    state: &JobDialogue,
    input: &Input,
) -> Result<BotResponse> {
    let JobDialogue::Reason { job, why, message_id } = *state;
    let (actor, _) = here.technician()?;
    let reason = match input {
        Input::Text(text) if text.trim().is_empty() => return Ok(reason_prompt()),
        Input::Text(text) if text.chars().count() > MAX_REASON_CHARS => {
            return Ok(BotResponse::text(format!(
                "Terlalu panjang: paling banyak {MAX_REASON_CHARS} huruf."
            )));
        }
        Input::Text(text) => text.trim(),
        _ => return Ok(reason_prompt()),
    };
    if !jobs::allowed_actions(here.tx.conn(), &actor, job)?.contains(&why.action()) {
        return Ok(stale_response(here, &actor, message_id, job)?.ending_dialogue());
    }
    let card = apply_reason(here, &actor, job, why, reason)?;
    let said = format!("{} {}", format::action_confirmation(why.action()), escape(reason));
    Ok(BotResponse::text(said).then(BotResponse::edit_view(message_id, card)).ending_dialogue())
}

fn reason_prompt() -> BotResponse {
    BotResponse::text("Ketik alasannya dengan satu kalimat, atau /cancel.")
}

fn apply_reason(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    id: JobId,
    why: JobReason,
    reason: &str,
) -> Result<MessageView> {
    let screen = here.view_ctx();
    let request = TransitionRequest {
        reason: Some(reason.to_owned()),
        ..TransitionRequest::for_action(why.action())
    };
    let job = jobs::transition(here.tx, actor, id, None, &request)?;
    match why {
        JobReason::Hold => views::current_view(here.tx.conn(), screen, actor, id),
        JobReason::Decline => {
            let text = format!("{} dikembalikan ke kantor: {}", bold(&job.number), escape(reason));
            let again = screen.button("Lihat lagi", &CallbackData::Job(JobCallback::Refresh(id)));
            Ok(MessageView { text, buttons: vec![vec![again]] })
        }
    }
}

fn stale_response(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let said = unavailable_reason(here.tx.conn(), screen, actor, id)?;
    let card = views::current_view(here.tx.conn(), screen, actor, id)?;
    Ok(BotResponse::edit_view(message_id, card).with_toast(said))
}
