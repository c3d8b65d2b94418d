//! The Telegram bot: parses an update, lets one flow answer it and stores the response, in one transaction.

mod barcode;
mod bot_setup;
mod bot_state;
mod callback_data;
mod chart;
mod command;
mod context;
mod dialogue;
mod flows;
mod format;
mod html;
mod incoming_update;
mod message_view;
mod notifications;
mod pickers;
mod registration_cleanup;
mod response;
mod retry;
mod texts;
mod updates;
mod view_context;
mod views;

pub use bot_setup::{UpdateMode, configure_bot, fetch_username};
pub use bot_state::BotState;
pub use callback_data::CallbackSigner;
pub use incoming_update::identify;
pub use notifications::Composer;
pub use registration_cleanup::delete_abandoned_registrations;
pub use updates::deps::UpdateWorker;
pub use updates::long_polling::{LongPolling, run_long_polling};
pub use updates::update_worker::run_update_worker;
