//! Callbacks of the profile.

use serde::{Deserialize, Serialize};
use shared::Lang;

/// Buttons of the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProfileCallback {
    /// Goes on or off duty.
    #[serde(rename = "d")]
    Duty(bool),
    /// Changes the language of the chat.
    #[serde(rename = "l")]
    Language(Lang),
}
