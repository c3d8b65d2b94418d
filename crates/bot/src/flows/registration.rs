//! Somebody wants to become a technician.

use serde::{Deserialize, Serialize};
use services::Result;

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Registration {
    Name,
}

impl Registration {
    /// Whether a picture is what this step waits for.
    pub const fn wants_photo(&self) -> bool {
        false
    }
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegistrationPress {
    #[serde(rename = "b")]
    Back,
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    _here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    _message_id: i32,
    _press: RegistrationPress,
) -> Result<Answer> {
    Ok(Answer::default())
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(_here: Here<'_, '_>, _state: &Registration, _input: &Input) -> Result<Answer> {
    Ok(Answer::default())
}

/// Begins, or goes on where it was left.
///
/// # Errors
/// The database fails.
pub fn start(_here: Here<'_, '_>, _dialogue: Option<&Dialogue>) -> Result<Answer> {
    Ok(Answer::default().go(Dialogue::Registration(Registration::Name)))
}
