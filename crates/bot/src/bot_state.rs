//! State that all conversations share.

use chrono_tz::Tz;
use services::encryption::Cipher;

use crate::callback_data::CallbackSigner;

/// State that all conversations share.
pub struct BotState {
    pub callback_signer: CallbackSigner,
    pub cipher: Cipher,
    /// The address of the browser application, as people reach it.
    pub public_url: String,
    /// The time zone of the organisation.
    pub time_zone: Tz,
}
