//! One job as the office sees it, and the actions of the office on it.

use notify::telegram::Button;
use services::{Actor, Result, jobs};
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{JobId, Lang, Permission};

use super::access::office_actor;
use crate::callback_data::admin::{AdminCallback, AdminReason, JobFilter};
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::{self, admin};
use crate::view_context::ViewContext;

/// Shows the job in a new message.
pub fn open(ctx: UpdateContext<'_, '_>, id: JobId) -> Result<BotResponse> {
    show(ctx, None, id)
}

/// Shows the present state of the job in the pressed message.
pub fn refresh(ctx: UpdateContext<'_, '_>, message_id: i32, id: JobId) -> Result<BotResponse> {
    show(ctx, Some(message_id), id)
}

fn show(ctx: UpdateContext<'_, '_>, replaces: Option<i32>, id: JobId) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::JobsRead)?;
    let job = jobs::get(ctx.tx.conn(), &actor, id)?;
    Ok(BotResponse::show_view(replaces, job_view(ctx.view_ctx(), &actor, &job)))
}

/// Shows a job that was just changed in the pressed message.
///
/// # Errors
/// `Forbidden` without permission to read all jobs.
pub fn updated(
    ctx: &UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    job: &Job,
) -> Result<BotResponse> {
    office_actor(ctx, Permission::JobsRead)?;
    Ok(BotResponse::edit_view(message_id, job_view(ctx.view_ctx(), actor, job)))
}

/// Verifies the work, which closes the job.
pub fn verify(ctx: UpdateContext<'_, '_>, message_id: i32, id: JobId) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::JobsVerify)?;
    let before = jobs::get(ctx.tx.conn(), &actor, id)?;
    if !jobs::allowed_actions_for(&actor, &before).contains(&JobAction::Verify) {
        return Ok(stale_response(&ctx, &actor, message_id, &before));
    }
    let request = TransitionRequest::for_action(JobAction::Verify);
    let after = jobs::transition(ctx.tx, &actor, id, None, &request)?;
    Ok(updated(&ctx, &actor, message_id, &after)?.with_toast(admin::verified(ctx.lang)))
}

/// A button that is no longer possible changes nothing: the message is brought up to date.
pub fn stale_response(
    ctx: &UpdateContext<'_, '_>,
    actor: &Actor,
    message_id: i32,
    job: &Job,
) -> BotResponse {
    let view = job_view(ctx.view_ctx(), actor, job);
    let status = status_label(ctx.lang, job.status).to_lowercase();
    let toast = admin::no_longer_possible(ctx.lang, status);
    BotResponse::edit_view(message_id, view).with_toast(toast)
}

/// Everything that the office needs to know of a job, and the actions that are possible now.
pub fn job_view(view_ctx: ViewContext<'_>, actor: &Actor, job: &Job) -> MessageView {
    let lang = view_ctx.lang;
    let allowed = jobs::allowed_actions_for(actor, job);
    let list = AdminCallback::JobPage(JobFilter::Unfinished, 0);
    let mut buttons = vec![
        action_buttons(view_ctx, job, &allowed),
        vec![
            view_ctx.button(texts::common::refresh(lang), AdminCallback::Refresh(job.id)),
            view_ctx.button(admin::list_button(lang), list),
        ],
    ];
    buttons.retain(|row| !row.is_empty());
    MessageView { text: job_lines(view_ctx, job).join("\n"), buttons }
}

fn job_lines(view_ctx: ViewContext<'_>, job: &Job) -> Vec<String> {
    let lang = view_ctx.lang;
    let kind = format::type_line(lang, job.job_type, job.priority);
    let mut status = bold(status_label(lang, job.status));
    if let (JobStatus::OnHold, Some(reason)) = (job.status, &job.on_hold_reason) {
        status = format!("{status}: {}", escape(reason));
    }
    let mut lines = vec![format!("🔧 {} · {kind}", bold(&job.number)), status];
    if job.status.is_unfinished() && job.status != JobStatus::OnHold {
        lines.push(texts::job::due(lang, format::due_time(view_ctx, job.due_at)));
    }
    if let Some(start) = job.scheduled_start {
        let range = format::time_range(view_ctx, start, job.scheduled_end);
        lines.push(texts::job::scheduled(lang, range));
    }
    lines.push(format!("👤 {}", escape(&job.customer_name)));
    lines.extend(job.customer_phone.as_ref().map(|phone| format!("📞 {}", escape(phone))));
    lines.push(format!("🏠 {}", escape(&job.address)));
    lines.push(assignee_line(lang, job));
    lines.extend(job.description.as_ref().map(|text| format!("📝 {}", escape(text))));
    if let Some(at) = job.completed_at {
        lines.push(admin::completed_at(lang, format::date_time(view_ctx, at)));
    }
    lines.extend(job.report.as_ref().map(|text| format!("📄 {}", escape(text))));
    let dbm = job.attenuation_dbm.map(|dbm| format::decimal(lang, dbm, 2));
    lines.extend(dbm.map(|dbm| format!("📶 {dbm} dBm")));
    lines
}

/// The actions of the office; those of technicians are part of their own menus.
fn action_buttons(view_ctx: ViewContext<'_>, job: &Job, allowed: &[JobAction]) -> Vec<Button> {
    let lang = view_ctx.lang;
    let button = |action: &JobAction| {
        let (label, callback) = match action {
            JobAction::Assign if job.technicians.is_empty() => {
                (admin::assign(lang), AdminCallback::Candidates(job.id))
            }
            JobAction::Assign => (admin::reassign(lang), AdminCallback::Candidates(job.id)),
            JobAction::Unassign => {
                (admin::unassign(lang), AdminCallback::AskReason(job.id, AdminReason::Unassign))
            }
            JobAction::Verify => (admin::verify(lang), AdminCallback::Verify(job.id)),
            JobAction::Cancel => {
                (admin::cancel(lang), AdminCallback::AskReason(job.id, AdminReason::Cancel))
            }
            JobAction::Reopen => {
                (admin::reopen(lang), AdminCallback::AskReason(job.id, AdminReason::Reopen))
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
        Some(view_ctx.button(label, callback))
    };
    allowed.iter().filter_map(button).collect()
}

/// The technicians of a job.
pub fn assignee_line(lang: Lang, job: &Job) -> String {
    let names: Vec<&str> = job.technicians.iter().map(|member| member.name.as_str()).collect();
    match names.is_empty() {
        true => admin::no_technician(lang).to_owned(),
        false => format!("👷 {}", escape(&names.join(", "))),
    }
}

/// The status of a job, as the office reads it.
pub const fn status_label(lang: Lang, status: JobStatus) -> &'static str {
    match status {
        JobStatus::Assigned => texts::labels::assigned(lang),
        status => format::status(lang, status),
    }
}
