//! The parts of the binary, so that the tests start the same server as the user does.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to a terminal")]

pub mod bootstrap;
pub mod cli;
mod commands;
pub mod config;
pub mod logging;
pub mod serve;
mod shutdown;
pub mod spa;
pub mod telegram_runtime;
