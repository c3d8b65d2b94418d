//! Giving a job to one of those who fit best.

use services::{Result, jobs};
use shared::job::{AssignRequest, Candidate};
use shared::job_state_machine::JobAction;
use shared::{JobId, Lang, Permission, TechnicianId};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::AdminCallback;
use crate::flows::admin::{job, office_actor};
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::views::MessageView;

/// Technicians that are proposed.
const MAX_CANDIDATES: usize = 5;

/// The best candidates and why they are.
pub fn candidates(here: UpdateContext<'_, '_>, message_id: i32, id: JobId) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::JobsAssign)?;
    if !jobs::allowed_actions(here.tx.conn(), &actor, id)?.contains(&JobAction::Assign) {
        return job::stale_response(here, &actor, message_id, id);
    }
    let screen = here.view_ctx();
    let number = jobs::get(here.tx.conn(), &actor, id)?.number;
    let all = jobs::candidates(here.tx.conn(), &actor, Lang::Id, screen.now, id)?.items;
    let best: Vec<&Candidate> =
        all.iter().filter(|one| one.eligible).take(MAX_CANDIDATES).collect();
    let mut parts = vec![format!("{} · siapa yang ditugaskan?", bold(&number))];
    if best.is_empty() {
        parts.push("Belum ada teknisi dinas yang bisa diusulkan.".to_owned());
    }
    parts.extend(best.iter().enumerate().map(|(index, one)| candidate_line(index + 1, one)));
    let give = |one: &&Candidate| {
        let press = CallbackData::Admin(AdminCallback::Assign(id, one.technician_id));
        vec![screen.button(format!("👷 {}", one.name), &press)]
    };
    let mut buttons: Vec<_> = best.iter().map(give).collect();
    buttons
        .push(vec![screen.button("⬅️ Kembali", &CallbackData::Admin(AdminCallback::Refresh(id)))]);
    Ok(BotResponse::edit_view(message_id, MessageView { text: parts.join("\n\n"), buttons }))
}

fn candidate_line(place: usize, one: &Candidate) -> String {
    let percent = one.score * 100.0;
    format!("{place}. {} · cocok {percent:.0}%\n{}", bold(&one.name), escape(&one.explanation))
}

/// Gives the job to the technician.
pub fn assign(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: JobId,
    technician: TechnicianId,
) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::JobsAssign)?;
    if !jobs::allowed_actions(here.tx.conn(), &actor, id)?.contains(&JobAction::Assign) {
        return job::stale_response(here, &actor, message_id, id);
    }
    let job = jobs::assign(here.tx, &actor, id, &AssignRequest::for_technicians(vec![technician]))?;
    let name = job.technicians.first().map(|lead| lead.name.as_str()).unwrap_or_default();
    let said = format!("Ditugaskan ke {name}.");
    Ok(job::refresh(here, message_id, id)?.with_toast(said))
}
