//! Handles what Telegram told: each chat in its order, several chats at the same time.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use db::tables::telegram_updates::TelegramUpdateRow;
use db::{Db, Worker};
use services::password_rules::PasswordRules;
use services::passwords::Hasher;
use services::photos::{FileTypes, PhotoStore};
use services::{Error, registrations, telegram, telegram_inbox};
use teloxide::Bot;
use teloxide::payloads::AnswerCallbackQuerySetters;
use teloxide::prelude::Requester;
use teloxide::types::CallbackQueryId;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::dialogue;
use crate::handle::{Handled, handle, refused};
use crate::here::{Prepared, Shared};
use crate::prepare::prepare;
use crate::update::{Incoming, Input, read};

/// Chats that are answered at the same time.
const AT_ONCE: i64 = 16;
/// The bell can fail to ring for the work of another server.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Tries before an update is given up: a fault in the bot must not silence a chat for ever.
const MAX_TRIES: i32 = 5;
/// How often a sign of life is given while an update takes long; several fit into its lease.
const SIGN_EVERY: Duration = Duration::from_secs(4);
/// Longest that a button's spinner is waited for.
const TOAST_LIMIT: Duration = Duration::from_secs(10);

/// What handling needs.
pub struct Inbox {
    pub db: Db,
    pub bot: Bot,
    pub shared: Arc<Shared>,
    pub photos: PhotoStore,
    pub file_types: FileTypes,
    pub max_file_bytes: usize,
    pub hasher: Hasher,
    pub password_rules: PasswordRules,
    /// One picture is decoded at a time.
    pub photo_gate: Semaphore,
}

/// Handles updates as long as the process lives.
pub async fn handle_forever(inbox: Arc<Inbox>) {
    if let Err(error) = inbox.db.write(telegram_inbox::begin).await {
        log::error!("updates of Telegram that were being handled wait for their lease: {error}");
    }
    let mut running = JoinSet::new();
    loop {
        let free = AT_ONCE - i64::try_from(running.len()).unwrap_or(AT_ONCE);
        let taken = match free {
            0 => Vec::new(),
            free => take_up(&inbox, free).await,
        };
        let nothing = taken.is_empty();
        for row in taken {
            running.spawn(one(Arc::clone(&inbox), row));
        }
        if !nothing {
            continue;
        }
        tokio::select! {
            () = inbox.db.signals().woken(Worker::TelegramInbox) => {}
            Some(_) = running.join_next() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        while running.try_join_next().is_some() {}
    }
}

async fn take_up(inbox: &Inbox, limit: i64) -> Vec<TelegramUpdateRow> {
    match inbox.db.write(move |tx| telegram_inbox::take_up(tx, limit)).await {
        Ok(rows) => rows,
        Err(error) => {
            log::error!("updates of Telegram can not be taken up: {error}");
            Vec::new()
        }
    }
}

async fn one(inbox: Arc<Inbox>, row: TelegramUpdateRow) {
    let id = row.update_id;
    if let Err(error) = answer_while_held(&inbox, &row).await {
        log::error!("update {id} of Telegram failed (try {}): {error}", row.attempts);
        let given_up = row.attempts >= MAX_TRIES;
        let wait = TimeDelta::seconds(i64::from(row.attempts));
        let outcome = inbox
            .db
            .write(move |tx| {
                if given_up {
                    telegram_inbox::finish(tx, id).map(|_| ())
                } else {
                    telegram_inbox::put_off(tx, id, wait)
                }
            })
            .await;
        if let Err(error) = outcome {
            log::error!("update {id} of Telegram can not be put off: {error}");
        }
    }
}

/// Answers, and tells meanwhile that somebody is at work.
async fn answer_while_held(inbox: &Inbox, row: &TelegramUpdateRow) -> Result<(), Error> {
    let id = row.update_id;
    let answering = answer(inbox, row);
    tokio::pin!(answering);
    let mut sign = tokio::time::interval_at(Instant::now() + SIGN_EVERY, SIGN_EVERY);
    loop {
        tokio::select! {
            answered = &mut answering => return answered,
            _ = sign.tick() => {
                if let Err(error) = inbox.db.write(move |tx| telegram_inbox::go_on(tx, id)).await {
                    log::warn!("the lease of update {id} of Telegram was not extended: {error}");
                }
            }
        }
    }
}

async fn answer(inbox: &Inbox, row: &TelegramUpdateRow) -> Result<(), Error> {
    let id = row.update_id;
    let Some(incoming) = read(&row.payload) else {
        return inbox.db.write(move |tx| telegram_inbox::finish(tx, id)).await.map(|_| ());
    };
    let chat = incoming.chat;
    let (actor, state) = inbox
        .db
        .read(move |conn| {
            Ok::<_, Error>((telegram::actor_of(conn, chat)?, dialogue::load(conn, chat)?))
        })
        .await?;
    let prepared = prepare(inbox, &incoming, state.as_ref(), actor.as_ref()).await?;
    let outcome = settle(inbox, id, &incoming, &prepared).await;
    let unused = match &outcome {
        Ok(settled) => !settled.used,
        Err(error) => !error.leaves_doubt(),
    };
    if unused {
        discard(inbox, &prepared);
    }
    if let Ok(settled) = &outcome {
        clear_up(inbox, &settled.handled).await;
    }
    if let Input::Press { query_id, .. } = &incoming.input {
        let toast = outcome.as_ref().ok().and_then(|settled| settled.handled.toast.clone());
        show_toast(inbox, query_id.clone(), toast).await;
    }
    outcome.map(|_| ())
}

struct Settled {
    handled: Handled,
    /// The flow ran to its end, so what was prepared may belong to somebody now.
    used: bool,
}

async fn settle(
    inbox: &Inbox,
    id: i64,
    incoming: &Incoming,
    prepared: &Prepared,
) -> Result<Settled, Error> {
    let (shared, this, ready) = (Arc::clone(&inbox.shared), incoming.clone(), prepared.clone());
    let done = inbox.db.write(move |tx| handle(tx, &shared, id, &this, &ready)).await;
    match done {
        Ok(handled) => Ok(Settled { used: !handled.repeated && !handled.unused, handled }),
        Err(Error::Refused(refusal)) => {
            let this = incoming.clone();
            let handled = inbox.db.write(move |tx| refused(tx, id, &this, &refusal)).await?;
            Ok(Settled { used: false, handled })
        }
        Err(error) => Err(error),
    }
}

/// What is left to do with files. If it fails now, the hourly sweep does it.
async fn clear_up(inbox: &Inbox, handled: &Handled) {
    handled.leftovers.iter().for_each(|file| inbox.photos.remove(file));
    if handled.settles_photos {
        let (db, vault, photos) = (&inbox.db, &inbox.shared.vault, &inbox.photos);
        if let Err(error) = registrations::settle_photos(db, vault, photos).await {
            log::error!("photos of applicants were not settled: {error}");
        }
    }
}

/// Files that came to belong to nobody.
fn discard(inbox: &Inbox, prepared: &Prepared) {
    match prepared {
        Prepared::Photos(photos) => {
            photos.iter().for_each(|photo| inbox.photos.discard(&photo.stored));
        }
        Prepared::ApplicantPhoto(photo) => inbox.photos.remove(&photo.file_name),
        Prepared::Nothing | Prepared::Unusable(..) | Prepared::Password { .. } => {}
    }
}

/// Ends the spinner of a pressed button. It is only for the eye: if it fails, nothing is lost.
async fn show_toast(inbox: &Inbox, query_id: String, toast: Option<String>) {
    let mut request = inbox.bot.answer_callback_query(CallbackQueryId(query_id));
    if let Some(toast) = toast {
        request = request.text(toast);
    }
    match tokio::time::timeout(TOAST_LIMIT, request).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => log::debug!("a button's answer was not shown: {error}"),
        Err(_) => log::debug!("a button's answer was not shown in time"),
    }
}
