//! The chain of the audit.
//!
//! Each entry carries a message authentication code over the code of the entry before it and its
//! own content, so one that is changed, taken out or put elsewhere does not fit any more. The head
//! says how far the chain goes and carries a code of its own, so an end that is cut off is missed.

use chrono::NaiveDateTime;
use shared::UserId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::tables::audit::{self, AuditRow};
use crate::tables::audit_head::{self, AuditHead};

/// Makes and compares the codes of the chain. Handed in when the database is opened: which key
/// that needs is not known here.
pub trait AuditSeal: Send + Sync {
    /// Names the key of [`AuditSeal::mac`].
    fn key_id(&self) -> i64;

    /// The code of a message.
    fn mac(&self, message: &[u8]) -> Vec<u8>;

    /// Whether the code belongs to the message; `None` if there is no key of that name.
    fn fits(&self, key_id: i64, message: &[u8], mac: &[u8]) -> Option<bool>;
}

/// An entry before it gets its place in the chain.
#[derive(Debug, Clone)]
pub struct AuditDraft {
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

/// What the code of an entry is made of. No two different entries give the same bytes: each part
/// is preceded by its length, and one that is missing differs from an empty one.
pub fn entry_message(previous_mac: &[u8], entry: &AuditRow) -> Vec<u8> {
    let mut bytes = Bytes::new("isp audit entry 1");
    bytes.part(Some(previous_mac));
    bytes.number(Some(entry.id));
    bytes.number(Some(entry.at.and_utc().timestamp_micros()));
    bytes.number(entry.actor_id.map(|id| id.0));
    bytes.text(Some(&entry.actor_name));
    bytes.text(Some(&entry.action));
    bytes.text(Some(&entry.entity));
    bytes.number(entry.entity_id);
    bytes.text(entry.before.as_deref());
    bytes.text(entry.after.as_deref());
    bytes.text(entry.ip.as_deref());
    bytes.text(entry.request_id.as_deref());
    bytes.number(Some(entry.key_id));
    bytes.0
}

/// What the code of the head is made of.
pub fn head_message(head: &AuditHead) -> Vec<u8> {
    let mut bytes = Bytes::new("isp audit head 1");
    bytes.number(Some(head.entries));
    bytes.part(Some(&head.mac));
    bytes.number(Some(head.key_id));
    bytes.0
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn new(kind: &str) -> Self {
        Self(kind.as_bytes().to_vec())
    }

    fn part(&mut self, part: Option<&[u8]>) {
        match part {
            None => self.0.push(0),
            Some(part) => {
                self.0.push(1);
                self.0.extend((part.len() as u64).to_be_bytes());
                self.0.extend(part);
            }
        }
    }

    fn number(&mut self, number: Option<i64>) {
        self.part(number.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    }

    fn text(&mut self, text: Option<&str>) {
        self.part(text.map(str::as_bytes));
    }
}

/// Begins the chain of a new database.
///
/// # Errors
/// The head was made with a key that is not there.
pub(crate) fn begin(conn: &mut Conn, seal: &dyn AuditSeal) -> Result<(), DbError> {
    match audit_head::find(conn)? {
        Some(head) => is_sound(&head, seal).map(|_| ()),
        None if audit::last(conn)?.is_none() => {
            audit_head::begin(conn, &sealed(seal, 0, Vec::new()))
        }
        None => Ok(()),
    }
}

/// Gives entries their place at the end of the chain. Whoever comes here holds up every other
/// change until the end of the transaction, so it is the last thing that a transaction does.
pub(crate) fn append(
    conn: &mut Conn,
    seal: &dyn AuditSeal,
    drafts: Vec<AuditDraft>,
) -> Result<(), DbError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let head = match audit_head::lock(conn)? {
        Some((head, newest)) if is_sound(&head, seal)? && newest <= head.entries => Some(head),
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
        let entry = chained(seal, id, &mac, draft);
        mac.clone_from(&entry.mac);
        entries.push(entry);
    }
    audit::insert(conn, &entries)?;
    let mut head = sealed(seal, id, mac);
    if !sound {
        // Sealed again it would look as if nothing had happened. The work goes on, and the
        // verification finds it for ever.
        log::error!(
            "the head of the audit was changed from outside: run `isp-server audit verify`"
        );
        head.seal.clear();
    }
    audit_head::put(conn, &head)
}

fn is_sound(head: &AuditHead, seal: &dyn AuditSeal) -> Result<bool, DbError> {
    seal.fits(head.key_id, &head_message(head), &head.seal).ok_or(DbError::UnknownKey)
}

fn sealed(seal: &dyn AuditSeal, entries: i64, mac: Vec<u8>) -> AuditHead {
    let mut head = AuditHead { entries, mac, key_id: seal.key_id(), seal: Vec::new() };
    head.seal = seal.mac(&head_message(&head));
    head
}

fn chained(seal: &dyn AuditSeal, id: i64, previous_mac: &[u8], draft: AuditDraft) -> AuditRow {
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
    fn every_part_of_an_entry_and_its_place_are_covered() {
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
    fn text_moved_from_one_part_to_the_next_gives_other_bytes() {
        let (mut one, mut other) = (entry(), entry());
        (one.action, one.entity) = ("ab".into(), "c".into());
        (other.action, other.entity) = ("a".into(), "bc".into());
        assert_ne!(entry_message(&[], &one), entry_message(&[], &other));
    }
}
