//! One update in one transaction: read where the chat stands, let the flow answer, keep the answer.
//!
//! The update is marked as handled, the job is changed, the state of the conversation is noted and
//! the answers are queued all together or not at all. So a process that is killed at any moment
//! leaves a chat in which the person can go on, and no update has its effect twice.

use std::sync::Arc;

use db::Tx;
use notify::telegram::Message;
use services::{Error, Refusal, outbox, telegram, telegram_inbox};
use shared::Lang;

use crate::answer::{Answer, Next};
use crate::dialogue;
use crate::here::{Here, Prepared, Shared};
use crate::route;
use crate::update::Incoming;

/// What is left to do after the commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handled {
    /// Another server had handled it before: nothing was done.
    pub repeated: bool,
    /// The word to show for a pressed button.
    pub toast: Option<String>,
    /// What was made ready belongs to nobody.
    pub unused: bool,
    /// Files of the upload folder that belong to nobody any more.
    pub leftovers: Vec<String>,
    /// Photos of applicants have to find their place.
    pub settles_photos: bool,
}

/// Answers one update.
///
/// # Errors
/// A rule refuses (answer it by [`refused`] in a transaction of its own); the database fails.
pub fn handle(
    tx: &mut Tx<'_>,
    shared: &Arc<Shared>,
    update_id: i64,
    incoming: &Incoming,
    prepared: &Prepared,
) -> Result<Handled, Error> {
    if !telegram_inbox::finish(tx, update_id)? {
        return Ok(Handled { repeated: true, ..Handled::default() });
    }
    let chat = incoming.chat;
    let actor = telegram::actor_of(tx.conn(), chat)?;
    let before = dialogue::load(tx.conn(), chat)?;
    let here =
        Here { tx: &mut *tx, update_id, shared, chat, from: &incoming.from, actor, prepared };
    let answer = route::route(here, before.as_ref(), &incoming.input)?;
    keep(tx, update_id, incoming, answer)
}

/// Tells why something was refused; the conversation stays where it is.
///
/// # Errors
/// The database fails.
pub fn refused(
    tx: &mut Tx<'_>,
    update_id: i64,
    incoming: &Incoming,
    refusal: &Refusal,
) -> Result<Handled, Error> {
    if !telegram_inbox::finish(tx, update_id)? {
        return Ok(Handled { repeated: true, ..Handled::default() });
    }
    keep(tx, update_id, incoming, route::refusal(incoming, refusal))
}

fn keep(
    tx: &mut Tx<'_>,
    update_id: i64,
    incoming: &Incoming,
    answer: Answer,
) -> Result<Handled, Error> {
    let messages = answer.messages.into_iter().flat_map(Message::in_pieces);
    for (position, message) in messages.enumerate() {
        let body = serde_json::to_string(&message)
            .map_err(|error| db::DbError::Corrupt(error.to_string()))?;
        match answer.over.filter(|_| position == 0) {
            Some(earlier) => outbox::reply_over(tx, incoming.chat, &body, update_id, earlier)?,
            None => outbox::reply(tx, incoming.chat, &body, update_id, position)?,
        }
    }
    match &answer.next {
        Next::Stay => {}
        Next::Go(next) => dialogue::save(tx, incoming.chat, Some(next))?,
        Next::End => dialogue::save(tx, incoming.chat, None)?,
    }
    let Answer { toast, unused, leftovers, settles_photos, .. } = answer;
    Ok(Handled { repeated: false, toast, unused, leftovers, settles_photos })
}

/// A refusal in the words of the chat: what is wrong, field by field.
pub fn words(refusal: &Refusal) -> String {
    if refusal.faults.is_empty() {
        return refusal.code.message(Lang::Id, refusal.param.as_deref());
    }
    let faults = refusal.faults.iter().map(|fault| fault.render(Lang::Id).message);
    faults.collect::<Vec<_>>().join("\n")
}
