//! Cancelling, reopening and taking a job away: all need a reason, most of them ready-made.

use serde::{Deserialize, Serialize};
use services::{Actor, Result, jobs};
use shared::job::TransitionRequest;
use shared::job_state_machine::JobAction;
use shared::{JobId, Permission};

use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::Dialogue;
use crate::flows::admin::{AdminDialogue, AdminPress, job, office};
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::update::Input;

/// Longest reason that can be typed, in characters; the rule stands in the request.
const LONGEST: usize = 500;

/// What a reason is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    #[serde(rename = "c")]
    Cancel,
    #[serde(rename = "r")]
    Reopen,
    #[serde(rename = "u")]
    Unassign,
}

impl Why {
    const fn action(self) -> JobAction {
        match self {
            Why::Cancel => JobAction::Cancel,
            Why::Reopen => JobAction::Reopen,
            Why::Unassign => JobAction::Unassign,
        }
    }

    const fn permission(self) -> Permission {
        match self {
            Why::Cancel => Permission::JobsCancel,
            Why::Reopen => Permission::JobsVerify,
            Why::Unassign => Permission::JobsAssign,
        }
    }

    const fn question(self) -> &'static str {
        match self {
            Why::Cancel => "Kenapa dibatalkan?",
            Why::Reopen => "Kenapa dibuka lagi?",
            Why::Unassign => "Kenapa teknisi dilepas?",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Why::Cancel => "Dibatalkan.",
            Why::Reopen => "Dibuka lagi.",
            Why::Unassign => "Teknisi dilepas.",
        }
    }

    /// Ready-made reasons. A button names its place in the list: new ones go to the end.
    const fn reasons(self) -> &'static [&'static str] {
        match self {
            Why::Cancel => &[
                "Pelanggan membatalkan",
                "Pesanan ganda",
                "Pelanggan tidak bisa dihubungi",
                "Di luar jangkauan",
                "Gangguan pulih sendiri",
            ],
            Why::Reopen => &["Belum beres", "Foto kurang jelas", "Laporan kurang lengkap"],
            Why::Unassign => &["Teknisi berhalangan", "Terlalu jauh", "Beban terlalu banyak"],
        }
    }
}

/// Shows the reasons below the card.
pub fn ask(here: Here<'_, '_>, message_id: i32, id: JobId, why: Why) -> Result<Answer> {
    let actor = office(&here, why.permission())?;
    if !jobs::possible(here.tx.conn(), &actor, id)?.contains(&why.action()) {
        return job::too_late(here, &actor, message_id, id);
    }
    let screen = here.screen();
    let card = job::card(here.tx.conn(), screen, &actor, id)?;
    let press = |press| Press::Admin(press);
    let labels = why.reasons().iter().enumerate();
    let mut rows: Vec<_> = labels
        .map(|(index, label)| {
            vec![screen.button(*label, &press(AdminPress::Because(id, why, index)))]
        })
        .collect();
    rows.push(vec![
        screen.button("Lainnya…", &press(AdminPress::Other(id, why))),
        screen.button("⬅️ Kembali", &press(AdminPress::Refresh(id))),
    ]);
    let text = format!("{}\n\n{}", card.text, bold(why.question()));
    Ok(Answer::redraw(message_id, Card { text, buttons: rows }))
}

/// A ready-made reason was pressed.
pub fn because(
    here: Here<'_, '_>,
    message_id: i32,
    id: JobId,
    (why, reason): (Why, usize),
) -> Result<Answer> {
    let actor = office(&here, why.permission())?;
    let possible = jobs::possible(here.tx.conn(), &actor, id)?.contains(&why.action());
    match why.reasons().get(reason) {
        Some(reason) if possible => {
            let card = give(here, &actor, id, why, reason)?;
            Ok(Answer::redraw(message_id, card).saying(why.done()))
        }
        _ => job::too_late(here, &actor, message_id, id),
    }
}

/// Asks for a typed reason.
pub fn other(here: Here<'_, '_>, message_id: i32, id: JobId, why: Why) -> Result<Answer> {
    let actor = office(&here, why.permission())?;
    if !jobs::possible(here.tx.conn(), &actor, id)?.contains(&why.action()) {
        return Ok(job::too_late(here, &actor, message_id, id)?.end());
    }
    let screen = here.screen();
    let number = jobs::get(here.tx.conn(), &actor, id)?.number;
    let text = format!("{}\n{} Ketik alasannya.", bold(&number), why.question());
    let back = screen.button("⬅️ Kembali", &Press::Admin(AdminPress::Refresh(id)));
    let next = Dialogue::Admin(AdminDialogue::Reason { job: id, why, message_id });
    Ok(Answer::edit(message_id, text, vec![vec![back]]).go(next))
}

/// Takes the typed reason.
pub fn typed(
    here: Here<'_, '_>,
    (id, why, message_id): (JobId, Why, i32),
    input: &Input,
) -> Result<Answer> {
    let actor = office(&here, why.permission())?;
    let reason = match input {
        Input::Text(text) if text.chars().count() > LONGEST => {
            return Ok(Answer::text(format!("Terlalu panjang: paling banyak {LONGEST} huruf.")));
        }
        Input::Text(text) if !text.trim().is_empty() => text.trim(),
        _ => return Ok(Answer::text("Ketik alasannya dengan satu kalimat, atau /cancel.")),
    };
    if !jobs::possible(here.tx.conn(), &actor, id)?.contains(&why.action()) {
        return Ok(job::too_late(here, &actor, message_id, id)?.end());
    }
    let card = give(here, &actor, id, why, reason)?;
    let said = format!("{} {}", why.done(), escape(reason));
    Ok(Answer::text(said).and(Answer::redraw(message_id, card)).end())
}

fn give(here: Here<'_, '_>, actor: &Actor, id: JobId, why: Why, reason: &str) -> Result<Card> {
    let screen = here.screen();
    let request = TransitionRequest {
        reason: Some(reason.to_owned()),
        ..TransitionRequest::of(why.action())
    };
    jobs::transition(here.tx, actor, id, None, &request)?;
    job::card(here.tx.conn(), screen, actor, id)
}
