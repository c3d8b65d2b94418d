//! What takes long or asks the network is done before the transaction.

use std::time::Duration;

use services::passwords::Waiting;
use services::photos::{self, StoredPhoto};
use services::{Actor, Error, memory, registrations};
use shared::{ChatId, ErrorCode};
use teloxide::net::Download;
use teloxide::prelude::Requester;
use teloxide::types::FileId;
use tokio::task::spawn_blocking;

use crate::barcode;
use crate::dialogue::Dialogue;
use crate::flows::{Act, CompletionPress};
use crate::here::{Prepared, ReadyPhoto};
use crate::inbox::Inbox;
use crate::press::Press;
use crate::update::{Incoming, Input, RemoteFile};

/// Longest that one file may take. All tries together stay below the lease of the inbox.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(30);
/// Characters of a first password.
const FIRST_PASSWORD: usize = 12;
/// Tries before the person is asked to send the photo again.
const DOWNLOAD_TRIES: u32 = 3;

/// What an update needs before it can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Need {
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

fn need(
    inbox: &Inbox,
    incoming: &Incoming,
    dialogue: Option<&Dialogue>,
    actor: Option<&Actor>,
) -> Need {
    match &incoming.input {
        Input::Picture { file, .. } => match dialogue {
            Some(Dialogue::Completion(state)) if state.wants_photo() => {
                Need::JobPhotos { files: vec![file.clone()], barcodes: state.wants_serial() }
            }
            Some(Dialogue::Registration(state)) if state.wants_photo() => {
                Need::ApplicantPhoto(file.clone())
            }
            _ => Need::Nothing,
        },
        Input::Press { data, .. } if actor.is_some() => {
            match inbox.shared.buttons.read(incoming.chat, data) {
                Some(Press::Registration(press)) if press.needs_password() => Need::Password,
                Some(Press::Completion(CompletionPress(_, Act::Attach))) => match dialogue {
                    Some(Dialogue::Completion(state)) => {
                        Need::JobPhotos { files: state.waiting().to_vec(), barcodes: false }
                    }
                    _ => Need::Nothing,
                },
                _ => Need::Nothing,
            }
        }
        _ => Need::Nothing,
    }
}

/// Makes ready what the update needs.
///
/// # Errors
/// The disk or a worker fails. What is wrong with the picture itself is no error: it becomes
/// [`Prepared::Unusable`].
pub async fn prepare(
    inbox: &Inbox,
    incoming: &Incoming,
    dialogue: Option<&Dialogue>,
    actor: Option<&Actor>,
) -> Result<Prepared, Error> {
    let prepared = match need(inbox, incoming, dialogue, actor) {
        Need::Nothing => Ok(Prepared::Nothing),
        Need::Password => {
            let clear = inbox.password_rules.make_up("", FIRST_PASSWORD);
            let hash = inbox.hasher.hash(Waiting::Known, clear.clone()).await?;
            Ok(Prepared::Password { clear, hash })
        }
        Need::JobPhotos { files, barcodes } => job_photos(inbox, &files, barcodes).await,
        Need::ApplicantPhoto(file) => applicant_photo(inbox, incoming.chat, &file).await,
    };
    match prepared {
        Err(Error::Refused(refusal)) => Ok(Prepared::Unusable(refusal.code, refusal.param)),
        prepared => prepared,
    }
}

/// All of them or none.
async fn job_photos(
    inbox: &Inbox,
    files: &[RemoteFile],
    barcodes: bool,
) -> Result<Prepared, Error> {
    let mut ready = Vec::with_capacity(files.len());
    for file in files {
        match job_photo(inbox, file, barcodes).await {
            Ok(photo) => ready.push(photo),
            Err(error) => {
                ready.iter().for_each(|photo: &ReadyPhoto| inbox.photos.discard(&photo.stored));
                return Err(error);
            }
        }
    }
    Ok(Prepared::Photos(ready))
}

async fn job_photo(inbox: &Inbox, file: &RemoteFile, barcodes: bool) -> Result<ReadyPhoto, Error> {
    let bytes = download(inbox, file).await?;
    let (zone, types, store) = (inbox.db.time_zone(), inbox.file_types, inbox.photos.clone());
    let work = move || {
        let photo = photos::process(&bytes, zone, types)?;
        let stored: StoredPhoto = store.keep(&photo)?;
        let barcodes = if barcodes { barcode::serial_numbers(&photo.jpeg) } else { Vec::new() };
        Ok(ReadyPhoto { stored, barcodes })
    };
    gated(inbox, work).await
}

/// Sealed before it is written.
async fn applicant_photo(
    inbox: &Inbox,
    chat: ChatId,
    file: &RemoteFile,
) -> Result<Prepared, Error> {
    let bytes = download(inbox, file).await?;
    let (zone, types, store) = (inbox.db.time_zone(), inbox.file_types, inbox.photos.clone());
    let vault = inbox.shared.vault.clone();
    let work = move || {
        let photo = photos::process(&bytes, zone, types)?;
        registrations::seal_photo(&store, &vault, chat, &photo).map(Prepared::ApplicantPhoto)
    };
    gated(inbox, work).await
}

/// One picture at a time: decoding a large one takes a core and a few hundred megabytes.
async fn gated<T: Send + 'static>(
    inbox: &Inbox,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let stopped = || Error::Db(db::DbError::Stopped);
    let _permit = inbox.photo_gate.acquire().await.map_err(|_| stopped())?;
    let work = move || {
        let done = work();
        memory::give_back();
        done
    };
    spawn_blocking(work).await.map_err(|_| stopped())?
}

async fn download(inbox: &Inbox, file: &RemoteFile) -> Result<Vec<u8>, Error> {
    let limit = inbox.max_file_bytes;
    if usize::try_from(file.bytes).unwrap_or(usize::MAX) > limit {
        let megabytes = format!("{} MB", limit / (1024 * 1024));
        return Err(Error::refuse_with(ErrorCode::PayloadTooLarge, megabytes));
    }
    for attempt in 1..=DOWNLOAD_TRIES {
        match tokio::time::timeout(DOWNLOAD_LIMIT, fetch(inbox, file)).await {
            Ok(Ok(bytes)) => return Ok(bytes),
            Ok(Err(error)) => log::warn!("a photo could not be fetched (try {attempt}): {error}"),
            Err(_) => log::warn!("a photo could not be fetched in time (try {attempt})"),
        }
        tokio::time::sleep(Duration::from_millis(500) * attempt).await;
    }
    Err(Error::refuse(ErrorCode::Unavailable))
}

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("{0}")]
    Ask(#[from] teloxide::RequestError),
    #[error("{0}")]
    Download(#[from] teloxide::DownloadError),
}

async fn fetch(inbox: &Inbox, file: &RemoteFile) -> Result<Vec<u8>, FetchError> {
    let found = inbox.bot.get_file(FileId(file.id.clone())).await?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.bytes).unwrap_or_default());
    inbox.bot.download_file(&found.path, &mut bytes).await?;
    Ok(bytes)
}
