//! Updates of Telegram, from their arrival to the stored response.
//!
//! - `long_polling` receives updates; the webhook of the server is the other way.
//! - `update_worker` claims stored updates, each chat in its order.
//! - `prefetch` downloads and hashes before the transaction.
//! - `process_update` runs the transaction, `dispatcher` finds the flow.

pub mod deps;
mod dispatcher;
pub mod long_polling;
mod prefetch;
mod process_update;
mod refusal_text;
pub mod update_worker;
