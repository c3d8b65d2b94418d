//! Tests of the fake over plain HTTP and with a client library.
#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod api;
mod control;
mod editing;
mod faults;
mod media;
mod sending;
mod transcript;
mod updates;
mod users;
mod webhook;
mod with_teloxide;
