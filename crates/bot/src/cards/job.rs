//! A job in the hands of a technician.

use db::Conn;
use notify::telegram::Button;
use services::{Actor, Result, customers, jobs, technicians};
use shared::inventory::ItemUnit;
use shared::job::{Job, JobMaterial};
use shared::job_state_machine::{JobAction, JobStatus};

use crate::cards::Card;
use crate::flows::{Act, CompletionPress, JobPress, Way, Why};
use crate::html::{bold, escape, excerpt};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;
use shared::JobId;

/// Characters of a job's description on its card.
const DESCRIPTION: usize = 600;
/// Characters of what the office notes about the customer.
const NOTES: usize = 300;

/// The own job: whose, where, by when, with what, and what comes next.
///
/// # Errors
/// There is no such job for this actor.
pub fn own(conn: &mut Conn, screen: Screen<'_>, actor: &Actor, id: JobId) -> Result<Card> {
    let job = jobs::get(conn, actor, id)?;
    if !job.status.is_unfinished() {
        return Ok(over(&job));
    }
    let mut lines = head(screen, &job);
    lines.push(String::new());
    lines.extend(whom(conn, screen, actor, &job)?);
    let material = jobs::materials(conn, actor, id)?.items;
    lines.extend(materials(job.status, &material));
    // Of the same reading as the text: a delivery reads while others change the job.
    let mut buttons = buttons_of(screen, &job, &jobs::possible_with(actor, &job));
    buttons.extend(contacts(screen, &job));
    Ok(Card { text: lines.join("\n"), buttons })
}

/// The steps that are possible, the next one in a row of its own.
fn buttons_of(screen: Screen<'_>, job: &Job, possible: &[JobAction]) -> Vec<Vec<Button>> {
    let mut rows: Vec<Vec<Button>> = vec![Vec::new(), Vec::new()];
    for &action in possible {
        let (Some(label), Some((row, press))) =
            (say::action(action, job.status), step(job, action))
        else {
            continue;
        };
        rows[row].push(screen.button(label, &press));
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// What the button of a step says, and whether it goes on (first row) or not.
fn step(job: &Job, action: JobAction) -> Option<(usize, Press)> {
    let way = |way| Some((0, Press::Job(JobPress::Step(job.id, way))));
    match action {
        JobAction::Claim => way(Way::Claim),
        JobAction::Accept => way(Way::Accept),
        JobAction::Depart => way(Way::Depart),
        JobAction::Start => way(Way::Start),
        JobAction::Resume => way(Way::Resume),
        JobAction::Complete => Some((0, Press::Completion(CompletionPress(job.id, Act::Begin)))),
        JobAction::Hold => Some((1, Press::Job(JobPress::Ask(job.id, Why::Hold)))),
        JobAction::Decline => Some((1, Press::Job(JobPress::Ask(job.id, Why::Decline)))),
        JobAction::Assign
        | JobAction::Unassign
        | JobAction::Verify
        | JobAction::Cancel
        | JobAction::Reopen => None,
    }
}

fn head(screen: Screen<'_>, job: &Job) -> Vec<String> {
    let mut first = format!("🔧 {} · {}", bold(&job.number), say::job_type(job.job_type));
    if let Some(priority) = say::priority(job.priority) {
        first = format!("{first} · {priority}");
    }
    let mut status = bold(say::status(job.status));
    if let (JobStatus::OnHold, Some(reason)) = (job.status, &job.on_hold_reason) {
        status = format!("{status}: {}", escape(reason));
    }
    let mut lines = vec![first, status];
    // On hold the clock of the job stands still.
    if job.status != JobStatus::OnHold {
        lines.push(format!("⏰ Batas {}", say::due(job.due_at, screen.now, screen.zone())));
    }
    if let Some(start) = job.scheduled_start {
        let span = say::span(start, job.scheduled_end, screen.now, screen.zone());
        lines.push(format!("🗓 Jadwal {span}"));
    }
    lines
}

fn whom(conn: &mut Conn, screen: Screen<'_>, actor: &Actor, job: &Job) -> Result<Vec<String>> {
    let customer = customers::get(conn, &screen.shared.vault, actor, job.customer_id)?;
    let (odp, notes) = (customer.odp, customer.notes);
    let place = match actor.technician_id {
        Some(own) => technicians::place(conn, own, screen.now)?,
        None => None,
    };
    let far = jobs::distance_km(place, job.latitude, job.longitude).map(say::distance);
    let far = far.map(|far| format!(" · {far}")).unwrap_or_default();
    let mut lines = vec![format!("👤 {}", escape(&job.customer_name))];
    // Telegram makes a number in this form something that can be tapped to call.
    lines.extend(job.customer_phone.as_ref().map(|phone| format!("📞 {}", escape(phone))));
    lines.push(format!("🏠 {}{far}", escape(&job.address)));
    lines.extend(odp.map(|odp| format!("🔌 {}", escape(&named_odp(&odp)))));
    lines.extend(job.description.as_ref().map(|text| format!("📝 {}", excerpt(text, DESCRIPTION))));
    lines.extend(notes.map(|notes| format!("ℹ️ {}", excerpt(&notes, NOTES))));
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
fn named_odp(odp: &str) -> String {
    if odp.to_uppercase().starts_with("ODP") { odp.to_owned() } else { format!("ODP {odp}") }
}

/// What went into the bag and what the warehouse lacked; before the job is accepted, what it needs.
fn materials(status: JobStatus, all: &[JobMaterial]) -> Vec<String> {
    let list = |of: &dyn Fn(&JobMaterial) -> i64| {
        let lines: Vec<String> = all
            .iter()
            .filter(|material| of(material) > 0)
            .map(|material| {
                let unit = material.unit.parse().unwrap_or(ItemUnit::Pieces);
                format!("{} {}", say::quantity(of(material), unit), escape(&material.name))
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
fn contacts(screen: Screen<'_>, job: &Job) -> Vec<Vec<Button>> {
    let mut row = Vec::new();
    if let Some((latitude, longitude)) = job.latitude.zip(job.longitude) {
        let url = format!(
            "https://www.google.com/maps/dir/?api=1&destination={latitude:.6},{longitude:.6}"
        );
        row.push(Button::Link { label: "🗺 Peta".into(), url });
        row.push(screen.button("📍 Titik", &Press::Job(JobPress::Map(job.id))));
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

fn over(job: &Job) -> Card {
    let number = bold(&job.number);
    let text = match job.status {
        JobStatus::Cancelled => format!("❌ {number} dibatalkan oleh kantor."),
        _ => format!("🏁 {number} sudah selesai."),
    };
    Card { text, buttons: Vec::new() }
}
