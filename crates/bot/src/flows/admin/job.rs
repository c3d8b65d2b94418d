//! One job as the office sees it, and what the office can do with it.

use notify::telegram::Button;
use services::{Actor, Conn, Result, jobs};
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{JobId, Permission};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::AdminCallback;
use crate::flows::admin::{AdminReason, office_actor};
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// The job at the end of the chat.
pub fn open(here: UpdateContext<'_, '_>, id: JobId) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::JobsRead)?;
    let screen = here.view_ctx();
    Ok(BotResponse::view(job_view(here.tx.conn(), screen, &actor, id)?))
}

/// The job as it is now in place of the pressed message.
pub fn refresh(here: UpdateContext<'_, '_>, message_id: i32, id: JobId) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::JobsRead)?;
    let screen = here.view_ctx();
    Ok(BotResponse::edit_view(message_id, job_view(here.tx.conn(), screen, &actor, id)?))
}

/// The work was done well: closes the job.
pub fn verify(here: UpdateContext<'_, '_>, message_id: i32, id: JobId) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::JobsVerify)?;
    let action = JobAction::Verify;
    if !jobs::allowed_actions(here.tx.conn(), &actor, id)?.contains(&action) {
        return stale_response(here, &actor, message_id, id);
    }
    jobs::transition(here.tx, &actor, id, None, &TransitionRequest::for_action(action))?;
    Ok(refresh(here, message_id, id)?.with_toast("Diverifikasi, pekerjaan ditutup."))
}

/// A button that came too late changes nothing: the card is brought up to date.
pub fn stale_response(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let job = jobs::get(here.tx.conn(), actor, id)?;
    let card = job_view(here.tx.conn(), screen, actor, id)?;
    let said =
        format!("Tidak bisa lagi: pekerjaan ini {}.", status_label(job.status).to_lowercase());
    Ok(BotResponse::edit_view(message_id, card).with_toast(said))
}

/// Everything that the office has to know of a job, and the steps that are possible now.
pub fn job_view(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    actor: &Actor,
    id: JobId,
) -> Result<MessageView> {
    let job = jobs::get(conn, actor, id)?;
    let possible = jobs::allowed_actions(conn, actor, id)?;
    let mut buttons = vec![action_buttons(screen, &job, &possible)];
    buttons.push(vec![
        screen.button("🔄 Segarkan", &CallbackData::Admin(AdminCallback::Refresh(id))),
        screen.button(
            "📋 Daftar",
            &CallbackData::Admin(AdminCallback::JobPage(super::JobFilter::Unfinished, 0)),
        ),
    ]);
    buttons.retain(|row| !row.is_empty());
    Ok(MessageView { text: job_lines(screen, &job).join("\n"), buttons })
}

fn job_lines(screen: ViewContext<'_>, job: &Job) -> Vec<String> {
    let mut first = format!("🔧 {} · {}", bold(&job.number), format::job_type(job.job_type));
    if let Some(priority) = format::priority(job.priority) {
        first = format!("{first} · {priority}");
    }
    let mut state = bold(status_label(job.status));
    if let (JobStatus::OnHold, Some(reason)) = (job.status, &job.on_hold_reason) {
        state = format!("{state}: {}", escape(reason));
    }
    let mut lines = vec![first, state];
    if job.status.is_unfinished() && job.status != JobStatus::OnHold {
        lines.push(format!("⏰ Batas {}", format::due_time(job.due_at, screen.now, screen.zone())));
    }
    if let Some(start) = job.scheduled_start {
        let span = format::time_range(start, job.scheduled_end, screen.now, screen.zone());
        lines.push(format!("🗓 Jadwal {span}"));
    }
    lines.push(format!("👤 {}", escape(&job.customer_name)));
    lines.extend(job.customer_phone.as_ref().map(|phone| format!("📞 {}", escape(phone))));
    lines.push(format!("🏠 {}", escape(&job.address)));
    lines.push(assignee_line(job));
    lines.extend(job.description.as_ref().map(|text| format!("📝 {}", escape(text))));
    if let Some(at) = job.completed_at {
        lines.push(format!("🏁 Selesai {}", format::date_time(at, screen.now, screen.zone())));
    }
    lines.extend(job.report.as_ref().map(|text| format!("📄 {}", escape(text))));
    lines.extend(job.attenuation_dbm.map(|dbm| format!("📶 {} dBm", format::decimal(dbm, 2))));
    lines
}

/// Only the steps of the office; those of a technician stand in the technician's menus.
fn action_buttons(screen: ViewContext<'_>, job: &Job, possible: &[JobAction]) -> Vec<Button> {
    let step = |action: &JobAction| {
        let (label, press) = match action {
            JobAction::Assign if job.technicians.is_empty() => {
                ("👷 Tugaskan", AdminCallback::Candidates(job.id))
            }
            JobAction::Assign => ("👷 Ganti teknisi", AdminCallback::Candidates(job.id)),
            JobAction::Unassign => {
                ("↩️ Lepas teknisi", AdminCallback::AskReason(job.id, AdminReason::Unassign))
            }
            JobAction::Verify => ("☑️ Verifikasi", AdminCallback::Verify(job.id)),
            JobAction::Cancel => {
                ("❌ Batalkan", AdminCallback::AskReason(job.id, AdminReason::Cancel))
            }
            JobAction::Reopen => {
                ("🔁 Buka lagi", AdminCallback::AskReason(job.id, AdminReason::Reopen))
            }
            JobAction::Claim
            | JobAction::Accept
            | JobAction::Decline
            | JobAction::Depart
            | JobAction::Start
            | JobAction::Hold
            | JobAction::Resume
            | JobAction::Complete => return None,
        };
        Some(screen.button(label, &CallbackData::Admin(press)))
    };
    possible.iter().filter_map(step).collect()
}

/// Who is on the job.
pub fn assignee_line(job: &Job) -> String {
    let names: Vec<&str> = job.technicians.iter().map(|member| member.name.as_str()).collect();
    match names.is_empty() {
        true => "👷 Belum ada teknisi".to_owned(),
        false => format!("👷 {}", escape(&names.join(", "))),
    }
}

/// Where a job stands, in the words of the office.
pub const fn status_label(of: JobStatus) -> &'static str {
    match of {
        JobStatus::Assigned => "Ditugaskan",
        other => format::status(other),
    }
}
