//! Assigning a job to one of the best candidates.

use services::{Result, jobs};
use shared::job::{AssignRequest, Candidate};
use shared::job_state_machine::JobAction;
use shared::{JobId, Lang, Permission, TechnicianId};

use super::access::office_actor;
use super::job;
use crate::callback_data::admin::AdminCallback;
use crate::context::UpdateContext;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::{self, admin};

/// Technicians that are proposed.
const MAX_CANDIDATES: usize = 5;

/// Shows the best candidates and why they fit.
pub fn candidates(ctx: UpdateContext<'_, '_>, message_id: i32, id: JobId) -> Result<BotResponse> {
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let actor = office_actor(&ctx, Permission::JobsAssign)?;
    let job = jobs::get(ctx.tx.conn(), &actor, id)?;
    if !jobs::allowed_actions_for(&actor, &job).contains(&JobAction::Assign) {
        return Ok(job::stale_response(&ctx, &actor, message_id, &job));
    }
    let all = jobs::candidates(ctx.tx.conn(), &actor, lang, view_ctx.now, id)?.items;
    let eligible = all.iter().filter(|candidate| candidate.eligible);
    let best: Vec<&Candidate> = eligible.take(MAX_CANDIDATES).collect();
    let mut parts = vec![admin::ask_candidate(lang, bold(&job.number))];
    if best.is_empty() {
        parts.push(admin::no_candidates(lang).to_owned());
    }
    let lines = best.iter().enumerate();
    parts.extend(lines.map(|(index, candidate)| candidate_line(lang, index + 1, candidate)));
    let row = |candidate: &&Candidate| {
        let assign = AdminCallback::Assign(id, candidate.technician_id);
        vec![view_ctx.button(format!("👷 {}", candidate.name), assign)]
    };
    let mut buttons: Vec<_> = best.iter().map(row).collect();
    let back = view_ctx.button(texts::common::back(lang), AdminCallback::Refresh(id));
    buttons.push(vec![back]);
    Ok(BotResponse::edit_view(message_id, MessageView { text: parts.join("\n\n"), buttons }))
}

fn candidate_line(lang: Lang, place: usize, candidate: &Candidate) -> String {
    let percent = format!("{:.0}", candidate.score * 100.0);
    let first = admin::candidate(lang, place, bold(&candidate.name), percent);
    format!("{first}\n{}", escape(&candidate.explanation))
}

/// Assigns the technician.
pub fn assign(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    technician: TechnicianId,
) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::JobsAssign)?;
    let before = jobs::get(ctx.tx.conn(), &actor, id)?;
    if !jobs::allowed_actions_for(&actor, &before).contains(&JobAction::Assign) {
        return Ok(job::stale_response(&ctx, &actor, message_id, &before));
    }
    let request = AssignRequest::for_technicians(vec![technician]);
    let after = jobs::assign(ctx.tx, &actor, id, Some(before.version), &request)?;
    let name = after.technicians.first().map(|lead| lead.name.as_str()).unwrap_or_default();
    let toast = admin::assigned_to(ctx.lang, name);
    Ok(job::updated(&ctx, &actor, message_id, &after)?.with_toast(toast))
}
