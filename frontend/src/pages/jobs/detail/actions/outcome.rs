//! Outcome of an action on a job.

use shared::job::Job;

use crate::api::ApiError;
use crate::core::labels::Label;
use crate::core::load::Load;
use crate::core::toast;
use crate::tr;

/// Takes up the answer to an action, and says that it worked.
pub fn show_success(load: Load<Job>, job: Job) {
    toast::success(
        tr!(jobs.done, number = job.number.clone(), status = job.status.label()).to_string(),
    );
    load.set(job);
}

/// Says that an action failed; loads again what others have changed meanwhile.
pub fn reload_if_stale(load: Load<Job>, error: &ApiError) {
    if error.is_stale() {
        load.reload();
    }
}
