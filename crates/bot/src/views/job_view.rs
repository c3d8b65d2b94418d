//! A job in the hands of a technician.

use notify::telegram::Button;
use services::{Actor, Conn, Result, customers, jobs, technicians};
use shared::inventory::ItemUnit;
use shared::job::{Job, JobMaterial};
use shared::job_state_machine::{JobAction, JobStatus};

use crate::callback_data::CallbackData;
use crate::flows::{CompletionCallback, JobCallback, JobReason, QuickTransition, ReportAction};
use crate::format;
use crate::html::{bold, escape, excerpt};
use crate::view_context::ViewContext;
use crate::views::MessageView;
use shared::JobId;

/// Characters of a job's description on its card.
const MAX_DESCRIPTION_CHARS: usize = 600;
/// Characters of what the office notes about the customer.
const MAX_NOTE_CHARS: usize = 300;

/// The own job: whose, where, by when, with what, and what comes next.
///
/// # Errors
/// There is no such job for this actor.
pub fn own_job(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    actor: &Actor,
    id: JobId,
) -> Result<MessageView> {
    let job = jobs::get(conn, actor, id)?;
    if !job.status.is_unfinished() {
        return Ok(finished_job(&job));
    }
    let mut lines = header_lines(screen, &job);
    lines.push(String::new());
    lines.extend(customer_lines(conn, screen, actor, &job)?);
    let material = jobs::materials(conn, actor, id)?.items;
    lines.extend(material_lines(job.status, &material));
    // Of the same reading as the text: a delivery reads while others change the job.
    let mut buttons = action_buttons(screen, &job, &jobs::allowed_actions_for(actor, &job));
    buttons.extend(contact_buttons(screen, &job));
    Ok(MessageView { text: lines.join("\n"), buttons })
}

/// The steps that are possible, the next one in a row of its own.
fn action_buttons(screen: ViewContext<'_>, job: &Job, possible: &[JobAction]) -> Vec<Vec<Button>> {
    let mut rows: Vec<Vec<Button>> = vec![Vec::new(), Vec::new()];
    for &action in possible {
        let (Some(label), Some((row, press))) =
            (format::action_label(action, job.status), action_callback(job, action))
        else {
            continue;
        };
        rows[row].push(screen.button(label, &press));
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// What the button of a step says, and whether it goes on (first row) or not.
fn action_callback(job: &Job, action: JobAction) -> Option<(usize, CallbackData)> {
    let way = |way| Some((0, CallbackData::Job(JobCallback::Transition(job.id, way))));
    match action {
        JobAction::Claim => way(QuickTransition::Claim),
        JobAction::Accept => way(QuickTransition::Accept),
        JobAction::Depart => way(QuickTransition::Depart),
        JobAction::Start => way(QuickTransition::Start),
        JobAction::Resume => way(QuickTransition::Resume),
        JobAction::Complete => {
            Some((0, CallbackData::Completion(CompletionCallback(job.id, ReportAction::Open))))
        }
        JobAction::Hold => {
            Some((1, CallbackData::Job(JobCallback::AskReason(job.id, JobReason::Hold))))
        }
        JobAction::Decline => {
            Some((1, CallbackData::Job(JobCallback::AskReason(job.id, JobReason::Decline))))
        }
        JobAction::Assign
        | JobAction::Unassign
        | JobAction::Verify
        | JobAction::Cancel
        | JobAction::Reopen => None,
    }
}

fn header_lines(screen: ViewContext<'_>, job: &Job) -> Vec<String> {
    let mut first = format!("🔧 {} · {}", bold(&job.number), format::job_type(job.job_type));
    if let Some(priority) = format::priority(job.priority) {
        first = format!("{first} · {priority}");
    }
    let mut status = bold(format::status(job.status));
    if let (JobStatus::OnHold, Some(reason)) = (job.status, &job.on_hold_reason) {
        status = format!("{status}: {}", escape(reason));
    }
    let mut lines = vec![first, status];
    // On hold the clock of the job stands still.
    if job.status != JobStatus::OnHold {
        lines.push(format!("⏰ Batas {}", format::due_time(job.due_at, screen.now, screen.zone())));
    }
    if let Some(start) = job.scheduled_start {
        let span = format::time_range(start, job.scheduled_end, screen.now, screen.zone());
        lines.push(format!("🗓 Jadwal {span}"));
    }
    lines
}

fn customer_lines(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    actor: &Actor,
    job: &Job,
) -> Result<Vec<String>> {
    let customer = customers::get(conn, &screen.state.cipher, actor, job.customer_id)?;
    let (odp, notes) = (customer.odp, customer.notes);
    let place = match actor.technician_id {
        Some(own) => technicians::likely_location(conn, own, screen.now)?,
        None => None,
    };
    let far = jobs::distance_km(place, job.latitude, job.longitude).map(format::distance);
    let far = far.map(|far| format!(" · {far}")).unwrap_or_default();
    let mut lines = vec![format!("👤 {}", escape(&job.customer_name))];
    // Telegram makes a number in this form something that can be tapped to call.
    lines.extend(job.customer_phone.as_ref().map(|phone| format!("📞 {}", escape(phone))));
    lines.push(format!("🏠 {}{far}", escape(&job.address)));
    lines.extend(odp.map(|odp| format!("🔌 {}", escape(&odp_label(&odp)))));
    lines.extend(
        job.description.as_ref().map(|text| format!("📝 {}", excerpt(text, MAX_DESCRIPTION_CHARS))),
    );
    lines.extend(notes.map(|notes| format!("ℹ️ {}", excerpt(&notes, MAX_NOTE_CHARS))));
    let others: Vec<&str> = job
        .technicians
        .iter()
        .filter(|member| Some(member.technician_id) != actor.technician_id)
        .map(|member| member.name.as_str())
        .collect();
    if !others.is_empty() {
        lines.push(format!("👥 Bersama {}", escape(&others.join(", "))));
    }
    Ok(lines)
}

/// The box on the pole; most organisations begin its name with what it is.
fn odp_label(odp: &str) -> String {
    if odp.to_uppercase().starts_with("ODP") { odp.to_owned() } else { format!("ODP {odp}") }
}

/// What went into the bag and what the warehouse lacked; before the job is accepted, what it needs.
fn material_lines(status: JobStatus, all: &[JobMaterial]) -> Vec<String> {
    let list = |of: &dyn Fn(&JobMaterial) -> i64| {
        let lines: Vec<String> = all
            .iter()
            .filter(|material| of(material) > 0)
            .map(|material| {
                let unit = material.unit.parse().unwrap_or(ItemUnit::Pieces);
                format!("{} {}", format::quantity(of(material), unit), escape(&material.name))
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    };
    if status == JobStatus::Assigned {
        return list(&|material| material.planned)
            .map(|text| format!("🧰 {text}"))
            .into_iter()
            .collect();
    }
    let given = list(&|material| material.issued - material.used);
    let missing = list(&|material| material.planned - material.issued.max(material.used));
    let given = given.map(|text| format!("🧰 Di tas: {text}"));
    let missing = missing.map(|text| format!("⚠️ Kurang di gudang: {text}"));
    given.into_iter().chain(missing).collect()
}

/// The map and the customer's WhatsApp.
fn contact_buttons(screen: ViewContext<'_>, job: &Job) -> Vec<Vec<Button>> {
    let mut row = Vec::new();
    if let Some((latitude, longitude)) = job.latitude.zip(job.longitude) {
        let url = format!(
            "https://www.google.com/maps/dir/?api=1&destination={latitude:.6},{longitude:.6}"
        );
        row.push(Button::Link { label: "🗺 Peta".into(), url });
        row.push(screen.button("📍 Titik", &CallbackData::Job(JobCallback::SendLocation(job.id))));
    }
    // A masked number is none to write to.
    let digits =
        job.customer_phone.as_deref().and_then(|phone| phone.strip_prefix('+')).unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let url = format!("https://wa.me/{digits}");
        row.push(Button::Link { label: "💬 WhatsApp".into(), url });
    }
    if row.is_empty() { Vec::new() } else { vec![row] }
}

fn finished_job(job: &Job) -> MessageView {
    let number = bold(&job.number);
    let text = match job.status {
        JobStatus::Cancelled => format!("❌ {number} dibatalkan oleh kantor."),
        _ => format!("🏁 {number} sudah selesai."),
    };
    MessageView { text, buttons: Vec::new() }
}
