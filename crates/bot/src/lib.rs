//! The bot on Telegram: reads what a person did, lets one flow answer it, in one transaction.

mod barcode;
mod bot_setup;
mod bot_username;
mod callback_data;
mod chart;
mod command;
mod context;
mod dialogue;
mod dispatcher;
mod flows;
mod format;
mod html;
mod long_polling;
mod notifications;
mod prefetch;
mod process_update;
mod registration_cleanup;
mod response;
mod update;
mod update_worker;
mod view_context;
mod views;

pub use bot_setup::{UpdateMode, configure_bot};
pub use bot_username::fetch_username;
pub use callback_data::CallbackSigner;
pub use context::BotState;
pub use long_polling::{LongPolling, run_long_polling};
pub use notifications::Composer;
pub use registration_cleanup::delete_abandoned_registrations;
pub use update_worker::{UpdateWorker, run_update_worker};

/// The number of an update and the chat that it belongs to: what is needed to keep it. `None` for what
/// concerns no chat.
pub fn identify(update: &str) -> Option<(i64, shared::ChatId)> {
    update::identify(update)
}
