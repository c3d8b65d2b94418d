//! The office in the chat.

use serde::{Deserialize, Serialize};
use services::Result;

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum AdminDialogue {
    Searching,
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminPress {
    #[serde(rename = "t")]
    Today,
}

impl AdminPress {
    /// Whether a first password has to be made for it.
    pub const fn needs_password(&self) -> bool {
        false
    }
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    _here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    _message_id: i32,
    _press: AdminPress,
) -> Result<Answer> {
    Ok(Answer::default())
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(_here: Here<'_, '_>, _state: &AdminDialogue, _input: &Input) -> Result<Answer> {
    Ok(Answer::default())
}

/// Today at a glance.
///
/// # Errors
/// The caller may not; the database fails.
pub fn today(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}

/// All jobs.
///
/// # Errors
/// The caller may not; the database fails.
pub fn jobs(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}

/// Stock.
///
/// # Errors
/// The caller may not; the database fails.
pub fn inventory(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}

/// Reports.
///
/// # Errors
/// The caller may not; the database fails.
pub fn reports(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}

/// Technicians and registrations.
///
/// # Errors
/// The caller may not; the database fails.
pub fn technicians(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}
