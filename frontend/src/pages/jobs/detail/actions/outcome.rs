//! Outcome of an action on a job.

use leptos::prelude::*;
use shared::JobId;
use shared::job::Job;

use crate::api::ApiError;
use crate::core::labels::Label;
use crate::core::load::Load;
use crate::core::toast;
use crate::tr;

/// The job that the page shows now, and its version.
pub fn shown(load: Load<Job>) -> Option<(JobId, i64)> {
    load.value.with_untracked(|job| job.as_ref().map(|job| (job.id, job.version)))
}

/// Shows the changed job and reports the success.
pub fn show_success(load: Load<Job>, job: Job) {
    toast::success(
        tr!(jobs.done, number = job.number.clone(), status = job.status.label()).to_string(),
    );
    load.set(job);
}

/// Reloads the job if the action was based on outdated data.
pub fn reload_if_stale(load: Load<Job>, error: &ApiError) {
    if error.is_stale() {
        load.reload();
    }
}
