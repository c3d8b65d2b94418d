//! One job as the office sees it, and what the office can do with it.

use db::Conn;
use notify::telegram::Button;
use services::{Actor, Result, jobs};
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{JobId, Permission};

use crate::answer::Answer;
use crate::cards::Card;
use crate::flows::AdminPress;
use crate::flows::admin::{Why, office};
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;

/// The job at the end of the chat.
pub fn open(here: Here<'_, '_>, id: JobId) -> Result<Answer> {
    let actor = office(&here, Permission::JobsRead)?;
    let screen = here.screen();
    Ok(Answer::card(card(here.tx.conn(), screen, &actor, id)?))
}

/// The job as it is now in place of the pressed message.
pub fn redraw(here: Here<'_, '_>, message_id: i32, id: JobId) -> Result<Answer> {
    let actor = office(&here, Permission::JobsRead)?;
    let screen = here.screen();
    Ok(Answer::redraw(message_id, card(here.tx.conn(), screen, &actor, id)?))
}

/// The work was done well: closes the job.
pub fn verify(here: Here<'_, '_>, message_id: i32, id: JobId) -> Result<Answer> {
    let actor = office(&here, Permission::JobsVerify)?;
    let action = JobAction::Verify;
    if !jobs::possible(here.tx.conn(), &actor, id)?.contains(&action) {
        return too_late(here, &actor, message_id, id);
    }
    jobs::transition(here.tx, &actor, id, None, &TransitionRequest::of(action))?;
    Ok(redraw(here, message_id, id)?.saying("Diverifikasi, pekerjaan ditutup."))
}

/// A button that came too late changes nothing: the card is brought up to date.
pub fn too_late(here: Here<'_, '_>, actor: &Actor, message_id: i32, id: JobId) -> Result<Answer> {
    let screen = here.screen();
    let job = jobs::get(here.tx.conn(), actor, id)?;
    let card = card(here.tx.conn(), screen, actor, id)?;
    let said = format!("Tidak bisa lagi: pekerjaan ini {}.", status(job.status).to_lowercase());
    Ok(Answer::redraw(message_id, card).saying(said))
}

/// Everything that the office has to know of a job, and the steps that are possible now.
pub fn card(conn: &mut Conn, screen: Screen<'_>, actor: &Actor, id: JobId) -> Result<Card> {
    let job = jobs::get(conn, actor, id)?;
    let possible = jobs::possible(conn, actor, id)?;
    let mut buttons = vec![steps(screen, &job, &possible)];
    buttons.push(vec![
        screen.button("🔄 Segarkan", &Press::Admin(AdminPress::Refresh(id))),
        screen.button("📋 Daftar", &Press::Admin(AdminPress::Jobs(super::Choice::Unfinished, 0))),
    ]);
    buttons.retain(|row| !row.is_empty());
    Ok(Card { text: facts(screen, &job).join("\n"), buttons })
}

fn facts(screen: Screen<'_>, job: &Job) -> Vec<String> {
    let mut first = format!("🔧 {} · {}", bold(&job.number), say::job_type(job.job_type));
    if let Some(priority) = say::priority(job.priority) {
        first = format!("{first} · {priority}");
    }
    let mut state = bold(status(job.status));
    if let (JobStatus::OnHold, Some(reason)) = (job.status, &job.on_hold_reason) {
        state = format!("{state}: {}", escape(reason));
    }
    let mut lines = vec![first, state];
    if job.status.is_unfinished() && job.status != JobStatus::OnHold {
        lines.push(format!("⏰ Batas {}", say::due(job.due_at, screen.now, screen.zone())));
    }
    if let Some(start) = job.scheduled_start {
        let span = say::span(start, job.scheduled_end, screen.now, screen.zone());
        lines.push(format!("🗓 Jadwal {span}"));
    }
    lines.push(format!("👤 {}", escape(&job.customer_name)));
    lines.extend(job.customer_phone.as_ref().map(|phone| format!("📞 {}", escape(phone))));
    lines.push(format!("🏠 {}", escape(&job.address)));
    lines.push(crew(job));
    lines.extend(job.description.as_ref().map(|text| format!("📝 {}", escape(text))));
    if let Some(at) = job.completed_at {
        lines.push(format!("🏁 Selesai {}", say::moment(at, screen.now, screen.zone())));
    }
    lines.extend(job.report.as_ref().map(|text| format!("📄 {}", escape(text))));
    lines.extend(job.attenuation_dbm.map(|dbm| format!("📶 {} dBm", say::decimal(dbm, 2))));
    lines
}

/// Only the steps of the office; those of a technician stand in the technician's menus.
fn steps(screen: Screen<'_>, job: &Job, possible: &[JobAction]) -> Vec<Button> {
    let step = |action: &JobAction| {
        let (label, press) = match action {
            JobAction::Assign if job.technicians.is_empty() => {
                ("👷 Tugaskan", AdminPress::Candidates(job.id))
            }
            JobAction::Assign => ("👷 Ganti teknisi", AdminPress::Candidates(job.id)),
            JobAction::Unassign => ("↩️ Lepas teknisi", AdminPress::Ask(job.id, Why::Unassign)),
            JobAction::Verify => ("☑️ Verifikasi", AdminPress::Verify(job.id)),
            JobAction::Cancel => ("❌ Batalkan", AdminPress::Ask(job.id, Why::Cancel)),
            JobAction::Reopen => ("🔁 Buka lagi", AdminPress::Ask(job.id, Why::Reopen)),
            JobAction::Claim
            | JobAction::Accept
            | JobAction::Decline
            | JobAction::Depart
            | JobAction::Start
            | JobAction::Hold
            | JobAction::Resume
            | JobAction::Complete => return None,
        };
        Some(screen.button(label, &Press::Admin(press)))
    };
    possible.iter().filter_map(step).collect()
}

/// Who is on the job.
pub fn crew(job: &Job) -> String {
    let names: Vec<&str> = job.technicians.iter().map(|member| member.name.as_str()).collect();
    match names.is_empty() {
        true => "👷 Belum ada teknisi".to_owned(),
        false => format!("👷 {}", escape(&names.join(", "))),
    }
}

/// Where a job stands, in the words of the office.
pub const fn status(of: JobStatus) -> &'static str {
    match of {
        JobStatus::Assigned => "Ditugaskan",
        other => say::status(other),
    }
}
