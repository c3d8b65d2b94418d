//! What proves that nobody gets further than they may.

mod cookies;
mod documented;
mod injection;
mod keys;
mod live;
mod matrix;
mod messages;
mod needs;
mod personal_data;
mod requests;
mod steps;
mod texts;
mod tokens;
mod uploads;
mod world;
