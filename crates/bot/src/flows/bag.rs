//! What a technician carries, and bringing leftovers back.

use serde::{Deserialize, Serialize};
use services::Result;

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum BagDialogue {
    Returning,
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BagPress {
    #[serde(rename = "r")]
    Return,
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    _here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    _message_id: i32,
    _press: BagPress,
) -> Result<Answer> {
    Ok(Answer::default())
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(_here: Here<'_, '_>, _state: &BagDialogue, _input: &Input) -> Result<Answer> {
    Ok(Answer::default())
}

/// What is in the bag.
///
/// # Errors
/// The caller may not; the database fails.
pub fn show(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}
