//! Prefetching: downloads, photo decoding and password hashing, before the transaction.

use std::time::Duration;

use services::auth::passwords::QueueClass;
use services::photos::{PendingPhoto, PhotoStore, ProcessedPhoto};
use services::{Actor, Error, Refusal, technician_registrations};
use shared::{ChatId, ErrorCode};
use teloxide::net::Download;
use teloxide::prelude::Requester;
use teloxide::types::FileId;

use crate::barcode;
use crate::callback_data::CallbackData;
use crate::callback_data::completion::{CompletionCallback, ReportAction};
use crate::context::{Prefetched, PrefetchedPhoto};
use crate::dialogue::Dialogue;
use crate::incoming_update::{IncomingUpdate, Input, RemoteFile};
use crate::updates::deps::UpdateWorker;

/// How long one download may take. All attempts together outlast the lease of the update, which is
/// extended meanwhile.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest file that Telegram hands out to bots, in bytes. People can send larger ones.
const TELEGRAM_MAX_BYTES: usize = 20 * 1024 * 1024;
/// Characters of an initial password.
const FIRST_PASSWORD_CHARS: usize = 12;
/// Attempts before the person is asked to send the photo again.
const DOWNLOAD_ATTEMPTS: u32 = 3;

/// What an update needs before it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PrefetchTask {
    Nothing,
    /// These photos, and the serial numbers on their barcodes.
    JobPhotos {
        files: Vec<RemoteFile>,
        barcodes: bool,
    },
    /// A photo of the applicant's identity card.
    ApplicantPhoto(RemoteFile),
    Password,
}

fn prefetch_task(
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
        Input::CallbackQuery { callback: Some(callback), .. } if actor.is_some() => {
            match callback {
                CallbackData::Registration(callback) if callback.needs_password() => {
                    PrefetchTask::Password
                }
                CallbackData::Completion(CompletionCallback(_, ReportAction::AttachPhotos)) => {
                    match dialogue {
                        Some(Dialogue::Completion(state)) => PrefetchTask::JobPhotos {
                            files: state.unassigned_files().to_vec(),
                            barcodes: false,
                        },
                        _ => PrefetchTask::Nothing,
                    }
                }
                _ => PrefetchTask::Nothing,
            }
        }
        _ => PrefetchTask::Nothing,
    }
}

/// Prefetches what the update needs. A photo that cannot be used is no error, it becomes
/// [`Prefetched::UnusablePhoto`].
///
/// # Errors
/// The disk or a worker fails.
pub async fn prefetch(
    worker: &UpdateWorker,
    incoming: &IncomingUpdate,
    dialogue: Option<&Dialogue>,
    actor: Option<&Actor>,
) -> Result<Prefetched, Error> {
    let prefetched = match prefetch_task(incoming, dialogue, actor) {
        PrefetchTask::Nothing => Ok(Prefetched::Nothing),
        PrefetchTask::Password => {
            let clear = worker.password_rules.generate("", FIRST_PASSWORD_CHARS);
            let hash = worker.hasher.hash(QueueClass::Known, clear.clone()).await?;
            Ok(Prefetched::Password { plaintext: clear, hash })
        }
        PrefetchTask::JobPhotos { files, barcodes } => {
            prefetch_job_photos(worker, &files, barcodes).await
        }
        PrefetchTask::ApplicantPhoto(file) => {
            prefetch_applicant_photo(worker, incoming.chat, &file).await
        }
    };
    match prefetched {
        Err(Error::Refused(refusal)) => Ok(unusable(refusal)),
        prefetched => prefetched,
    }
}

/// The file has one field, so a fault of it says more than that some fields need correcting.
fn unusable(refusal: Refusal) -> Prefetched {
    match refusal.faults.into_iter().next() {
        Some(fault) => Prefetched::UnusablePhoto(fault.code, fault.param),
        None => Prefetched::UnusablePhoto(refusal.code, refusal.param),
    }
}

/// Prefetches all photos or none: the files of those before a failed one are removed.
async fn prefetch_job_photos(
    worker: &UpdateWorker,
    files: &[RemoteFile],
    barcodes: bool,
) -> Result<Prefetched, Error> {
    let mut photos = Vec::with_capacity(files.len());
    for file in files {
        photos.push(job_photo(worker, file, barcodes).await?);
    }
    Ok(Prefetched::JobPhotos(photos))
}

async fn job_photo(
    worker: &UpdateWorker,
    file: &RemoteFile,
    barcodes: bool,
) -> Result<PrefetchedPhoto, Error> {
    let bytes = download(worker, file).await?;
    let store = move |store: &PhotoStore, photo: &ProcessedPhoto| {
        let stored = PendingPhoto::new(store, store.store(photo)?);
        let barcodes = if barcodes { barcode::serial_numbers(&photo.jpeg) } else { Vec::new() };
        Ok(PrefetchedPhoto { stored, barcodes })
    };
    worker.photo_processor.process(bytes, store).await
}

/// Encrypts the photo before it is written.
async fn prefetch_applicant_photo(
    worker: &UpdateWorker,
    chat: ChatId,
    file: &RemoteFile,
) -> Result<Prefetched, Error> {
    let bytes = download(worker, file).await?;
    let cipher = worker.state.cipher.clone();
    let store = move |store: &PhotoStore, photo: &ProcessedPhoto| {
        let stored = technician_registrations::store_encrypted_photo(store, &cipher, chat, photo)?;
        Ok(Prefetched::ApplicantPhoto(PendingPhoto::new(store, stored)))
    };
    worker.photo_processor.process(bytes, store).await
}

async fn download(worker: &UpdateWorker, file: &RemoteFile) -> Result<Vec<u8>, Error> {
    let limit = worker.max_file_bytes.min(TELEGRAM_MAX_BYTES);
    if usize::try_from(file.bytes).unwrap_or(usize::MAX) > limit {
        let megabytes = format!("{} MB", limit / (1024 * 1024));
        return Err(Error::refuse_with(ErrorCode::PayloadTooLarge, megabytes));
    }
    for attempt in 1..=DOWNLOAD_ATTEMPTS {
        match tokio::time::timeout(DOWNLOAD_TIMEOUT, download_once(worker, file)).await {
            Ok(Ok(bytes)) => return Ok(bytes),
            Ok(Err(error)) => {
                log::warn!("a photo could not be downloaded (attempt {attempt}): {error}")
            }
            Err(_) => log::warn!("a photo could not be downloaded in time (attempt {attempt})"),
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

async fn download_once(worker: &UpdateWorker, file: &RemoteFile) -> Result<Vec<u8>, DownloadError> {
    let found = worker.bot.get_file(FileId(file.id.clone())).await?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.bytes).unwrap_or_default());
    worker.bot.download_file(&found.path, &mut bytes).await?;
    Ok(bytes)
}
