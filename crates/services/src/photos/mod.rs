//! Photos of jobs: processing, storage, access.
//!
//! - [`PhotoProcessor`] decodes and cleans uploaded pictures, one at a time.
//! - [`PhotoStore`] is the upload folder.
//! - [`PendingPhoto`] removes the files of a photo that no row names in the end.

mod file_types;
mod folder;
mod pending;
mod process;
mod processor;
mod store;

pub use file_types::FileTypes;
pub use folder::{MARKER_FILE, accept_folder, open_folder};
pub use pending::{PendingPhoto, PhotoFiles};
pub use process::{ProcessedPhoto, process};
pub use processor::PhotoProcessor;
pub use store::{PhotoStore, StoredPhoto};

use db::tables::photos::{self as table, NewPhotoRow, PhotoRow};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::photo::{Photo, PhotoKind};
use shared::{Coordinates, ErrorCode, JobId, Page, Permission, PhotoId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result};
use crate::jobs;
use crate::pagination::single_page;

fn to_photo((row, uploaded_by): (PhotoRow, String)) -> Photo {
    Photo {
        id: row.id,
        job_id: row.job_id,
        kind: row.kind,
        url: format!("/api/photos/{}/file", row.id),
        thumbnail_url: format!("/api/photos/{}/thumbnail", row.id),
        sha256: row.sha256,
        width: row.width,
        height: row.height,
        taken_at: row.taken_at.map(|time| time.and_utc()),
        latitude: row.latitude,
        longitude: row.longitude,
        uploaded_by,
        created_at: row.created_at.and_utc(),
    }
}

/// Checks that the actor may add photos to the job. Meant for the time before a large upload is read;
/// [`add`] checks again.
///
/// # Errors
/// `Forbidden`, `NotFound` (also for someone else's job), `JobNotEditable`.
pub fn check_may_add(conn: &mut Conn, actor: &Actor, job: JobId) -> Result<()> {
    load_editable(conn, actor, job).map(|_| ())
}

fn load_editable(conn: &mut Conn, actor: &Actor, job: JobId) -> Result<jobs::LoadedJob> {
    let job = jobs::load_permitted(conn, actor, Permission::JobsWork, job)?;
    if job.row.status.is_final() {
        return Err(Error::refuse(ErrorCode::JobNotEditable));
    }
    Ok(job)
}

/// Adds a photo whose files are already in the store.
///
/// # Errors
/// See [`check_may_add`].
pub fn add(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job_id: JobId,
    kind: PhotoKind,
    stored: &StoredPhoto,
) -> Result<Photo> {
    let job = load_editable(tx.conn(), actor, job_id)?;
    let now = tx.now().naive_utc();
    let row = NewPhotoRow {
        job_id,
        kind,
        file_name: &stored.file_name,
        thumbnail_name: &stored.thumbnail_name,
        sha256: &stored.sha256,
        width: stored.width,
        height: stored.height,
        taken_at: stored.taken_at.map(|time| time.naive_utc()),
        latitude: stored.place.map(Coordinates::latitude),
        longitude: stored.place.map(Coordinates::longitude),
        uploaded_by: actor.user_id,
        created_at: now,
    };
    let id = table::insert(tx.conn(), &row)?;
    let added = to_photo(table::find(tx.conn(), id)?.or_not_found()?);
    let event = AuditEvent { action: AuditAction::PhotoAdd, entity_id: id.0 };
    audit::record::<Photo, _>(tx, actor, event, None, Some(&added))?;
    jobs::record_photo(tx, actor, &job, kind)?;
    Ok(added)
}

/// The photos of a job, in the order of their arrival.
///
/// # Errors
/// There is no such job for this actor.
pub fn list(conn: &mut Conn, actor: &Actor, job: JobId) -> Result<Page<Photo>> {
    jobs::load_visible(conn, actor, job)?;
    Ok(single_page(table::for_job(conn, job)?.into_iter().map(to_photo).collect()))
}

/// Which of a photo's two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoSize {
    Full,
    Thumbnail,
}

/// Name of a photo's file in the store.
///
/// # Errors
/// There is no such photo for this actor.
pub fn file_name(conn: &mut Conn, actor: &Actor, id: PhotoId, size: PhotoSize) -> Result<String> {
    let (row, _) = table::find(conn, id)?.or_not_found()?;
    jobs::load_visible(conn, actor, row.job_id)?;
    Ok(match size {
        PhotoSize::Full => row.file_name,
        PhotoSize::Thumbnail => row.thumbnail_name,
    })
}
