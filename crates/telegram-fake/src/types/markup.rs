//! Inline keyboards.

use serde::{Deserialize, Serialize};

/// The JSON of an inline button.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InlineButtonJson {
    #[serde(default)]
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The JSON of an inline keyboard.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InlineMarkupJson {
    pub inline_keyboard: Vec<Vec<InlineButtonJson>>,
}
