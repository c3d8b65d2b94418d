//! Kinds of movement that people book by hand.

use std::str::FromStr;

use crate::tr;

/// A kind of booking; each has a form of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingKind {
    Receipt,
    Issue,
    Return,
    Transfer,
    Adjustment,
}

impl BookingKind {
    /// Every kind, in the order of the buttons.
    pub const ALL: [BookingKind; 5] = [
        BookingKind::Receipt,
        BookingKind::Issue,
        BookingKind::Return,
        BookingKind::Transfer,
        BookingKind::Adjustment,
    ];

    /// Returns the kind as the address has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            BookingKind::Receipt => "receipt",
            BookingKind::Issue => "issue",
            BookingKind::Return => "return",
            BookingKind::Transfer => "transfer",
            BookingKind::Adjustment => "adjustment",
        }
    }

    /// Returns the label; tracks the language.
    pub fn label(self) -> &'static str {
        match self {
            BookingKind::Receipt => tr!(inventory.kind.receipt),
            BookingKind::Issue => tr!(inventory.kind.issue),
            BookingKind::Return => tr!(inventory.kind.giveback),
            BookingKind::Transfer => tr!(inventory.kind.transfer),
            BookingKind::Adjustment => tr!(inventory.kind.adjustment),
        }
    }
}

impl FromStr for BookingKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}
