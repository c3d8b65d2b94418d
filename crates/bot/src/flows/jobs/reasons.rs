//! Declining and holding: both need a reason, most of them ready-made.

use serde::{Deserialize, Serialize};
use services::{Actor, Result, jobs};
use shared::JobId;
use shared::job::TransitionRequest;
use shared::job_state_machine::JobAction;

use crate::answer::Answer;
use crate::cards::{self, Card};
use crate::dialogue::Dialogue;
use crate::flows::JobPress;
use crate::flows::jobs::steps::instead;
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::update::Input;

/// Longest reason that can be typed, in characters; the rule stands in the request.
const LONGEST: usize = 500;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum JobDialogue {
    /// A typed reason; `message_id` is the card that asked for it.
    Reason { job: JobId, why: Why, message_id: i32 },
}

/// What a reason is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    #[serde(rename = "h")]
    Hold,
    #[serde(rename = "d")]
    Decline,
}

impl Why {
    const fn action(self) -> JobAction {
        match self {
            Why::Hold => JobAction::Hold,
            Why::Decline => JobAction::Decline,
        }
    }

    const fn question(self) -> &'static str {
        match self {
            Why::Hold => "Kenapa ditunda?",
            Why::Decline => "Kenapa tidak bisa?",
        }
    }

    /// Ready-made reasons. A button names its place in the list: new ones go to the end.
    const fn reasons(self) -> &'static [&'static str] {
        match self {
            Why::Hold => &[
                "Pelanggan tidak di rumah",
                "Hujan",
                "Material kurang",
                "Menunggu izin",
                "ODP penuh",
                "Minta jadwal ulang",
            ],
            Why::Decline => &["Terlalu jauh", "Sedang tugas lain", "Alat kurang", "Sakit"],
        }
    }
}

/// Shows the reasons below the card.
pub fn ask(
    here: Here<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    why: Why,
) -> Result<Answer> {
    if !jobs::possible(here.tx.conn(), actor, id)?.contains(&why.action()) {
        return too_late(here, actor, message_id, id);
    }
    let screen = here.screen();
    let card = cards::present(here.tx.conn(), screen, actor, id)?;
    let press = |press| Press::Job(press);
    let labels = why.reasons().iter().enumerate();
    let buttons: Vec<_> = labels
        .map(|(index, label)| screen.button(*label, &press(JobPress::Because(id, why, index))))
        .collect();
    let mut rows: Vec<_> = buttons.chunks(2).map(<[_]>::to_vec).collect();
    rows.push(vec![
        screen.button("Lainnya…", &press(JobPress::Other(id, why))),
        screen.button("⬅️ Kembali", &press(JobPress::Refresh(id))),
    ]);
    let text = format!("{}\n\n{}", card.text, bold(why.question()));
    Ok(Answer::redraw(message_id, Card { text, buttons: rows }))
}

/// A ready-made reason was pressed.
pub fn because(
    here: Here<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    (why, reason): (Why, usize),
) -> Result<Answer> {
    let Some(reason) = why.reasons().get(reason) else {
        return too_late(here, actor, message_id, id);
    };
    if !jobs::possible(here.tx.conn(), actor, id)?.contains(&why.action()) {
        return too_late(here, actor, message_id, id);
    }
    let card = give(here, actor, id, why, reason)?;
    Ok(Answer::redraw(message_id, card).saying(say::done(why.action())))
}

/// Asks for a typed reason.
pub fn other(
    here: Here<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
    why: Why,
) -> Result<Answer> {
    if !jobs::possible(here.tx.conn(), actor, id)?.contains(&why.action()) {
        return Ok(too_late(here, actor, message_id, id)?.end());
    }
    let screen = here.screen();
    let number = jobs::get(here.tx.conn(), actor, id)?.number;
    let text = format!("{}\n{} Ketik alasannya.", bold(&number), why.question());
    let back = screen.button("⬅️ Kembali", &Press::Job(JobPress::Refresh(id)));
    let next = Dialogue::Job(JobDialogue::Reason { job: id, why, message_id });
    Ok(Answer::edit(message_id, text, vec![vec![back]]).go(next))
}

/// Takes the typed reason.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(here: Here<'_, '_>, state: &JobDialogue, input: &Input) -> Result<Answer> {
    let JobDialogue::Reason { job, why, message_id } = *state;
    let (actor, _) = here.technician()?;
    let reason = match input {
        Input::Text(text) if text.trim().is_empty() => return Ok(wanted()),
        Input::Text(text) if text.chars().count() > LONGEST => {
            return Ok(Answer::text(format!("Terlalu panjang: paling banyak {LONGEST} huruf.")));
        }
        Input::Text(text) => text.trim(),
        _ => return Ok(wanted()),
    };
    if !jobs::possible(here.tx.conn(), &actor, job)?.contains(&why.action()) {
        return Ok(too_late(here, &actor, message_id, job)?.end());
    }
    let card = give(here, &actor, job, why, reason)?;
    let said = format!("{} {}", say::done(why.action()), escape(reason));
    Ok(Answer::text(said).and(Answer::redraw(message_id, card)).end())
}

fn wanted() -> Answer {
    Answer::text("Ketik alasannya dengan satu kalimat, atau /cancel.")
}

fn give(here: Here<'_, '_>, actor: &Actor, id: JobId, why: Why, reason: &str) -> Result<Card> {
    let screen = here.screen();
    let request = TransitionRequest {
        reason: Some(reason.to_owned()),
        ..TransitionRequest::of(why.action())
    };
    let job = jobs::transition(here.tx, actor, id, None, &request)?;
    match why {
        Why::Hold => cards::present(here.tx.conn(), screen, actor, id),
        Why::Decline => {
            let text = format!("{} dikembalikan ke kantor: {}", bold(&job.number), escape(reason));
            let again = screen.button("Lihat lagi", &Press::Job(JobPress::Refresh(id)));
            Ok(Card { text, buttons: vec![vec![again]] })
        }
    }
}

fn too_late(here: Here<'_, '_>, actor: &Actor, message_id: i32, id: JobId) -> Result<Answer> {
    let screen = here.screen();
    let said = instead(here.tx.conn(), screen, actor, id)?;
    let card = cards::present(here.tx.conn(), screen, actor, id)?;
    Ok(Answer::redraw(message_id, card).saying(said))
}
