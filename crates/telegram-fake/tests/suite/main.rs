//! The stand-in over plain HTTP, and with a client library that knows nothing of it.
#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod api;
mod control;
mod editing;
mod failures;
mod media;
mod people;
mod sending;
mod transcript;
mod updates;
mod webhook;
mod with_teloxide;
