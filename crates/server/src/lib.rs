//! The server binary as a library, so that tests start the same server.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to a terminal")]

pub mod bootstrap;
pub mod cli;
mod commands;
pub mod config;
mod error_text;
pub mod logging;
pub mod serve;
mod shutdown;
pub mod spa;
pub mod telegram_runtime;
