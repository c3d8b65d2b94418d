//! Conversations with the bot over a fake Telegram.

mod admin;
mod documentation;
mod registration;
mod technician;
