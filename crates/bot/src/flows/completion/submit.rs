//! The end of a report: sent with one press, or put aside.

use services::inventory::job_stock::{self, JobStockItem};
use services::{Actor, Conn, Result, jobs, technician_stats};
use shared::JobId;
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::completion::draft::{ReportDraft, ReportPart};
use crate::flows::completion::{
    CompletionCallback, ReportAction, material_picker, report_view, to_dialogue,
};
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::views;

/// Items of the bag that the receipt names.
const MAX_RECEIPT_ITEMS: usize = 5;

/// Sends the report. What is missing is asked for instead.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn submit(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    draft: &ReportDraft,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let mut draft = draft.clone();
    let evidence = jobs::completion_requirements(here.tx.conn(), actor, draft.job)?;
    let next = draft.next_part(&evidence);
    if next != ReportPart::Summary {
        draft.part = next;
        let card = report_view::render(here.tx.conn(), screen, actor, &mut draft)?;
        return Ok(BotResponse::edit_view(message_id, card)
            .with_toast("Belum lengkap.")
            .with_dialogue(to_dialogue(draft)));
    }
    let bag = job_stock::job_stock(here.tx.conn(), actor, draft.job)?;
    let request = TransitionRequest {
        report: draft.report.clone(),
        ont_serial_number: draft.serial.clone(),
        attenuation_dbm: draft.attenuation,
        materials: Some(draft.used.to_lines()),
        ..TransitionRequest::for_action(JobAction::Complete)
    };
    let job = jobs::transition(here.tx, actor, draft.job, None, &request)?;
    let used = material_picker::used_summary(&draft, &bag);
    let receipt = receipt(here.tx.conn(), actor, &job, used)?;
    Ok(BotResponse::edit(message_id, receipt, Vec::new()).with_toast("Terkirim.").ending_dialogue())
}

/// How long it took, what stays at the customer, and what is left in the bag.
fn receipt(conn: &mut Conn, actor: &Actor, job: &Job, used: Option<String>) -> Result<String> {
    let mut lines = vec![format!("🏁 {} selesai. Terima kasih!", bold(&job.number))];
    if let Some(at) = job.completed_at {
        let in_time = if at <= job.due_at { "tepat waktu" } else { "lewat batas" };
        lines.push(match technician_stats::work_duration(conn, job.id, at)? {
            Some(length) => format!("⏱ {}, {in_time}", format::duration(length)),
            None => format!("⏱ {in_time}"),
        });
    }
    lines.push(format!("🧰 Terpakai: {}", used.unwrap_or_else(|| "tanpa material".to_owned())));
    let left = job_stock::job_stock(conn, actor, job.id)?;
    let named = left.iter().take(MAX_RECEIPT_ITEMS).map(|JobStockItem { stock: it, .. }| {
        format!("{} {}", format::quantity(it.quantity, it.unit), escape(&it.name))
    });
    let mut named = named.collect::<Vec<_>>().join(", ");
    if left.len() > MAX_RECEIPT_ITEMS {
        named.push_str(&format!(", dan {} lainnya", left.len() - MAX_RECEIPT_ITEMS));
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
pub fn ask_which_report(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    open: JobId,
    wanted: JobId,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let (open, wanted) =
        (jobs::get(here.tx.conn(), actor, open)?, jobs::get(here.tx.conn(), actor, wanted)?);
    let button = |label: String, job: &Job, act| {
        vec![screen.button(label, &CallbackData::Completion(CompletionCallback(job.id, act)))]
    };
    let text = format!(
        "Laporan {} masih terbuka. Isian yang belum dikirim hilang kalau Anda pindah; fotonya tetap.",
        bold(&open.number)
    );
    let buttons = vec![
        button(format!("▶️ Lanjutkan {}", open.number), &open, ReportAction::Open),
        button(format!("🗑 Buang, buka {}", wanted.number), &wanted, ReportAction::OpenAnyway),
    ];
    Ok(BotResponse::view(views::MessageView { text, buttons }))
}

/// Closes the report; photos that were sent stay with the job.
///
/// # Errors
/// The database fails.
pub fn close(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    job: JobId,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let card = views::current_view(here.tx.conn(), screen, actor, job)?;
    let said = "Laporan ditutup. Foto tetap tersimpan, isian lain tidak.";
    Ok(BotResponse::edit_view(message_id, card).with_toast(said).ending_dialogue())
}
