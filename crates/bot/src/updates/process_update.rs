//! Processes one update in one transaction.
//!
//! Marking the update as processed, changing the job, saving the dialogue and queuing the responses are
//! committed together or not at all. A process that is killed at any moment leaves a chat in which the
//! person can continue, and no update takes effect twice.

use std::sync::Arc;

use notify::telegram::Message;
use services::{Error, Refusal, Tx, outbox, telegram, telegram_inbox};

use crate::bot_state::BotState;
use crate::context::{Prefetched, UpdateContext};
use crate::dialogue;
use crate::incoming_update::{IncomingUpdate, Input};
use crate::response::{BotResponse, DialogueChange};
use crate::updates::dispatcher;

/// What is left to do after the commit; nothing if another server has processed the update before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcessedUpdate {
    /// The toast of a pressed button.
    pub toast: Option<String>,
    /// Files of the upload folder that nothing refers to any more.
    pub orphaned_files: Vec<String>,
    /// Photos of applicants have to be moved or deleted.
    pub applicant_photos_decided: bool,
}

/// Answers one update.
///
/// # Errors
/// The refusals of the flow; answer them with [`process_refusal`] in another transaction.
pub fn process_update(
    tx: &mut Tx<'_>,
    state: &Arc<BotState>,
    update_id: i64,
    incoming: &IncomingUpdate,
    prefetched: &Prefetched,
) -> Result<ProcessedUpdate, Error> {
    if !telegram_inbox::finish(tx, update_id)? {
        return Ok(ProcessedUpdate::default());
    }
    let chat = incoming.chat;
    // Whoever writes has not blocked the bot.
    if incoming.input != Input::BotBlocked(true) {
        telegram::mark_reachable(tx, chat)?;
    }
    let linked = telegram::language_of_chat(tx.conn(), chat)?;
    let actor = telegram::actor_for_chat(tx.conn(), chat)?;
    let open = dialogue::load_open(tx.conn(), chat)?;
    let ctx = UpdateContext {
        tx: &mut *tx,
        update_id,
        state,
        chat,
        sender: &incoming.sender,
        message_id: incoming.message_id,
        sent_at: incoming.sent_at,
        lang: linked.unwrap_or(incoming.sender.lang),
        actor,
        prefetched,
    };
    let response = dispatcher::dispatch(ctx, open.as_ref(), &incoming.input)?;
    store_response(tx, update_id, incoming, response)
}

/// Explains a refusal; the dialogue stays as it is.
///
/// # Errors
/// None but a failing database.
pub fn process_refusal(
    tx: &mut Tx<'_>,
    update_id: i64,
    incoming: &IncomingUpdate,
    refusal: &Refusal,
) -> Result<ProcessedUpdate, Error> {
    if !telegram_inbox::finish(tx, update_id)? {
        return Ok(ProcessedUpdate::default());
    }
    let linked = telegram::language_of_chat(tx.conn(), incoming.chat)?;
    let lang = linked.unwrap_or(incoming.sender.lang);
    store_response(tx, update_id, incoming, dispatcher::refusal_response(incoming, lang, refusal))
}

fn store_response(
    tx: &mut Tx<'_>,
    update_id: i64,
    incoming: &IncomingUpdate,
    response: BotResponse,
) -> Result<ProcessedUpdate, Error> {
    let messages = response.messages.into_iter().flat_map(Message::split);
    for (position, message) in messages.enumerate() {
        let body = services::to_json(&message)?;
        match response.replaces_update.filter(|_| position == 0) {
            Some(earlier) => {
                outbox::enqueue_reply_edit(tx, incoming.chat, &body, update_id, earlier)?;
            }
            None => outbox::enqueue_reply(tx, incoming.chat, &body, update_id, position)?,
        }
    }
    match &response.dialogue {
        DialogueChange::Unchanged => {}
        DialogueChange::Set(next) => dialogue::save(tx, incoming.chat, Some(next))?,
        DialogueChange::Cleared => dialogue::save(tx, incoming.chat, None)?,
    }
    Ok(ProcessedUpdate {
        toast: response.toast,
        orphaned_files: response.orphaned_files,
        applicant_photos_decided: response.applicant_photos_decided,
    })
}
