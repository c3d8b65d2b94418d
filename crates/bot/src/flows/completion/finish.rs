//! The end of a report: sent with one press, or put aside.

use db::Conn;
use services::inventory::at_hand::{self, AtHand};
use services::{Actor, Result, jobs, performance};
use shared::JobId;
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;

use crate::answer::Answer;
use crate::cards;
use crate::flows::completion::draft::{Draft, Part};
use crate::flows::completion::{Act, CompletionPress, filling, material, sheet};
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;

/// Items of the bag that the receipt names.
const MOST_LEFT: usize = 5;

/// Sends the report. What is missing is asked for instead.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn confirm(
    here: Here<'_, '_>,
    actor: &Actor,
    message_id: i32,
    draft: &Draft,
) -> Result<Answer> {
    let screen = here.screen();
    let mut draft = draft.clone();
    let evidence = jobs::evidence(here.tx.conn(), actor, draft.job)?;
    let next = draft.next(&evidence);
    if next != Part::Summary {
        draft.part = next;
        let card = sheet::sheet(here.tx.conn(), screen, actor, &mut draft)?;
        return Ok(Answer::redraw(message_id, card).saying("Belum lengkap.").go(filling(draft)));
    }
    let bag = at_hand::at_hand(here.tx.conn(), actor, draft.job)?;
    let request = TransitionRequest {
        report: draft.report.clone(),
        ont_serial_number: draft.serial.clone(),
        attenuation_dbm: draft.attenuation,
        materials: Some(draft.used.lines()),
        ..TransitionRequest::of(JobAction::Complete)
    };
    let job = jobs::transition(here.tx, actor, draft.job, None, &request)?;
    let used = material::used(&draft, &bag);
    let receipt = receipt(here.tx.conn(), actor, &job, used)?;
    Ok(Answer::edit(message_id, receipt, Vec::new()).saying("Terkirim.").end())
}

/// How long it took, what stays at the customer, and what is left in the bag.
fn receipt(conn: &mut Conn, actor: &Actor, job: &Job, used: Option<String>) -> Result<String> {
    let mut lines = vec![format!("🏁 {} selesai. Terima kasih!", bold(&job.number))];
    if let Some(at) = job.completed_at {
        let in_time = if at <= job.due_at { "tepat waktu" } else { "lewat batas" };
        lines.push(match performance::worked_for(conn, job.id, at)? {
            Some(length) => format!("⏱ {}, {in_time}", say::duration(length)),
            None => format!("⏱ {in_time}"),
        });
    }
    lines.push(format!("🧰 Terpakai: {}", used.unwrap_or_else(|| "tanpa material".to_owned())));
    let left = at_hand::at_hand(conn, actor, job.id)?;
    let named = left.iter().take(MOST_LEFT).map(|AtHand { carried: it, .. }| {
        format!("{} {}", say::quantity(it.quantity, it.unit), escape(&it.name))
    });
    let mut named = named.collect::<Vec<_>>().join(", ");
    if left.len() > MOST_LEFT {
        named.push_str(&format!(", dan {} lainnya", left.len() - MOST_LEFT));
    }
    lines.push(match named.is_empty() {
        true => "🎒 Tas kosong.".to_owned(),
        false => format!("🎒 Di tas: {named}. Sisa bisa dikembalikan lewat /bag"),
    });
    Ok(lines.join("\n"))
}

/// Another report is open already: one of the two goes on.
///
/// # Errors
/// The database fails.
pub fn ask_which(here: Here<'_, '_>, actor: &Actor, open: JobId, wanted: JobId) -> Result<Answer> {
    let screen = here.screen();
    let (open, wanted) =
        (jobs::get(here.tx.conn(), actor, open)?, jobs::get(here.tx.conn(), actor, wanted)?);
    let button = |label: String, job: &Job, act| {
        vec![screen.button(label, &Press::Completion(CompletionPress(job.id, act)))]
    };
    let text = format!(
        "Laporan {} masih terbuka. Isian yang belum dikirim hilang kalau Anda pindah; fotonya tetap.",
        bold(&open.number)
    );
    let buttons = vec![
        button(format!("▶️ Lanjutkan {}", open.number), &open, Act::Begin),
        button(format!("🗑 Buang, buka {}", wanted.number), &wanted, Act::Anew),
    ];
    Ok(Answer::card(cards::Card { text, buttons }))
}

/// Closes the report; photos that were sent stay with the job.
///
/// # Errors
/// The database fails.
pub fn leave(here: Here<'_, '_>, actor: &Actor, message_id: i32, job: JobId) -> Result<Answer> {
    let screen = here.screen();
    let card = cards::present(here.tx.conn(), screen, actor, job)?;
    let said = "Laporan ditutup. Foto tetap tersimpan, isian lain tidak.";
    Ok(Answer::redraw(message_id, card).saying(said).end())
}
