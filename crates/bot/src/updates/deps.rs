//! Dependencies of the worker over stored updates.

use std::sync::Arc;

use services::Db;
use services::auth::password_rules::PasswordRules;
use services::auth::passwords::Hasher;
use services::photos::PhotoProcessor;
use teloxide::Bot;

use crate::bot_state::BotState;

/// What processing updates depends on.
pub struct UpdateWorker {
    pub db: Db,
    pub bot: Bot,
    pub state: Arc<BotState>,
    /// Shared with the API, so that one photo is decoded at a time.
    pub photo_processor: PhotoProcessor,
    pub max_file_bytes: usize,
    pub hasher: Hasher,
    pub password_rules: PasswordRules,
}
