//! What proves that nobody gets further than they may.

mod injection;
mod live;
mod matrix;
mod needs;
mod requests;
mod steps;
mod tokens;
mod uploads;
mod world;
