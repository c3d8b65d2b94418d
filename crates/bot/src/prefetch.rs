//! What takes long or asks the network is done before the transaction.

use std::time::Duration;

use services::auth::passwords::QueueClass;
use services::photos::{self, StoredPhoto};
use services::{Actor, Error, allocator, technician_registrations};
use shared::{ChatId, ErrorCode};
use teloxide::net::Download;
use teloxide::prelude::Requester;
use teloxide::types::FileId;
use tokio::task::spawn_blocking;

use crate::barcode;
use crate::callback_data::CallbackData;
use crate::context::{Prefetched, PrefetchedPhoto};
use crate::dialogue::Dialogue;
use crate::flows::{CompletionCallback, ReportAction};
use crate::update::{IncomingUpdate, Input, RemoteFile};
use crate::update_worker::UpdateWorker;

/// Longest that one file may take. All tries together stay below the lease of the inbox.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Characters of a first password.
const FIRST_PASSWORD_CHARS: usize = 12;
/// Tries before the person is asked to send the photo again.
const DOWNLOAD_ATTEMPTS: u32 = 3;

/// What an update needs before it can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PrefetchTask {
    Nothing,
    /// These pictures, and what their barcodes say.
    JobPhotos {
        files: Vec<RemoteFile>,
        barcodes: bool,
    },
    /// A photo of the applicant's identity card.
    ApplicantPhoto(RemoteFile),
    Password,
}

fn prefetch_task(
    inbox: &UpdateWorker,
    incoming: &IncomingUpdate,
    dialogue: Option<&Dialogue>,
    actor: Option<&Actor>,
) -> PrefetchTask {
    match &incoming.input {
        Input::Photo { file, .. } => match dialogue {
            Some(Dialogue::Completion(state)) if state.wants_photo() => PrefetchTask::JobPhotos {
                files: vec![file.clone()],
                barcodes: state.scans_barcodes(),
            },
            Some(Dialogue::Registration(state)) if state.wants_photo() => {
                PrefetchTask::ApplicantPhoto(file.clone())
            }
            _ => PrefetchTask::Nothing,
        },
        Input::CallbackQuery { data, .. } if actor.is_some() => {
            match inbox.state.callback_signer.verify(incoming.chat, data) {
                Some(CallbackData::Registration(press)) if press.needs_password() => {
                    PrefetchTask::Password
                }
                Some(CallbackData::Completion(CompletionCallback(
                    _,
                    ReportAction::AttachPhotos,
                ))) => match dialogue {
                    Some(Dialogue::Completion(state)) => PrefetchTask::JobPhotos {
                        files: state.unassigned_files().to_vec(),
                        barcodes: false,
                    },
                    _ => PrefetchTask::Nothing,
                },
                _ => PrefetchTask::Nothing,
            }
        }
        _ => PrefetchTask::Nothing,
    }
}

/// Makes ready what the update needs.
///
/// # Errors
/// The disk or a worker fails. What is wrong with the picture itself is no error: it becomes
/// [`Prepared::Unusable`].
pub async fn prefetch(
    inbox: &UpdateWorker,
    incoming: &IncomingUpdate,
    dialogue: Option<&Dialogue>,
    actor: Option<&Actor>,
) -> Result<Prefetched, Error> {
    let prepared = match prefetch_task(inbox, incoming, dialogue, actor) {
        PrefetchTask::Nothing => Ok(Prefetched::Nothing),
        PrefetchTask::Password => {
            let clear = inbox.password_rules.generate("", FIRST_PASSWORD_CHARS);
            let hash = inbox.hasher.hash(QueueClass::Known, clear.clone()).await?;
            Ok(Prefetched::Password { plaintext: clear, hash })
        }
        PrefetchTask::JobPhotos { files, barcodes } => {
            prefetch_job_photos(inbox, &files, barcodes).await
        }
        PrefetchTask::ApplicantPhoto(file) => {
            prefetch_applicant_photo(inbox, incoming.chat, &file).await
        }
    };
    match prepared {
        Err(Error::Refused(refusal)) => Ok(Prefetched::UnusablePhoto(refusal.code, refusal.param)),
        prepared => prepared,
    }
}

/// All of them or none.
async fn prefetch_job_photos(
    inbox: &UpdateWorker,
    files: &[RemoteFile],
    barcodes: bool,
) -> Result<Prefetched, Error> {
    let mut ready = Vec::with_capacity(files.len());
    for file in files {
        match job_photo(inbox, file, barcodes).await {
            Ok(photo) => ready.push(photo),
            Err(error) => {
                ready
                    .iter()
                    .for_each(|photo: &PrefetchedPhoto| inbox.photos.discard(&photo.stored));
                return Err(error);
            }
        }
    }
    Ok(Prefetched::JobPhotos(ready))
}

async fn job_photo(
    inbox: &UpdateWorker,
    file: &RemoteFile,
    barcodes: bool,
) -> Result<PrefetchedPhoto, Error> {
    let bytes = download(inbox, file).await?;
    let (zone, types, store) = (inbox.db.time_zone(), inbox.file_types, inbox.photos.clone());
    let work = move || {
        let photo = photos::process(&bytes, zone, types)?;
        let stored: StoredPhoto = store.store(&photo)?;
        let barcodes = if barcodes { barcode::serial_numbers(&photo.jpeg) } else { Vec::new() };
        Ok(PrefetchedPhoto { stored, barcodes })
    };
    run_gated(inbox, work).await
}

/// Sealed before it is written.
async fn prefetch_applicant_photo(
    inbox: &UpdateWorker,
    chat: ChatId,
    file: &RemoteFile,
) -> Result<Prefetched, Error> {
    let bytes = download(inbox, file).await?;
    let (zone, types, store) = (inbox.db.time_zone(), inbox.file_types, inbox.photos.clone());
    let cipher = inbox.state.cipher.clone();
    let work = move || {
        let photo = photos::process(&bytes, zone, types)?;
        technician_registrations::store_encrypted_photo(&store, &cipher, chat, &photo)
            .map(Prefetched::ApplicantPhoto)
    };
    run_gated(inbox, work).await
}

/// One picture at a time: decoding a large one takes a core and a few hundred megabytes.
async fn run_gated<T: Send + 'static>(
    inbox: &UpdateWorker,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let stopped = || Error::Internal("the photo processing thread stopped".into());
    let _permit = inbox.photo_gate.acquire().await.map_err(|_| stopped())?;
    let work = move || {
        let done = work();
        allocator::trim_heap();
        done
    };
    spawn_blocking(work).await.map_err(|_| stopped())?
}

async fn download(inbox: &UpdateWorker, file: &RemoteFile) -> Result<Vec<u8>, Error> {
    let limit = inbox.max_file_bytes;
    if usize::try_from(file.bytes).unwrap_or(usize::MAX) > limit {
        let megabytes = format!("{} MB", limit / (1024 * 1024));
        return Err(Error::refuse_with(ErrorCode::PayloadTooLarge, megabytes));
    }
    for attempt in 1..=DOWNLOAD_ATTEMPTS {
        match tokio::time::timeout(DOWNLOAD_TIMEOUT, download_once(inbox, file)).await {
            Ok(Ok(bytes)) => return Ok(bytes),
            Ok(Err(error)) => log::warn!("a photo could not be fetched (try {attempt}): {error}"),
            Err(_) => log::warn!("a photo could not be fetched in time (try {attempt})"),
        }
        tokio::time::sleep(Duration::from_millis(500) * attempt).await;
    }
    Err(Error::refuse(ErrorCode::Unavailable))
}

#[derive(Debug, thiserror::Error)]
enum DownloadError {
    #[error("{0}")]
    GetFile(#[from] teloxide::RequestError),
    #[error("{0}")]
    Download(#[from] teloxide::DownloadError),
}

async fn download_once(inbox: &UpdateWorker, file: &RemoteFile) -> Result<Vec<u8>, DownloadError> {
    let found = inbox.bot.get_file(FileId(file.id.clone())).await?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.bytes).unwrap_or_default());
    inbox.bot.download_file(&found.path, &mut bytes).await?;
    Ok(bytes)
}
