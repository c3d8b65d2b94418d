//! Integrity check of the audit chain.

use std::fmt;

use db::tables::audit::{self as table, AuditRow};
use db::tables::{audit_head, audit_keys};
use db::{AuditSigner, Conn, entry_message, head_message};

use super::AuditKeys;
use crate::encryption::Cipher;
use crate::encryption_at_rest;
use crate::error::Result;

/// Entries held in memory at once.
const VERIFY_BATCH: i64 = 500;

/// The result of [`verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Number of intact entries, counted from the first one without a gap.
    pub intact: i64,
    /// The first fault; `None` if the chain is intact.
    pub fault: Option<ChainFault>,
}

/// A fault of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// An entry was removed.
    Missing { id: i64 },
    /// An entry was changed or moved, or does not follow the one before it.
    Changed { id: i64 },
    /// The key of an entry is not available.
    UnknownKey { id: i64 },
    /// Entries were removed from the end.
    Truncated { entries: i64, written: i64 },
    /// There are more entries than the chain head counts.
    Surplus { entries: i64, written: i64 },
    /// The chain head is missing.
    NoHead,
    /// The chain head was not written by this program, or refers to another last entry.
    ForgedHead,
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainFault::Missing { id } => write!(f, "entry {id} is missing"),
            ChainFault::Changed { id } => {
                write!(f, "entry {id} was changed, or does not belong in this place")
            }
            ChainFault::UnknownKey { id } => {
                write!(f, "entry {id} was written with a key that is not in DATA_KEY_PREVIOUS")
            }
            ChainFault::Truncated { entries, written } => {
                write!(f, "{written} entries were written, but only {entries} are there")
            }
            ChainFault::Surplus { entries, written } => {
                write!(f, "{written} entries were written, but {entries} are there")
            }
            ChainFault::NoHead => f.write_str("the head is missing: the end can not be proved"),
            ChainFault::ForgedHead => f.write_str(
                "the head was changed from outside: entries may have been cut off the end",
            ),
        }
    }
}

/// Verifies the whole chain; entries may be added meanwhile.
pub fn verify(conn: &mut Conn, cipher: &Cipher) -> Result<ChainReport> {
    let keys = known_keys(conn, cipher)?;
    let (head, newest) = audit_head::with_newest(conn)?;
    let (mut intact, mut mac) = (0, Vec::new());
    while intact < newest {
        let limit = VERIFY_BATCH.min(newest - intact);
        let batch = table::after(conn, intact, limit)?;
        if batch.is_empty() {
            let fault = Some(ChainFault::Missing { id: intact + 1 });
            return Ok(ChainReport { intact, fault });
        }
        for entry in batch {
            if let Some(fault) = entry_fault(&keys, intact, &mac, &entry) {
                return Ok(ChainReport { intact, fault: Some(fault) });
            }
            intact = entry.id;
            mac = entry.mac;
        }
    }
    let fault = match head {
        None => Some(ChainFault::NoHead),
        Some(head) => match keys.verify(head.key_id, &head_message(&head), &head.seal) {
            Some(true) if head.entries > newest => {
                Some(ChainFault::Truncated { entries: newest, written: head.entries })
            }
            Some(true) if head.entries < newest => {
                Some(ChainFault::Surplus { entries: newest, written: head.entries })
            }
            Some(true) if head.mac == mac => None,
            _ => Some(ChainFault::ForgedHead),
        },
    };
    Ok(ChainReport { intact, fault })
}

fn entry_fault(keys: &AuditKeys, last: i64, mac: &[u8], entry: &AuditRow) -> Option<ChainFault> {
    if entry.id != last + 1 {
        return Some(ChainFault::Missing { id: last + 1 });
    }
    let message = entry_message(mac, entry);
    match keys.verify(entry.key_id, &message, &entry.mac) {
        Some(true) => None,
        Some(false) => Some(ChainFault::Changed { id: entry.id }),
        None => Some(ChainFault::UnknownKey { id: entry.id }),
    }
}

/// The keys of the environment, and former keys that a key rotation stored in the database.
fn known_keys(conn: &mut Conn, cipher: &Cipher) -> Result<AuditKeys> {
    let mut keys = AuditKeys::from_cipher(cipher);
    for (id, encrypted) in audit_keys::all(conn)? {
        match cipher.decrypt(&encryption_at_rest::audit_key_context(id), &encrypted) {
            Ok(bytes) => {
                if let Ok(key) = bytes.try_into() {
                    keys.add(key);
                }
            }
            Err(error) => log::warn!("a key of older audit entries can not be read: {error}"),
        }
    }
    Ok(keys)
}
