//! On and off duty, skills, own figures.

use serde::{Deserialize, Serialize};
use services::Result;

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ProfileDialogue {
    Nothing,
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProfilePress {
    #[serde(rename = "d")]
    Duty(bool),
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    _here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    _message_id: i32,
    _press: ProfilePress,
) -> Result<Answer> {
    Ok(Answer::default())
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(_here: Here<'_, '_>, _state: &ProfileDialogue, _input: &Input) -> Result<Answer> {
    Ok(Answer::default())
}

/// The own profile.
///
/// # Errors
/// The caller may not; the database fails.
pub fn show(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}
