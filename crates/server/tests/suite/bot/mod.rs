//! Conversations with the bot, played over a stand-in for Telegram.

mod admin;
mod documentation;
mod registration;
mod technician;
