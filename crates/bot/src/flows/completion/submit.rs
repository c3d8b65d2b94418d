//! Submitting or closing a report.

use services::inventory::job_stock::{self, JobStockItem};
use services::{Actor, Conn, Result, jobs, technician_stats};
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::{JobId, Lang};

use super::draft::ReportDraft;
use super::material_picker;
use super::report_view::show_draft;
use crate::callback_data::completion::{CompletionCallback, ReportAction, ReportPart};
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::{self, report};
use crate::views::TechnicianJob;

/// Items of the bag that the receipt lists.
const MAX_RECEIPT_ITEMS: usize = 5;

/// Completes the job with the report. If a part is missing, asks for it instead.
///
/// # Errors
/// `NotFound`, and the refusals of completion.
pub fn submit(
    mut ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    draft: &ReportDraft,
) -> Result<BotResponse> {
    let lang = ctx.lang;
    let requirements = jobs::completion_requirements(ctx.tx.conn(), actor, draft.job)?;
    let part = draft.next_part(&requirements);
    if part != ReportPart::Summary {
        let draft = ReportDraft { part, ..draft.clone() };
        let response = show_draft(&mut ctx, actor, Some(message_id), draft)?;
        return Ok(response.with_toast(report::incomplete(lang)));
    }
    let bag = job_stock::job_stock(ctx.tx.conn(), actor, draft.job)?;
    let request = TransitionRequest {
        report: draft.report.clone(),
        ont_serial_number: draft.serial.clone(),
        attenuation_dbm: draft.attenuation,
        materials: Some(draft.used.to_lines()),
        returned_device: draft.returned.as_deref().cloned(),
        ..TransitionRequest::for_action(JobAction::Complete)
    };
    let job = jobs::transition(ctx.tx, actor, draft.job, None, &request)?;
    let used = material_picker::used_summary(draft, &bag);
    let receipt = receipt(ctx.tx.conn(), lang, actor, &job, used)?;
    let response = BotResponse::edit(message_id, receipt, Vec::new());
    Ok(response.with_toast(report::submitted(lang)).ending_dialogue())
}

/// How long the job took, what was used, and what is left in the bag.
fn receipt(
    conn: &mut Conn,
    lang: Lang,
    actor: &Actor,
    job: &Job,
    used: Option<String>,
) -> Result<String> {
    let mut lines = vec![report::receipt(lang, bold(&job.number))];
    if let Some(at) = job.completed_at {
        let in_time = if at <= job.due_at { report::in_time(lang) } else { report::overdue(lang) };
        lines.push(match technician_stats::work_duration(conn, job.id, at)? {
            Some(length) => format!("⏱ {}, {in_time}", format::duration(lang, length)),
            None => format!("⏱ {in_time}"),
        });
    }
    let used = used.unwrap_or_else(|| report::no_material(lang).to_owned());
    lines.push(report::used(lang, used));
    lines.push(bag_line(lang, &job_stock::job_stock(conn, actor, job.id)?));
    Ok(lines.join("\n"))
}

fn bag_line(lang: Lang, bag: &[JobStockItem]) -> String {
    if bag.is_empty() {
        return report::bag_empty(lang).to_owned();
    }
    let items = bag.iter().take(MAX_RECEIPT_ITEMS).map(|item| {
        let quantity = format::quantity(item.stock.quantity, item.stock.unit);
        format!("{quantity} {}", escape(&item.stock.name))
    });
    let mut items = items.collect::<Vec<_>>().join(", ");
    if bag.len() > MAX_RECEIPT_ITEMS {
        items.push_str(&texts::common::and_more(lang, bag.len() - MAX_RECEIPT_ITEMS));
    }
    report::bag_left(lang, items)
}

/// Asks which of two reports to continue: `open` is open already, `wanted` was chosen now.
///
/// # Errors
/// `NotFound`.
pub fn ask_which_report(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    open: JobId,
    wanted: JobId,
) -> Result<BotResponse> {
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let open = jobs::get(ctx.tx.conn(), actor, open)?;
    let wanted = jobs::get(ctx.tx.conn(), actor, wanted)?;
    let row = |label: String, job: &Job, action| {
        vec![view_ctx.button(label, CompletionCallback(job.id, action))]
    };
    let continue_label = report::continue_open(lang, &open.number);
    let discard_label = report::discard_and_open(lang, &wanted.number);
    let buttons = vec![
        row(continue_label, &open, ReportAction::Open),
        row(discard_label, &wanted, ReportAction::OpenAnyway),
    ];
    let text = report::another_open(lang, bold(&open.number));
    Ok(BotResponse::view(MessageView { text, buttons }))
}

/// Closes the report; photos that were sent stay with the job.
///
/// # Errors
/// `NotFound`.
pub fn close(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    job: &TechnicianJob,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let view = job.view(ctx.tx.conn(), view_ctx, actor)?;
    let response = BotResponse::edit_view(message_id, view);
    Ok(response.with_toast(report::closed(ctx.lang)).ending_dialogue())
}
