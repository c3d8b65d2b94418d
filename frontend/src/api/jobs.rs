//! Jobs.

use shared::job::{
    AssignRequest, Candidate, Job, JobCreate, JobMaterial, JobQuery, JobUpdate, TimelineEntry,
    TransitionRequest,
};
use shared::photo::{Photo, PhotoKind};
use shared::{JobId, Page};

use super::upload::{self, OutgoingPhoto};
use super::{ApiResult, client};

/// Returns a page of the list.
pub async fn list(query: &JobQuery) -> ApiResult<Page<Job>> {
    client::query("jobs", query).await
}

/// Returns one job.
pub async fn get(id: JobId) -> ApiResult<Job> {
    client::get(&format!("jobs/{id}")).await
}

/// Creates a job.
pub async fn create(job: &JobCreate) -> ApiResult<Job> {
    client::post("jobs", job).await
}

/// Replaces the data of the version that was read.
pub async fn update(id: JobId, job: &JobUpdate, version: i64) -> ApiResult<Job> {
    client::put(&format!("jobs/{id}"), job, version).await
}

/// Returns the technicians for a job, best first.
pub async fn candidates(id: JobId) -> ApiResult<Page<Candidate>> {
    client::get(&format!("jobs/{id}/candidates")).await
}

/// Assigns technicians.
pub async fn assign(id: JobId, version: i64, request: &AssignRequest) -> ApiResult<Job> {
    client::post_versioned(&format!("jobs/{id}/assign"), request, version).await
}

/// Performs a transition of the version that is shown.
pub async fn transition(id: JobId, version: i64, request: &TransitionRequest) -> ApiResult<Job> {
    client::post_versioned(&format!("jobs/{id}/transitions"), request, version).await
}

/// Returns the timeline, oldest first.
pub async fn timeline(id: JobId) -> ApiResult<Page<TimelineEntry>> {
    client::get(&format!("jobs/{id}/timeline")).await
}

/// Returns the photos.
pub async fn photos(id: JobId) -> ApiResult<Page<Photo>> {
    client::get(&format!("jobs/{id}/photos")).await
}

/// Adds a photo.
pub async fn add_photo(
    id: JobId,
    kind: PhotoKind,
    photo: &OutgoingPhoto,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<Photo> {
    let fields = [("kind", kind.as_str())];
    upload::add_photo(&format!("jobs/{id}/photos"), &fields, photo, progress).await
}

/// Returns planned, issued and used material.
pub async fn materials(id: JobId) -> ApiResult<Page<JobMaterial>> {
    client::get(&format!("jobs/{id}/materials")).await
}
