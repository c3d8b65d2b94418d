//! Dialogue of a chat: what the bot waits for, between one message and the next.

use chrono::{DateTime, Utc};
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

    /// Whether a live location that begins answers the question.
    pub const fn wants_location(&self) -> bool {
        matches!(self, Dialogue::Registration(state) if state.wants_location())
    }

    /// Whether both are about the same: the same application, the report of the same job.
    fn is_same_flow(&self, other: &Self) -> bool {
        match (self, other) {
            (Dialogue::Registration(one), Dialogue::Registration(other)) => one.is_same_flow(other),
            (Dialogue::Completion(one), Dialogue::Completion(other)) => one.is_same_flow(other),
            (Dialogue::Bag(_), Dialogue::Bag(_)) => true,
            _ => self == other,
        }
    }

    /// Whether both wait for the answer to the same question.
    fn is_same_question(&self, other: &Self) -> bool {
        let same = match (self, other) {
            (Dialogue::Registration(one), Dialogue::Registration(other)) => {
                one.is_same_question(other)
            }
            (Dialogue::Completion(one), Dialogue::Completion(other)) => one.is_same_question(other),
            (Dialogue::Bag(one), Dialogue::Bag(other)) => one.item() == other.item(),
            _ => true,
        };
        same && self.is_same_flow(other)
    }
}

/// A dialogue and since when the bot waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenDialogue {
    pub dialogue: Dialogue,
    /// When the application or the report was begun.
    pub began_at: Option<DateTime<Utc>>,
    /// When the question was asked that is open now.
    pub asked_at: Option<DateTime<Utc>>,
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
    Ok(load_open(conn, chat)?.map(|open| open.dialogue))
}

/// As [`load`], with the times of its questions.
pub fn load_open(conn: &mut Conn, chat: ChatId) -> Result<Option<OpenDialogue>, Error> {
    let stored = telegram_dialogues::load(conn, chat)?;
    Ok(stored.and_then(|json| match parse(&json) {
        Ok(open) => Some(open),
        Err(error) => {
            log::warn!("a dialogue is started anew, its state can not be read: {error}");
            None
        }
    }))
}

/// Parses a stored state. Earlier versions stored the dialogue alone.
pub fn parse(json: &str) -> Result<OpenDialogue, serde_json::Error> {
    serde_json::from_str(json).or_else(|error| {
        let alone = serde_json::from_str::<Dialogue>(json).map_err(|_| error)?;
        Ok(OpenDialogue { dialogue: alone, began_at: None, asked_at: None })
    })
}

/// Saves the dialogue of a chat, with the time at which its present question was first asked.
pub fn save(tx: &mut Tx<'_>, chat: ChatId, dialogue: Option<&Dialogue>) -> Result<(), Error> {
    match dialogue {
        None => telegram_dialogues::delete(tx, chat)?,
        Some(dialogue) => {
            let before = load_open(tx.conn(), chat)?;
            let now = Some(tx.now());
            let flow = before.as_ref().filter(|open| open.dialogue.is_same_flow(dialogue));
            let question = before.as_ref().filter(|open| open.dialogue.is_same_question(dialogue));
            let open = OpenDialogue {
                dialogue: dialogue.clone(),
                began_at: flow.map_or(now, |open| open.began_at),
                asked_at: question.map_or(now, |open| open.asked_at),
            };
            let json = services::to_json(&open)?;
            telegram_dialogues::save(tx, chat, &json)?;
        }
    }
    Ok(())
}
