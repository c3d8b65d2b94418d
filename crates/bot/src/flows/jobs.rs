//! Jobs in the hands of a technician: take, accept, decline, and the way there.

use serde::{Deserialize, Serialize};
use services::Result;

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum JobDialogue {
    Reason,
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobPress {
    #[serde(rename = "c")]
    Claim(shared::JobId),
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    _here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    _message_id: i32,
    _press: JobPress,
) -> Result<Answer> {
    Ok(Answer::default())
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(_here: Here<'_, '_>, _state: &JobDialogue, _input: &Input) -> Result<Answer> {
    Ok(Answer::default())
}

/// Jobs that the technician can take.
///
/// # Errors
/// The caller may not; the database fails.
pub fn offers(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}

/// Jobs of the technician.
///
/// # Errors
/// The caller may not; the database fails.
pub fn own(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}
