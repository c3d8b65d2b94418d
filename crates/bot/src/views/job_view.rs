//! The own job of a technician: whose, where, by when, with what, and the next actions.

use notify::telegram::Button;
use services::{Actor, Conn, Result, customers, jobs, technicians};
use shared::inventory::ItemUnit;
use shared::job::{Job, JobMaterial};
use shared::job_state_machine::{JobAction, JobStatus};

use crate::callback_data::CallbackData;
use crate::callback_data::completion::{CompletionCallback, ReportAction};
use crate::callback_data::jobs::{JobCallback, JobReason, QuickTransition};
use crate::format;
use crate::html::{bold, escape, excerpt};
use crate::message_view::MessageView;
use crate::texts;
use crate::view_context::ViewContext;

/// Characters of a job's description that are shown.
const MAX_DESCRIPTION_CHARS: usize = 600;
/// Characters of the notes about the customer that are shown.
const MAX_NOTE_CHARS: usize = 300;

/// Renders an own job. A finished one is a single line.
///
/// # Errors
/// `NotFound` if the customer is not visible to the actor.
pub fn own_job(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    actor: &Actor,
    job: &Job,
) -> Result<MessageView> {
    if !job.status.is_unfinished() {
        return Ok(finished_job(view_ctx, job));
    }
    let mut lines = header_lines(view_ctx, job);
    lines.push(String::new());
    lines.extend(customer_lines(conn, view_ctx, actor, job)?);
    lines.extend(material_lines(view_ctx, job.status, &jobs::materials_of(conn, job)?));
    // Computed from the job that the text shows: others may change it while this is rendered.
    let mut buttons = action_buttons(view_ctx, job, &jobs::allowed_actions_for(actor, job));
    buttons.extend(contact_buttons(view_ctx, job));
    Ok(MessageView { text: lines.join("\n"), buttons })
}

/// The allowed actions; those that move the job forward are in the first row.
fn action_buttons(view_ctx: ViewContext<'_>, job: &Job, allowed: &[JobAction]) -> Vec<Vec<Button>> {
    let mut rows: Vec<Vec<Button>> = vec![Vec::new(), Vec::new()];
    for &action in allowed {
        let label = format::action_label(view_ctx.lang, action, job.status);
        let (Some(label), Some((row, callback))) = (label, action_callback(job, action)) else {
            continue;
        };
        rows[row].push(view_ctx.button(label, callback));
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// The callback of an action's button and its row.
fn action_callback(job: &Job, action: JobAction) -> Option<(usize, CallbackData)> {
    let quick = |step| Some((0, JobCallback::Transition(job.id, step).into()));
    let reason = |reason| Some((1, JobCallback::AskReason(job.id, reason).into()));
    match action {
        JobAction::Claim => quick(QuickTransition::Claim),
        JobAction::Accept => quick(QuickTransition::Accept),
        JobAction::Depart => quick(QuickTransition::Depart),
        JobAction::Start => quick(QuickTransition::Start),
        JobAction::Resume => quick(QuickTransition::Resume),
        JobAction::Complete => Some((0, CompletionCallback(job.id, ReportAction::Open).into())),
        JobAction::Hold => reason(JobReason::Hold),
        JobAction::Decline => reason(JobReason::Decline),
        JobAction::Assign
        | JobAction::Unassign
        | JobAction::Verify
        | JobAction::Cancel
        | JobAction::Reopen => None,
    }
}

fn header_lines(view_ctx: ViewContext<'_>, job: &Job) -> Vec<String> {
    let lang = view_ctx.lang;
    let kind = format::type_line(lang, job.job_type, job.priority);
    let mut status = bold(format::status(lang, job.status));
    if let (JobStatus::OnHold, Some(reason)) = (job.status, &job.on_hold_reason) {
        status = format!("{status}: {}", escape(reason));
    }
    let mut lines = vec![format!("🔧 {} · {kind}", bold(&job.number)), status];
    // The SLA clock of a job on hold stands still.
    if job.status != JobStatus::OnHold {
        lines.push(texts::job::due(lang, format::due_time(view_ctx, job.due_at)));
    }
    if let Some(start) = job.scheduled_start {
        let range = format::time_range(view_ctx, start, job.scheduled_end);
        lines.push(texts::job::scheduled(lang, range));
    }
    lines
}

fn customer_lines(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    actor: &Actor,
    job: &Job,
) -> Result<Vec<String>> {
    let customer = customers::get(conn, &view_ctx.state.cipher, actor, job.customer_id)?;
    let location = match actor.technician_id {
        Some(technician) => technicians::likely_location(conn, technician, view_ctx.now)?,
        None => None,
    };
    let distance = jobs::distance_km(location, job.latitude, job.longitude)
        .map(|km| format!(" · {}", format::distance(view_ctx.lang, km)))
        .unwrap_or_default();
    let mut lines = vec![format!("👤 {}", escape(&job.customer_name))];
    // Telegram lets a number in this form be tapped to call it.
    lines.extend(job.customer_phone.as_ref().map(|phone| format!("📞 {}", escape(phone))));
    lines.push(format!("🏠 {}{distance}", escape(&job.address)));
    lines.extend(customer.odp.map(|odp| format!("🔌 {}", escape(&odp_label(&odp)))));
    let description = job.description.as_ref();
    lines.extend(description.map(|text| format!("📝 {}", excerpt(text, MAX_DESCRIPTION_CHARS))));
    lines.extend(customer.notes.map(|notes| format!("ℹ️ {}", excerpt(&notes, MAX_NOTE_CHARS))));
    lines.extend(colleagues_line(view_ctx, actor, job));
    Ok(lines)
}

fn colleagues_line(view_ctx: ViewContext<'_>, actor: &Actor, job: &Job) -> Option<String> {
    let others: Vec<&str> = job
        .technicians
        .iter()
        .filter(|member| Some(member.technician_id) != actor.technician_id)
        .map(|member| member.name.as_str())
        .collect();
    let names = escape(&others.join(", "));
    (!others.is_empty()).then(|| texts::job::with_colleagues(view_ctx.lang, names))
}

/// The distribution point (ODP); most organisations begin its name with these letters.
fn odp_label(odp: &str) -> String {
    if odp.to_uppercase().starts_with("ODP") { odp.to_owned() } else { format!("ODP {odp}") }
}

/// The material in the bag and what the warehouse lacks; before the job is accepted, what is planned.
fn material_lines(
    view_ctx: ViewContext<'_>,
    status: JobStatus,
    materials: &[JobMaterial],
) -> Vec<String> {
    let list = |quantity_of: &dyn Fn(&JobMaterial) -> i64| {
        let items: Vec<String> = materials
            .iter()
            .filter(|material| quantity_of(material) > 0)
            .map(|material| {
                let unit = material.unit.parse().unwrap_or(ItemUnit::Pieces);
                let quantity = format::quantity(quantity_of(material), unit);
                format!("{quantity} {}", escape(&material.name))
            })
            .collect();
        (!items.is_empty()).then(|| items.join(", "))
    };
    if status == JobStatus::Assigned {
        let planned = list(&|material| material.planned);
        return planned.map(|items| format!("🧰 {items}")).into_iter().collect();
    }
    let in_bag = list(&|material| material.issued - material.used);
    let missing = list(&|material| material.planned - material.issued.max(material.used));
    let in_bag = in_bag.map(|items| texts::job::material_in_bag(view_ctx.lang, items));
    let missing = missing.map(|items| texts::job::material_missing(view_ctx.lang, items));
    in_bag.into_iter().chain(missing).collect()
}

/// Links to the map and to the customer's WhatsApp.
fn contact_buttons(view_ctx: ViewContext<'_>, job: &Job) -> Option<Vec<Button>> {
    let mut row = Vec::new();
    if let Some((latitude, longitude)) = job.latitude.zip(job.longitude) {
        let url = format!(
            "https://www.google.com/maps/dir/?api=1&destination={latitude:.6},{longitude:.6}"
        );
        row.push(Button::Link { label: texts::job::map(view_ctx.lang).into(), url });
        let pin = JobCallback::SendLocation(job.id);
        row.push(view_ctx.button(texts::job::pin(view_ctx.lang), pin));
    }
    // A masked number cannot be written to.
    let digits =
        job.customer_phone.as_deref().and_then(|phone| phone.strip_prefix('+')).unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let url = format!("https://wa.me/{digits}");
        row.push(Button::Link { label: "💬 WhatsApp".into(), url });
    }
    (!row.is_empty()).then_some(row)
}

fn finished_job(view_ctx: ViewContext<'_>, job: &Job) -> MessageView {
    let number = bold(&job.number);
    MessageView::text(match job.status {
        JobStatus::Cancelled => texts::job::cancelled(view_ctx.lang, number),
        _ => texts::job::finished(view_ctx.lang, number),
    })
}
