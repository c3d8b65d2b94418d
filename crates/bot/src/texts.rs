//! Texts of the bot in every language, generated from `locales/<language>.json`.
//!
//! Texts hold no markup; values that are put into a text are escaped by whoever passes them.

use std::fmt::Display;

use shared::Lang;

/// A number that chooses between singular and plural.
pub trait Count: Display + Copy {
    /// Whether the singular is used.
    fn is_one(self) -> bool;
}

impl Count for i64 {
    fn is_one(self) -> bool {
        self == 1
    }
}

impl Count for usize {
    fn is_one(self) -> bool {
        self == 1
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(test)]
#[path = "../build/catalogue.rs"]
mod catalogue;
