//! Finishing a job: report, photos, ONT, redaman, material.

use serde::{Deserialize, Serialize};
use services::Result;

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Completion {
    Report,
}

impl Completion {
    /// Whether a picture is what this step waits for.
    pub const fn wants_photo(&self) -> bool {
        false
    }
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompletionPress {
    #[serde(rename = "d")]
    Done,
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    _here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    _message_id: i32,
    _press: CompletionPress,
) -> Result<Answer> {
    Ok(Answer::default())
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(_here: Here<'_, '_>, _state: &Completion, _input: &Input) -> Result<Answer> {
    Ok(Answer::default())
}

/// A photo came and no job is being finished.
///
/// # Errors
/// The caller may not; the database fails.
pub fn photo_without_job(_here: Here<'_, '_>) -> Result<Answer> {
    Ok(Answer::default())
}
