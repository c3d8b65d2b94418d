//! Cancelling, reopening and taking a job away: all need a reason, most of them ready-made.

use serde::{Deserialize, Serialize};
use services::{Actor, Result, jobs};
use shared::job::TransitionRequest;
use shared::job_state_machine::JobAction;
use shared::{JobId, Permission};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::admin::{AdminCallback, AdminDialogue, job, office_actor};
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::update::Input;
use crate::views::MessageView;

/// Longest reason that can be typed, in characters; the rule stands in the request.
const MAX_REASON_CHARS: usize = 500;

/// What a reason is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminReason {
    #[serde(rename = "c")]
    Cancel,
    #[serde(rename = "r")]
    Reopen,
    #[serde(rename = "u")]
    Unassign,
}

impl AdminReason {
    const fn action(self) -> JobAction {
        match self {
            AdminReason::Cancel => JobAction::Cancel,
            AdminReason::Reopen => JobAction::Reopen,
            AdminReason::Unassign => JobAction::Unassign,
        }
    }

    const fn permission(self) -> Permission {
        match self {
            AdminReason::Cancel => Permission::JobsCancel,
            AdminReason::Reopen => Permission::JobsVerify,
            AdminReason::Unassign => Permission::JobsAssign,
        }
    }

    const fn question(self) -> &'static str {
        match self {
            AdminReason::Cancel => "Kenapa dibatalkan?",
            AdminReason::Reopen => "Kenapa dibuka lagi?",
            AdminReason::Unassign => "Kenapa teknisi dilepas?",
        }
    }

    const fn confirmation(self) -> &'static str {
        match self {
            AdminReason::Cancel => "Dibatalkan.",
            AdminReason::Reopen => "Dibuka lagi.",
            AdminReason::Unassign => "Teknisi dilepas.",
        }
    }

    /// Ready-made reasons. A button names its place in the list: new ones go to the end.
    const fn reasons(self) -> &'static [&'static str] {
        match self {
            AdminReason::Cancel => &[
                "Pelanggan membatalkan",
                "Pesanan ganda",
                "Pelanggan tidak bisa dihubungi",
                "Di luar jangkauan",
                "Gangguan pulih sendiri",
            ],
            AdminReason::Reopen => &["Belum beres", "Foto kurang jelas", "Laporan kurang lengkap"],
            AdminReason::Unassign => {
                &["Teknisi berhalangan", "Terlalu jauh", "Beban terlalu banyak"]
            }
        }
    }
}

/// Shows the reasons below the card.
pub fn ask_reason(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    why: AdminReason,
) -> Result<BotResponse> {
    let actor = office_actor(&here, why.permission())?;
    if !jobs::allowed_actions(here.tx.conn(), &actor, id)?.contains(&why.action()) {
        return job::stale_response(here, &actor, message_id, id);
    }
    let screen = here.view_ctx();
    let card = job::job_view(here.tx.conn(), screen, &actor, id)?;
    let press = |press| CallbackData::Admin(press);
    let labels = why.reasons().iter().enumerate();
    let mut rows: Vec<_> = labels
        .map(|(index, label)| {
            vec![screen.button(*label, &press(AdminCallback::ReadyReason(id, why, index)))]
        })
        .collect();
    rows.push(vec![
        screen.button("Lainnya…", &press(AdminCallback::CustomReason(id, why))),
        screen.button("⬅️ Kembali", &press(AdminCallback::Refresh(id))),
    ]);
    let text = format!("{}\n\n{}", card.text, bold(why.question()));
    Ok(BotResponse::edit_view(message_id, MessageView { text, buttons: rows }))
}

/// A ready-made reason was pressed.
pub fn apply_ready_reason(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    (why, reason): (AdminReason, usize),
) -> Result<BotResponse> {
    let actor = office_actor(&here, why.permission())?;
    let possible = jobs::allowed_actions(here.tx.conn(), &actor, id)?.contains(&why.action());
    match why.reasons().get(reason) {
        Some(reason) if possible => {
            let card = apply_reason(here, &actor, id, why, reason)?;
            Ok(BotResponse::edit_view(message_id, card).with_toast(why.confirmation()))
        }
        _ => job::stale_response(here, &actor, message_id, id),
    }
}

/// Asks for a typed reason.
pub fn ask_custom_reason(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    why: AdminReason,
) -> Result<BotResponse> {
    let actor = office_actor(&here, why.permission())?;
    if !jobs::allowed_actions(here.tx.conn(), &actor, id)?.contains(&why.action()) {
        return Ok(job::stale_response(here, &actor, message_id, id)?.ending_dialogue());
    }
    let screen = here.view_ctx();
    let number = jobs::get(here.tx.conn(), &actor, id)?.number;
    let text = format!("{}\n{} Ketik alasannya.", bold(&number), why.question());
    let back = screen.button("⬅️ Kembali", &CallbackData::Admin(AdminCallback::Refresh(id)));
    let next = Dialogue::Admin(AdminDialogue::Reason { job: id, why, message_id });
    Ok(BotResponse::edit(message_id, text, vec![vec![back]]).with_dialogue(next))
}

/// Takes the typed reason.
pub fn handle_reason_text(
    here: UpdateContext<'_, '_>,
    (id, why, message_id): (JobId, AdminReason, i32),
    input: &Input,
) -> Result<BotResponse> {
    let actor = office_actor(&here, why.permission())?;
    let reason = match input {
        Input::Text(text) if text.chars().count() > MAX_REASON_CHARS => {
            return Ok(BotResponse::text(format!(
                "Terlalu panjang: paling banyak {MAX_REASON_CHARS} huruf."
            )));
        }
        Input::Text(text) if !text.trim().is_empty() => text.trim(),
        _ => return Ok(BotResponse::text("Ketik alasannya dengan satu kalimat, atau /cancel.")),
    };
    if !jobs::allowed_actions(here.tx.conn(), &actor, id)?.contains(&why.action()) {
        return Ok(job::stale_response(here, &actor, message_id, id)?.ending_dialogue());
    }
    let card = apply_reason(here, &actor, id, why, reason)?;
    let said = format!("{} {}", why.confirmation(), escape(reason));
    Ok(BotResponse::text(said).then(BotResponse::edit_view(message_id, card)).ending_dialogue())
}

fn apply_reason(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    id: JobId,
    why: AdminReason,
    reason: &str,
) -> Result<MessageView> {
    let screen = here.view_ctx();
    let request = TransitionRequest {
        reason: Some(reason.to_owned()),
        ..TransitionRequest::for_action(why.action())
    };
    jobs::transition(here.tx, actor, id, None, &request)?;
    job::job_view(here.tx.conn(), screen, actor, id)
}
