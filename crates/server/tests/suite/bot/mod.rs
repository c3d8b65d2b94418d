//! Conversations with the bot, played over a stand-in for Telegram.

mod admin;
mod registration;
mod technician;
