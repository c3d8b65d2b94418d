//! Photos of identity cards (KTP) of customers and technicians: encrypted before they are written,
//! and every look at one is in the audit.

mod files;

pub use db::tables::identity_photos::CardHolder;
pub use files::{
    ReencryptResult, StoredIdentityPhoto, decrypt, reencrypt, remove_if_left, store, store_jpeg,
};

use db::tables::identity_photos::{self as table, IdentityPhotoRow, NewIdentityPhoto};
use db::tables::{customers, technicians};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::identity::IdentityPhoto;
use shared::live::{CustomerEvent, LiveEvent, TechnicianEvent};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{OrConflict, OrNotFound, Result};

fn to_identity_photo((row, uploaded_by): (IdentityPhotoRow, String)) -> IdentityPhoto {
    IdentityPhoto {
        width: row.width,
        height: row.height,
        uploaded_by,
        uploaded_at: row.uploaded_at.and_utc(),
    }
}

/// What is done, by holder: the audit speaks of customers and technicians.
#[derive(Debug, Clone, Copy)]
enum PhotoAction {
    Put,
    Read,
    Remove,
}

fn audit_event(act: PhotoAction, holder: CardHolder) -> AuditEvent {
    let (action, entity_id) = match (holder, act) {
        (CardHolder::Customer(id), PhotoAction::Put) => {
            (AuditAction::CustomerPutIdentityPhoto, id.0)
        }
        (CardHolder::Customer(id), PhotoAction::Read) => {
            (AuditAction::CustomerReadIdentityPhoto, id.0)
        }
        (CardHolder::Customer(id), PhotoAction::Remove) => {
            (AuditAction::CustomerRemoveIdentityPhoto, id.0)
        }
        (CardHolder::Technician(id), PhotoAction::Put) => {
            (AuditAction::TechnicianPutIdentityPhoto, id.0)
        }
        (CardHolder::Technician(id), PhotoAction::Read) => {
            (AuditAction::TechnicianReadIdentityPhoto, id.0)
        }
        (CardHolder::Technician(id), PhotoAction::Remove) => {
            (AuditAction::TechnicianRemoveIdentityPhoto, id.0)
        }
    };
    AuditEvent { action, entity_id }
}

/// Asked before a large upload is read: whether the holder is there.
///
/// # Errors
/// There is no such customer or technician.
pub fn check_holder(conn: &mut Conn, holder: CardHolder) -> Result<()> {
    holder_event(conn, holder).map(|_| ())
}

/// What pages are told: whoever shows the holder loads it again.
fn holder_event(conn: &mut Conn, holder: CardHolder) -> Result<LiveEvent> {
    Ok(match holder {
        CardHolder::Customer(id) => {
            let (row, ..) = customers::find(conn, id, None)?.or_not_found()?;
            LiveEvent::CustomerUpdated(CustomerEvent { id, version: row.version })
        }
        CardHolder::Technician(id) => {
            let (row, _) = technicians::find(conn, id)?.or_not_found()?;
            let (on_duty, active, version) = (row.on_duty, row.active, row.version);
            LiveEvent::TechnicianUpdated(TechnicianEvent { id, on_duty, active, version })
        }
    })
}

/// Takes a photo whose encrypted file is already in the store. Also gives the name of the file that
/// it takes the place of: it belongs to nobody after the commit.
///
/// # Errors
/// There is no such customer or technician.
pub fn put(
    tx: &mut Tx<'_>,
    actor: &Actor,
    holder: CardHolder,
    stored: &StoredIdentityPhoto,
) -> Result<(IdentityPhoto, Option<String>)> {
    let event = holder_event(tx.conn(), holder)?;
    let before = table::find(tx.conn(), holder)?;
    if let Some((row, _)) = &before {
        table::delete(tx.conn(), row.id)?.or_conflict()?;
    }
    let row = NewIdentityPhoto {
        holder,
        file_name: &stored.file_name,
        width: stored.width,
        height: stored.height,
        uploaded_by: actor.user_id,
        uploaded_at: tx.now().naive_utc(),
    };
    table::insert(tx.conn(), &row)?.or_conflict()?;
    let replaced = before.as_ref().map(|(row, _)| row.file_name.clone());
    let before = before.map(to_identity_photo);
    let after = to_identity_photo(table::find(tx.conn(), holder)?.or_not_found()?);
    audit::record(tx, actor, audit_event(PhotoAction::Put, holder), before.as_ref(), Some(&after))?;
    tx.emit(event);
    Ok((after, replaced))
}

/// Notes that the actor looks at the photo, and gives the name of its file.
///
/// # Errors
/// There is none.
pub fn read(tx: &mut Tx<'_>, actor: &Actor, holder: CardHolder) -> Result<String> {
    let (row, _) = table::find(tx.conn(), holder)?.or_not_found()?;
    audit::record::<(), ()>(tx, actor, audit_event(PhotoAction::Read, holder), None, None)?;
    Ok(row.file_name)
}

/// Forgets the photo, and gives the name of its file: it belongs to nobody after the commit.
///
/// # Errors
/// There is none.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, holder: CardHolder) -> Result<String> {
    let event = holder_event(tx.conn(), holder)?;
    let (row, by) = table::find(tx.conn(), holder)?.or_not_found()?;
    table::delete(tx.conn(), row.id)?.or_conflict()?;
    let file_name = row.file_name.clone();
    let before = to_identity_photo((row, by));
    audit::record::<_, ()>(
        tx,
        actor,
        audit_event(PhotoAction::Remove, holder),
        Some(&before),
        None,
    )?;
    tx.emit(event);
    Ok(file_name)
}
