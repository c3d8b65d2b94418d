//! What takes long or asks the network is done before the transaction.

use std::time::Duration;

use services::photos::{self, StoredPhoto};
use services::{Actor, Error};
use shared::ErrorCode;
use teloxide::net::Download;
use teloxide::prelude::Requester;
use teloxide::types::FileId;
use tokio::task::spawn_blocking;

use crate::dialogue::Dialogue;
use crate::here::Prepared;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Nothing,
    JobPhoto,
    Password,
}

fn need(
    inbox: &Inbox,
    incoming: &Incoming,
    dialogue: Option<&Dialogue>,
    actor: Option<&Actor>,
) -> Need {
    match &incoming.input {
        Input::Picture { .. } => match dialogue {
            Some(Dialogue::Completion(state)) if state.wants_photo() => Need::JobPhoto,
            _ => Need::Nothing,
        },
        Input::Press { data, .. } if actor.is_some() => {
            match inbox.shared.buttons.read(incoming.chat, data) {
                Some(Press::Admin(press)) if press.needs_password() => Need::Password,
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
    let kind = need(inbox, incoming, dialogue, actor);
    if kind == Need::Password {
        let clear = inbox.password_rules.make_up("", FIRST_PASSWORD);
        let hash = inbox.hasher.hash(clear.clone()).await?;
        return Ok(Prepared::Password { clear, hash });
    }
    let Input::Picture { file, .. } = &incoming.input else { return Ok(Prepared::Nothing) };
    let prepared = match kind {
        Need::JobPhoto => job_photo(inbox, file).await,
        Need::Nothing | Need::Password => Ok(Prepared::Nothing),
    };
    match prepared {
        Err(Error::Refused(refusal)) => Ok(Prepared::Unusable(refusal.code, refusal.param)),
        prepared => prepared,
    }
}

async fn job_photo(inbox: &Inbox, file: &RemoteFile) -> Result<Prepared, Error> {
    let bytes = download(inbox, file).await?;
    let (zone, types, store) = (inbox.db.time_zone(), inbox.file_types, inbox.photos.clone());
    let work = move || {
        let photo = photos::process(&bytes, zone, types)?;
        let stored: StoredPhoto = store.keep(&photo)?;
        Ok(Prepared::Photo { stored, barcode: None })
    };
    gated(inbox, work).await
}

/// One picture at a time: decoding a large one takes a core and a few hundred megabytes.
async fn gated(
    inbox: &Inbox,
    work: impl FnOnce() -> Result<Prepared, Error> + Send + 'static,
) -> Result<Prepared, Error> {
    let stopped = || Error::Db(db::DbError::Stopped);
    let _permit = inbox.photo_gate.acquire().await.map_err(|_| stopped())?;
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
