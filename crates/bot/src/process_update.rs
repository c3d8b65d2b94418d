//! One update in one transaction: read where the chat stands, let the flow answer, keep the answer.
//!
//! The update is marked as handled, the job is changed, the state of the conversation is noted and
//! the answers are queued all together or not at all. So a process that is killed at any moment
//! leaves a chat in which the person can go on, and no update has its effect twice.

use std::sync::Arc;

use notify::telegram::Message;
use services::{Error, Refusal, Tx, outbox, telegram, telegram_inbox};
use shared::Lang;

use crate::context::{BotState, Prefetched, UpdateContext};
use crate::dialogue;
use crate::dispatcher;
use crate::response::{BotResponse, DialogueChange};
use crate::update::IncomingUpdate;

/// What is left to do after the commit; nothing if another server had processed the update before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcessedUpdate {
    /// The word to show for a pressed button.
    pub toast: Option<String>,
    /// Files of the upload folder that belong to nobody any more.
    pub orphaned_files: Vec<String>,
    /// Photos of applicants have to find their place.
    pub applicant_photos_decided: bool,
}

/// Answers one update.
///
/// # Errors
/// A rule refuses (answer it by [`refused`] in a transaction of its own); the database fails.
pub fn process_update(
    tx: &mut Tx<'_>,
    shared: &Arc<BotState>,
    update_id: i64,
    incoming: &IncomingUpdate,
    prepared: &Prefetched,
) -> Result<ProcessedUpdate, Error> {
    if !telegram_inbox::finish(tx, update_id)? {
        return Ok(ProcessedUpdate::default());
    }
    let chat = incoming.chat;
    let actor = telegram::actor_for_chat(tx.conn(), chat)?;
    let before = dialogue::load(tx.conn(), chat)?;
    let here = UpdateContext {
        tx: &mut *tx,
        update_id,
        state: shared,
        chat,
        sender: &incoming.sender,
        actor,
        prefetched: prepared,
    };
    let answer = dispatcher::dispatch(here, before.as_ref(), &incoming.input)?;
    store_response(tx, update_id, incoming, answer)
}

/// Tells why something was refused; the conversation stays where it is.
///
/// # Errors
/// The database fails.
pub fn process_refusal(
    tx: &mut Tx<'_>,
    update_id: i64,
    incoming: &IncomingUpdate,
    refusal: &Refusal,
) -> Result<ProcessedUpdate, Error> {
    if !telegram_inbox::finish(tx, update_id)? {
        return Ok(ProcessedUpdate::default());
    }
    store_response(tx, update_id, incoming, dispatcher::refusal_response(incoming, refusal))
}

fn store_response(
    tx: &mut Tx<'_>,
    update_id: i64,
    incoming: &IncomingUpdate,
    answer: BotResponse,
) -> Result<ProcessedUpdate, Error> {
    let messages = answer.messages.into_iter().flat_map(Message::split);
    for (position, message) in messages.enumerate() {
        let body = services::to_json(&message)?;
        match answer.replaces_update.filter(|_| position == 0) {
            Some(earlier) => {
                outbox::enqueue_reply_edit(tx, incoming.chat, &body, update_id, earlier)?
            }
            None => outbox::enqueue_reply(tx, incoming.chat, &body, update_id, position)?,
        }
    }
    match &answer.dialogue {
        DialogueChange::Unchanged => {}
        DialogueChange::Set(next) => dialogue::save(tx, incoming.chat, Some(next))?,
        DialogueChange::Cleared => dialogue::save(tx, incoming.chat, None)?,
    }
    let BotResponse {
        toast,
        orphaned_files: leftovers,
        applicant_photos_decided: settles_photos,
        ..
    } = answer;
    Ok(ProcessedUpdate {
        toast,
        orphaned_files: leftovers,
        applicant_photos_decided: settles_photos,
    })
}

/// A refusal in the words of the chat: what is wrong, field by field.
pub fn refusal_text(refusal: &Refusal) -> String {
    if refusal.faults.is_empty() {
        return refusal.code.message(Lang::Id, refusal.param.as_deref());
    }
    let faults = refusal.faults.iter().map(|fault| fault.render(Lang::Id).message);
    faults.collect::<Vec<_>>().join("\n")
}
