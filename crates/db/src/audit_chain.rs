//! Tamper-evident chain of audit entries.
//!
//! Each entry carries a message authentication code (MAC) over its own content and the MAC of the entry
//! before it, so a changed, removed or moved entry no longer fits. The *head* stores the length of the
//! chain and its last MAC, and has a MAC of its own, so entries that are cut off at the end are noticed.

use chrono::NaiveDateTime;
use shared::UserId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::tables::audit::{self, AuditRow};
use crate::tables::audit_head::{self, AuditHead};

/// Creates and verifies the MACs of the chain. Passed in when the database is opened: this crate does
/// not know the keys.
pub trait AuditSigner: Send + Sync {
    /// Names the key of [`AuditSeal::mac`].
    fn key_id(&self) -> i64;

    /// Returns the MAC of a message.
    fn mac(&self, message: &[u8]) -> Vec<u8>;

    /// Whether the MAC belongs to the message; `None` if the key is unknown.
    fn verify(&self, key_id: i64, message: &[u8], mac: &[u8]) -> Option<bool>;
}

/// An audit entry that is not part of the chain yet.
#[derive(Debug, Clone)]
pub struct NewAuditEntry {
    pub at: NaiveDateTime,
    pub actor_id: Option<UserId>,
    pub actor_name: String,
    pub action: &'static str,
    pub entity: &'static str,
    pub entity_id: Option<i64>,
    /// JSON.
    pub before: Option<String>,
    /// JSON.
    pub after: Option<String>,
    pub ip: Option<String>,
    pub request_id: Option<String>,
}

/// Returns the bytes that the MAC of an entry covers. Different entries never give the same bytes: each
/// field is preceded by its length, and a missing field differs from an empty one.
pub fn entry_message(previous_mac: &[u8], entry: &AuditRow) -> Vec<u8> {
    let mut bytes = MacMessage::new("isp audit entry 1");
    bytes.push_bytes(Some(previous_mac));
    bytes.push_number(Some(entry.id));
    bytes.push_number(Some(entry.at.and_utc().timestamp_micros()));
    bytes.push_number(entry.actor_id.map(|id| id.0));
    bytes.push_text(Some(&entry.actor_name));
    bytes.push_text(Some(&entry.action));
    bytes.push_text(Some(&entry.entity));
    bytes.push_number(entry.entity_id);
    bytes.push_text(entry.before.as_deref());
    bytes.push_text(entry.after.as_deref());
    bytes.push_text(entry.ip.as_deref());
    bytes.push_text(entry.request_id.as_deref());
    bytes.push_number(Some(entry.key_id));
    bytes.0
}

/// Returns the bytes that the MAC of the head covers.
pub fn head_message(head: &AuditHead) -> Vec<u8> {
    let mut bytes = MacMessage::new("isp audit head 1");
    bytes.push_number(Some(head.entries));
    bytes.push_bytes(Some(&head.mac));
    bytes.push_number(Some(head.key_id));
    bytes.0
}

struct MacMessage(Vec<u8>);

impl MacMessage {
    fn new(kind: &str) -> Self {
        Self(kind.as_bytes().to_vec())
    }

    fn push_bytes(&mut self, part: Option<&[u8]>) {
        match part {
            None => self.0.push(0),
            Some(part) => {
                self.0.push(1);
                self.0.extend((part.len() as u64).to_be_bytes());
                self.0.extend(part);
            }
        }
    }

    fn push_number(&mut self, number: Option<i64>) {
        self.push_bytes(number.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    }

    fn push_text(&mut self, text: Option<&str>) {
        self.push_bytes(text.map(str::as_bytes));
    }
}

/// Starts the chain of a new database.
///
/// # Errors
/// [`DbError::UnknownKey`] if the head was signed with a key that this process does not have.
pub(crate) fn initialize(conn: &mut Conn, seal: &dyn AuditSigner) -> Result<(), DbError> {
    match audit_head::find(conn)? {
        Some(head) => is_head_valid(&head, seal).map(|_| ()),
        None if audit::last(conn)?.is_none() => {
            audit_head::insert_first(conn, &signed_head(seal, 0, Vec::new()))
        }
        None => Ok(()),
    }
}

/// Appends entries to the chain. Locks the head, which blocks every other change until the transaction
/// ends, so it has to be the last thing that a transaction does.
pub(crate) fn append(
    conn: &mut Conn,
    seal: &dyn AuditSigner,
    drafts: Vec<NewAuditEntry>,
) -> Result<(), DbError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let head = match audit_head::lock(conn)? {
        Some((head, newest)) if is_head_valid(&head, seal)? && newest <= head.entries => Some(head),
        _ => None,
    };
    let sound = head.is_some();
    let (mut id, mut mac) = match head {
        Some(head) => (head.entries, head.mac),
        None => audit::last(conn)?.unwrap_or_default(),
    };
    let mut entries = Vec::with_capacity(drafts.len());
    for draft in drafts {
        id += 1;
        let entry = signed_entry(seal, id, &mac, draft);
        mac.clone_from(&entry.mac);
        entries.push(entry);
    }
    audit::insert(conn, &entries)?;
    let mut head = signed_head(seal, id, mac);
    if !sound {
        // A new signature would hide the tampering. The change still goes through, and every later
        // verification reports the head.
        log::error!(
            "the head of the audit was changed from outside: run `isp-server audit verify`"
        );
        head.seal.clear();
    }
    audit_head::store(conn, &head)
}

fn is_head_valid(head: &AuditHead, seal: &dyn AuditSigner) -> Result<bool, DbError> {
    seal.verify(head.key_id, &head_message(head), &head.seal).ok_or(DbError::UnknownKey)
}

fn signed_head(seal: &dyn AuditSigner, entries: i64, mac: Vec<u8>) -> AuditHead {
    let mut head = AuditHead { entries, mac, key_id: seal.key_id(), seal: Vec::new() };
    head.seal = seal.mac(&head_message(&head));
    head
}

fn signed_entry(
    seal: &dyn AuditSigner,
    id: i64,
    previous_mac: &[u8],
    draft: NewAuditEntry,
) -> AuditRow {
    let mut entry = AuditRow {
        id,
        at: draft.at,
        actor_id: draft.actor_id,
        actor_name: draft.actor_name,
        action: draft.action.to_owned(),
        entity: draft.entity.to_owned(),
        entity_id: draft.entity_id,
        before: draft.before,
        after: draft.after,
        ip: draft.ip,
        request_id: draft.request_id,
        key_id: seal.key_id(),
        mac: Vec::new(),
    };
    entry.mac = seal.mac(&entry_message(previous_mac, &entry));
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> AuditRow {
        AuditRow {
            id: 7,
            at: NaiveDateTime::default(),
            actor_id: Some(UserId(1)),
            actor_name: "Siti".into(),
            action: "job.create".into(),
            entity: "job".into(),
            entity_id: Some(3),
            before: None,
            after: Some("{}".into()),
            ip: None,
            request_id: Some(String::new()),
            key_id: 9,
            mac: vec![1; 32],
        }
    }

    #[test]
    fn the_mac_covers_every_field_and_the_previous_mac() {
        let message = entry_message(&[5; 32], &entry());
        let changes: [fn(&mut AuditRow); 12] = [
            |entry| entry.id += 1,
            |entry| entry.at += chrono::TimeDelta::microseconds(1),
            |entry| entry.actor_id = None,
            |entry| entry.actor_name = "Sita".into(),
            |entry| entry.action = "job.cancel".into(),
            |entry| entry.entity = "item".into(),
            |entry| entry.entity_id = Some(4),
            |entry| entry.before = Some(String::new()),
            |entry| entry.after = None,
            |entry| entry.ip = Some("10.0.0.1".into()),
            |entry| entry.request_id = None,
            |entry| entry.key_id = 8,
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut changed = entry();
            change(&mut changed);
            assert_ne!(entry_message(&[5; 32], &changed), message, "change {number}");
        }
        assert_ne!(entry_message(&[6; 32], &entry()), message);
    }

    #[test]
    fn moving_text_between_fields_changes_the_message() {
        let (mut one, mut other) = (entry(), entry());
        (one.action, one.entity) = ("ab".into(), "c".into());
        (other.action, other.entity) = ("a".into(), "bc".into());
        assert_ne!(entry_message(&[], &one), entry_message(&[], &other));
    }
}
