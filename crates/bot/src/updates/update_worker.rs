//! Worker over stored updates: each chat in its order, several chats at the same time.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use notify::telegram::Message;
use services::telegram_inbox::TelegramUpdateRow;
use services::{
    BackgroundWorker, Error, Tx, outbox, technician_registrations, telegram, telegram_inbox,
};
use shared::ChatId;
use teloxide::payloads::AnswerCallbackQuerySetters;
use teloxide::prelude::Requester;
use teloxide::types::CallbackQueryId;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::context::Prefetched;
use crate::dialogue;
use crate::html::escape;
use crate::incoming_update::{IncomingUpdate, Input, parse};
use crate::updates::deps::UpdateWorker;
use crate::updates::prefetch::prefetch;
use crate::updates::process_update::{ProcessedUpdate, process_refusal, process_update};

/// Updates that are processed at the same time, each of another chat.
const MAX_CONCURRENT_UPDATES: i64 = 16;
/// How often the database is asked for updates; a wake-up of another server can get lost.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Attempts before an update is given up, so that a fault in the bot does not block a chat for ever.
const MAX_ATTEMPTS: i32 = 5;
/// How often the lease of an update is extended while it takes long; several fit into the lease.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(4);
/// Telegram's error for a press that is too long ago.
const QUERY_EXPIRED: &str = "query is too old";
/// The position of a toast among the messages of a reply: behind them.
const TOAST_POSITION: usize = 1_000;
/// How long Telegram may take to show a toast.
const TOAST_TIMEOUT: Duration = Duration::from_secs(10);

/// Processes updates as long as the process lives.
pub async fn run_update_worker(worker: Arc<UpdateWorker>) {
    if let Err(error) = worker.db.write(telegram_inbox::release_stale).await {
        log::error!("updates of Telegram that were being handled wait for their lease: {error}");
    }
    let mut running = JoinSet::new();
    loop {
        let free =
            MAX_CONCURRENT_UPDATES - i64::try_from(running.len()).unwrap_or(MAX_CONCURRENT_UPDATES);
        let taken = match free {
            0 => Vec::new(),
            free => claim_updates(&worker, free).await,
        };
        let nothing = taken.is_empty();
        for row in taken {
            running.spawn(process_claimed(Arc::clone(&worker), row));
        }
        if !nothing {
            continue;
        }
        tokio::select! {
            () = worker.db.wakeups().wait_for_work(BackgroundWorker::TelegramInbox) => {}
            Some(_) = running.join_next() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
        }
        while running.try_join_next().is_some() {}
    }
}

async fn claim_updates(worker: &UpdateWorker, limit: i64) -> Vec<TelegramUpdateRow> {
    match worker.db.write(move |tx| telegram_inbox::claim(tx, limit)).await {
        Ok(rows) => rows,
        Err(error) => {
            log::error!("updates of Telegram can not be claimed: {error}");
            Vec::new()
        }
    }
}

async fn process_claimed(worker: Arc<UpdateWorker>, row: TelegramUpdateRow) {
    let id = row.update_id;
    if let Err(error) = answer_with_heartbeat(&worker, &row).await {
        log::error!("update {id} of Telegram failed (attempt {}): {error}", row.attempts);
        let given_up = row.attempts >= MAX_ATTEMPTS;
        let wait = TimeDelta::seconds(i64::from(row.attempts));
        let outcome = worker
            .db
            .write(move |tx| {
                if given_up {
                    telegram_inbox::finish(tx, id).map(|_| ())
                } else {
                    telegram_inbox::reschedule(tx, id, wait)
                }
            })
            .await;
        if let Err(error) = outcome {
            log::error!("update {id} of Telegram can not be rescheduled: {error}");
        }
    }
}

/// Answers an update and extends its lease meanwhile.
async fn answer_with_heartbeat(
    worker: &UpdateWorker,
    row: &TelegramUpdateRow,
) -> Result<(), Error> {
    let id = row.update_id;
    let answering = answer_update(worker, row);
    tokio::pin!(answering);
    let mut heartbeat =
        tokio::time::interval_at(Instant::now() + HEARTBEAT_INTERVAL, HEARTBEAT_INTERVAL);
    loop {
        tokio::select! {
            answered = &mut answering => return answered,
            _ = heartbeat.tick() => {
                if let Err(error) = worker.db.write(move |tx| telegram_inbox::extend_lease(tx, id)).await {
                    log::warn!("the lease of update {id} of Telegram was not extended: {error}");
                }
            }
        }
    }
}

async fn answer_update(worker: &UpdateWorker, row: &TelegramUpdateRow) -> Result<(), Error> {
    let id = row.update_id;
    let Some(incoming) = parse(&row.payload, &worker.state.callback_signer) else {
        return worker.db.write(move |tx| telegram_inbox::finish(tx, id)).await.map(|_| ());
    };
    let chat = incoming.chat;
    let (actor, dialogue) = worker
        .db
        .read(move |conn| {
            Ok::<_, Error>((telegram::actor_for_chat(conn, chat)?, dialogue::load(conn, chat)?))
        })
        .await?;
    let prefetched = prefetch(worker, &incoming, dialogue.as_ref(), actor.as_ref()).await?;
    let outcome = answer_in_transaction(worker, id, &incoming, &prefetched).await;
    match &outcome {
        Ok(processed) => {
            prefetched.commit();
            clean_up_files(worker, processed).await;
        }
        Err(error) if error.is_outcome_unknown() => {}
        Err(_) => prefetched.roll_back(),
    }
    if let Input::CallbackQuery { query_id, .. } = &incoming.input {
        let toast = outcome.as_ref().ok().and_then(|processed| processed.toast.clone());
        show_toast(worker, id, chat, query_id.clone(), toast).await?;
    }
    outcome.map(|_| ())
}

async fn answer_in_transaction(
    worker: &UpdateWorker,
    id: i64,
    incoming: &IncomingUpdate,
    prefetched: &Prefetched,
) -> Result<ProcessedUpdate, Error> {
    let (state, update, ready) = (Arc::clone(&worker.state), incoming.clone(), prefetched.clone());
    let done = worker.db.write(move |tx| process_update(tx, &state, id, &update, &ready)).await;
    match done {
        Err(Error::Refused(refusal)) => {
            prefetched.roll_back();
            let update = incoming.clone();
            worker.db.write(move |tx| process_refusal(tx, id, &update, &refusal)).await
        }
        done => done,
    }
}

/// Deletes and moves files after the commit. If it fails, the hourly clean-up does it.
async fn clean_up_files(worker: &UpdateWorker, handled: &ProcessedUpdate) {
    handled.orphaned_files.iter().for_each(|file| worker.photo_processor.store().remove(file));
    if handled.applicant_photos_decided {
        let (db, cipher, photos) =
            (&worker.db, &worker.state.cipher, worker.photo_processor.store());
        if let Err(error) =
            technician_registrations::process_decided_photos(db, cipher, photos).await
        {
            log::error!("photos of decided applicants were not processed: {error}");
        }
    }
}

/// Shows a toast, which ends the spinner of the pressed button. Telegram shows none if the press is long ago,
/// because the bot was away: then it becomes a message, so that the person learns what became of the press.
async fn show_toast(
    worker: &UpdateWorker,
    update_id: i64,
    chat: ChatId,
    query_id: String,
    toast: Option<String>,
) -> Result<(), Error> {
    let mut request = worker.bot.answer_callback_query(CallbackQueryId(query_id));
    if let Some(toast) = &toast {
        request = request.text(toast);
    }
    let too_late = match tokio::time::timeout(TOAST_TIMEOUT, request).await {
        Ok(Ok(_)) => false,
        Ok(Err(error)) => {
            log::debug!("a button's answer was not shown: {error}");
            error.to_string().contains(QUERY_EXPIRED)
        }
        Err(_) => {
            log::debug!("a button's answer was not shown in time");
            false
        }
    };
    match toast.filter(|_| too_late) {
        Some(toast) => {
            let body = services::to_json(&Message::text(escape(&toast)))?;
            let send = move |tx: &mut Tx<'_>| {
                outbox::enqueue_reply(tx, chat, &body, update_id, TOAST_POSITION)
            };
            worker.db.write(send).await
        }
        None => Ok(()),
    }
}
