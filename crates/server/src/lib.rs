//! The parts of the binary, so that the tests start the same server as the user does.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to a terminal")]

mod admin;
mod audit;
mod backup;
pub mod bootstrap;
pub mod cli;
pub mod config;
mod demo;
mod import;
mod keys;
mod ledger;
pub mod logging;
pub mod serve;
mod shutdown;
pub mod spa;
pub mod telegram_runtime;
mod uploads;
