//! Tests of the fake Telegram over plain HTTP and with an independent client library.
#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod bot_api;
mod control;
mod editing;
mod failures;
mod media;
mod sending;
mod test_users;
mod transcript;
mod updates;
mod webhook;
mod with_teloxide;
