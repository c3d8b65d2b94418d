//! The Telegram bot: parses an update, lets one flow answer it and stores the response, in one transaction.

mod barcode;
mod bot_setup;
mod bot_state;
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
mod message_view;
mod notifications;
mod prefetch;
mod process_update;
mod refusal_text;
mod registration_cleanup;
mod response;
mod retry;
mod texts;
mod update;
mod update_worker;
mod view_context;
mod views;

pub use bot_setup::{UpdateMode, configure_bot, fetch_username};
pub use bot_state::BotState;
pub use callback_data::CallbackSigner;
pub use long_polling::{LongPolling, run_long_polling};
pub use notifications::Composer;
pub use registration_cleanup::delete_abandoned_registrations;
pub use update::identify;
pub use update_worker::{UpdateWorker, run_update_worker};
