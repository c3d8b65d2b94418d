//! Office commands in the chat.

mod fixtures;
mod office_commands;
mod pending_approvals;
mod permissions;
