//! The bot on Telegram: reads what a person did, lets one flow answer it, in one transaction.

mod abandoned;
mod answer;
mod barcode;
mod cards;
mod chart;
mod command;
mod compose;
mod dialogue;
mod fetch;
mod flows;
mod handle;
mod here;
mod html;
mod inbox;
mod introduce;
mod name;
mod prepare;
mod press;
mod route;
mod say;
mod screen;
mod update;

pub use abandoned::forget_abandoned;
pub use compose::Composer;
pub use fetch::{Fetch, fetch_forever};
pub use here::Shared;
pub use inbox::{Inbox, handle_forever};
pub use introduce::{Arrival, introduce};
pub use name::learn_name;
pub use press::Buttons;

/// The number of an update and the chat that it belongs to: what is needed to keep it. `None` for what
/// concerns no chat.
pub fn identify(update: &str) -> Option<(i64, shared::ChatId)> {
    update::identify(update)
}
