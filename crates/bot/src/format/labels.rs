//! Labels of jobs, photos and skills.

use shared::Lang;
use shared::job::{JobPriority, JobType};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::photo::PhotoKind;
use shared::technician::SkillKind;

use crate::texts::{actions, labels};

/// A priority; `None` for the normal one.
const fn priority(lang: Lang, priority: JobPriority) -> Option<&'static str> {
    match priority {
        JobPriority::Urgent => Some(labels::urgent(lang)),
        JobPriority::High => Some(labels::high(lang)),
        JobPriority::Normal => None,
        JobPriority::Low => Some(labels::low(lang)),
    }
}

/// The type of a job and its priority, unless that is the normal one.
pub fn type_line(lang: Lang, of: JobType, urgency: JobPriority) -> String {
    match priority(lang, urgency) {
        Some(priority) => format!("{} · {priority}", of.label_in(lang)),
        None => of.label_in(lang).to_owned(),
    }
}

/// The status of a job, as its technician reads it.
pub const fn status(lang: Lang, status: JobStatus) -> &'static str {
    match status {
        JobStatus::Open => labels::open(lang),
        JobStatus::Assigned => labels::assigned_to_you(lang),
        JobStatus::Accepted => labels::accepted(lang),
        JobStatus::EnRoute => labels::en_route(lang),
        JobStatus::InProgress => labels::in_progress(lang),
        JobStatus::OnHold => labels::on_hold(lang),
        JobStatus::Completed => labels::completed(lang),
        JobStatus::Closed => labels::closed(lang),
        JobStatus::Cancelled => labels::cancelled(lang),
    }
}

/// The button of a technician's action; `None` for actions of the office. Declining is called giving
/// back once the job was accepted.
pub const fn action_label(
    lang: Lang,
    action: JobAction,
    status: JobStatus,
) -> Option<&'static str> {
    match action {
        JobAction::Claim => Some(actions::claim(lang)),
        JobAction::Accept => Some(actions::accept(lang)),
        JobAction::Decline if matches!(status, JobStatus::Assigned) => Some(actions::decline(lang)),
        JobAction::Decline => Some(actions::give_back(lang)),
        JobAction::Depart => Some(actions::depart(lang)),
        JobAction::Start => Some(actions::start(lang)),
        JobAction::Hold => Some(actions::hold(lang)),
        JobAction::Resume => Some(actions::resume(lang)),
        JobAction::Complete => Some(actions::complete(lang)),
        JobAction::Assign
        | JobAction::Unassign
        | JobAction::Verify
        | JobAction::Cancel
        | JobAction::Reopen => None,
    }
}

/// Confirms an action that was just done.
pub const fn action_confirmation(lang: Lang, action: JobAction) -> &'static str {
    match action {
        JobAction::Claim => actions::claimed(lang),
        JobAction::Accept => actions::accepted(lang),
        JobAction::Decline => actions::declined(lang),
        JobAction::Depart => actions::departed(lang),
        JobAction::Start => actions::started(lang),
        JobAction::Hold => actions::held(lang),
        JobAction::Resume => actions::resumed(lang),
        JobAction::Complete => actions::completed(lang),
        JobAction::Assign
        | JobAction::Unassign
        | JobAction::Verify
        | JobAction::Cancel
        | JobAction::Reopen => actions::done(lang),
    }
}

/// What a photo shows.
pub const fn photo_kind(lang: Lang, kind: PhotoKind) -> &'static str {
    match kind {
        PhotoKind::Before => labels::photo_before(lang),
        PhotoKind::After => labels::photo_after(lang),
        PhotoKind::Device => labels::photo_device(lang),
        PhotoKind::Attenuation => labels::photo_attenuation(lang),
        PhotoKind::Speedtest => labels::photo_speedtest(lang),
        PhotoKind::Signature => labels::photo_signature(lang),
        PhotoKind::Other => labels::photo_other(lang),
    }
}

/// A skill of a technician.
pub const fn skill(lang: Lang, skill: SkillKind) -> &'static str {
    match skill {
        SkillKind::Installation => labels::skill_installation(lang),
        SkillKind::Repair => labels::skill_repair(lang),
        SkillKind::Splicing => labels::skill_splicing(lang),
        SkillKind::Wireless => labels::skill_wireless(lang),
        SkillKind::Network => labels::skill_network(lang),
    }
}
