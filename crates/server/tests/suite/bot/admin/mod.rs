//! The office in the chat.

mod morning;
mod rights;
mod waiting;
mod world;
