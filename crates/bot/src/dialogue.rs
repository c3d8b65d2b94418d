//! Where a conversation stands, between one message and the next.

use serde::{Deserialize, Serialize};
use services::{Conn, Error, Tx, telegram_dialogues};
use shared::ChatId;

use crate::flows::{
    AdminDialogue, BagDialogue, CompletionDialogue, JobDialogue, ProfileDialogue,
    RegistrationDialogue,
};

/// What the bot waits for in a chat. Kept in the database: a restart of the server changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "flow", content = "at", rename_all = "snake_case")]
pub enum Dialogue {
    /// Somebody tells who they are.
    Registration(RegistrationDialogue),
    /// A reason is asked for.
    Job(JobDialogue),
    /// A job is being finished.
    Completion(CompletionDialogue),
    Bag(BagDialogue),
    Profile(ProfileDialogue),
    Admin(AdminDialogue),
}

/// Where the chat stands; `None` if nothing is going on. What an earlier version has written and
/// this one can't read counts as nothing.
///
/// # Errors
/// The database fails.
pub fn load(conn: &mut Conn, chat: ChatId) -> Result<Option<Dialogue>, Error> {
    let stored = telegram_dialogues::load(conn, chat)?;
    Ok(stored.and_then(|json| match serde_json::from_str(&json) {
        Ok(dialogue) => Some(dialogue),
        Err(error) => {
            log::warn!("a conversation is begun anew, its state can not be read: {error}");
            None
        }
    }))
}

/// Notes where the chat stands.
///
/// # Errors
/// The database fails.
pub fn save(tx: &mut Tx<'_>, chat: ChatId, dialogue: Option<&Dialogue>) -> Result<(), Error> {
    match dialogue {
        None => telegram_dialogues::delete(tx, chat)?,
        Some(dialogue) => {
            let json = services::to_json(dialogue)?;
            telegram_dialogues::save(tx, chat, &json)?;
        }
    }
    Ok(())
}
