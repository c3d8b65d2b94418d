//! Limits on bytes and tokens while a workbook is read. A token is a tag or a text between two
//! tags.

use std::cell::Cell;
use std::io::{Error as IoError, Read};
use std::rc::Rc;

use crate::error::Error;
use crate::spreadsheet::{Deadline, too_large, too_long};

/// Maximum bytes of all parts once unpacked.
const MAX_UNPACKED_BYTES: u64 = 256 * 1024 * 1024;
/// Maximum bytes of one token.
const MAX_TOKEN_BYTES: u64 = 1024 * 1024;
/// Maximum tokens: each costs time however short it is. A sheet with the maximum number of rows has
/// ten per cell.
const MAX_TOKENS: u64 = 24_000_000;
/// Bytes charged for opening a part, because an archive may list the same bytes many times.
const PART_OPEN_COST: u64 = 1024;

/// The limit that was exceeded.
#[derive(Debug, Clone, Copy)]
enum Limit {
    Unpacked,
    TokenSize,
    TokenCount,
    Time,
}

impl Limit {
    fn refusal(self) -> Error {
        let megabytes = |bytes: u64| format!("{} MB XML", bytes / 1024 / 1024);
        match self {
            Limit::Unpacked => too_large(megabytes(MAX_UNPACKED_BYTES)),
            Limit::TokenSize => too_large(format!("{} / <…>", megabytes(MAX_TOKEN_BYTES))),
            Limit::TokenCount => too_large(format!("{MAX_TOKENS} × <…>")),
            Limit::Time => too_long(),
        }
    }
}

/// What is left for one workbook.
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
    token_bytes_left: Cell<u64>,
    tokens_left: Cell<u64>,
    deadline: Deadline,
    passed: Cell<Option<Limit>>,
}

impl Budget {
    /// The budget of a workbook that starts to be read now.
    pub fn new() -> Rc<Self> {
        Rc::new(Self {
            left: Cell::new(MAX_UNPACKED_BYTES),
            token_bytes_left: Cell::new(MAX_TOKEN_BYTES),
            tokens_left: Cell::new(MAX_TOKENS),
            deadline: Deadline::start(),
            passed: Cell::new(None),
        })
    }

    /// Charges a token.
    pub fn begin_token(&self) -> Result<(), Error> {
        self.token_bytes_left.set(MAX_TOKEN_BYTES);
        let left = self.tokens_left.get().checked_sub(1);
        self.tokens_left.set(left.unwrap_or_default());
        left.map(|_| ()).ok_or_else(|| Limit::TokenCount.refusal())
    }

    /// Charges the opening of a part.
    pub fn open_part(&self) -> Result<(), Error> {
        self.begin_token()?;
        self.spend(PART_OPEN_COST).map_err(Limit::refusal)
    }

    /// The error to report if reading stopped because of a limit.
    pub fn refusal(&self) -> Option<Error> {
        self.passed.get().map(Limit::refusal)
    }

    fn spend(&self, bytes: u64) -> Result<(), Limit> {
        let limit = match (self.left.get().checked_sub(bytes), self.token_bytes_left.get()) {
            (None, _) => Some(Limit::Unpacked),
            (_, piece) if piece < bytes => Some(Limit::TokenSize),
            _ if self.deadline.is_over() => Some(Limit::Time),
            (Some(left), piece) => {
                self.left.set(left);
                self.token_bytes_left.set(piece - bytes);
                None
            }
        };
        self.passed.set(limit);
        limit.map_or(Ok(()), Err)
    }
}

/// Reader that charges the bytes it reads to the budget.
pub struct CountingReader<R> {
    pub part: R,
    pub budget: Rc<Budget>,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.part.read(buffer)?;
        self.budget.spend(count as u64).map_err(|_| IoError::other("a limit was passed"))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_parts_and_bytes_are_bounded() {
        let budget = Budget::new();
        budget.tokens_left.set(1);
        assert!(budget.begin_token().is_ok() && budget.begin_token().is_err());
        let budget = Budget::new();
        assert!((0..MAX_UNPACKED_BYTES / PART_OPEN_COST).all(|_| budget.open_part().is_ok()));
        assert!(budget.open_part().is_err() && budget.refusal().is_some());
        let budget = Budget::new();
        assert!(budget.spend(MAX_TOKEN_BYTES).is_ok() && budget.spend(1).is_err());
    }
}
