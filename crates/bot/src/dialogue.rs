//! Dialogue of a chat: what the bot waits for, between one message and the next.

use serde::{Deserialize, Serialize};
use services::{Conn, Error, Tx, telegram_dialogues};
use shared::ChatId;

use crate::flows::admin::dialogue::AdminDialogue;
use crate::flows::bag::dialogue::BagDialogue;
use crate::flows::completion::dialogue::CompletionDialogue;
use crate::flows::jobs::dialogue::JobDialogue;
use crate::flows::registration::dialogue::RegistrationDialogue;

/// What the bot waits for in a chat. It is stored in the database, so that a restart changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "flow", content = "at", rename_all = "snake_case")]
pub enum Dialogue {
    Registration(RegistrationDialogue),
    Job(JobDialogue),
    Completion(CompletionDialogue),
    Bag(BagDialogue),
    Admin(AdminDialogue),
}

impl Dialogue {
    /// The file of an applicant's photo that would belong to nobody if the dialogue ended.
    pub fn applicant_photo(&self) -> Option<String> {
        match self {
            Dialogue::Registration(state) => state.photo_file(),
            _ => None,
        }
    }
}

impl From<RegistrationDialogue> for Dialogue {
    fn from(state: RegistrationDialogue) -> Self {
        Self::Registration(state)
    }
}

impl From<JobDialogue> for Dialogue {
    fn from(state: JobDialogue) -> Self {
        Self::Job(state)
    }
}

impl From<CompletionDialogue> for Dialogue {
    fn from(state: CompletionDialogue) -> Self {
        Self::Completion(state)
    }
}

impl From<BagDialogue> for Dialogue {
    fn from(state: BagDialogue) -> Self {
        Self::Bag(state)
    }
}

impl From<AdminDialogue> for Dialogue {
    fn from(state: AdminDialogue) -> Self {
        Self::Admin(state)
    }
}

/// Loads the dialogue of a chat; `None` if the bot waits for nothing. A state of an earlier version that
/// cannot be read any more counts as none.
pub fn load(conn: &mut Conn, chat: ChatId) -> Result<Option<Dialogue>, Error> {
    let stored = telegram_dialogues::load(conn, chat)?;
    Ok(stored.and_then(|json| match serde_json::from_str(&json) {
        Ok(dialogue) => Some(dialogue),
        Err(error) => {
            log::warn!("a dialogue is started anew, its state can not be read: {error}");
            None
        }
    }))
}

/// Saves the dialogue of a chat.
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
