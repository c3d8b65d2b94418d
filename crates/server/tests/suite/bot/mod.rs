//! Conversations with the bot, played over a stand-in for Telegram.

mod admin;
mod document;
mod registration;
mod technician;
