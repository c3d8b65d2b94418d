//! Conversations with the bot, played over a stand-in for Telegram.

mod technician;
