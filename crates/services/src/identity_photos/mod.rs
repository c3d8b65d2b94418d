//! Photos of identity cards (KTP) of customers and technicians: sealed before they are written,
//! and every look at one is in the audit.

mod files;

pub use db::tables::identity_photos::Holder;
pub use files::{Resealed, StoredIdentityPhoto, keep, open, remove_if_left, reseal, store};

use db::tables::identity_photos::{self as table, IdentityPhotoRow, NewIdentityPhoto};
use db::tables::{customers, technicians};
use db::{Conn, DbError, Tx};
use shared::identity::IdentityPhoto;
use shared::live::{CustomerEvent, LiveEvent, TechnicianEvent};

use crate::Actor;
use crate::audit::{self, Deed};
use crate::error::{OrNotFound, Result};

fn photo((row, uploaded_by): (IdentityPhotoRow, String)) -> IdentityPhoto {
    IdentityPhoto {
        width: row.width,
        height: row.height,
        uploaded_by,
        uploaded_at: row.uploaded_at.and_utc(),
    }
}

/// What is done, by holder: the audit speaks of customers and technicians.
#[derive(Debug, Clone, Copy)]
enum Act {
    Put,
    Read,
    Remove,
}

fn deed(act: Act, holder: Holder) -> Deed {
    let (action, entity, entity_id) = match (holder, act) {
        (Holder::Customer(id), Act::Put) => ("customer.put_identity_photo", "customer", id.0),
        (Holder::Customer(id), Act::Read) => ("customer.read_identity_photo", "customer", id.0),
        (Holder::Customer(id), Act::Remove) => ("customer.remove_identity_photo", "customer", id.0),
        (Holder::Technician(id), Act::Put) => ("technician.put_identity_photo", "technician", id.0),
        (Holder::Technician(id), Act::Read) => {
            ("technician.read_identity_photo", "technician", id.0)
        }
        (Holder::Technician(id), Act::Remove) => {
            ("technician.remove_identity_photo", "technician", id.0)
        }
    };
    Deed { action, entity, entity_id }
}

/// Asked before a large upload is read: whether the holder is there.
///
/// # Errors
/// There is no such customer or technician.
pub fn check_holder(conn: &mut Conn, holder: Holder) -> Result<()> {
    changed(conn, holder).map(|_| ())
}

/// What pages are told: whoever shows the holder loads it again.
fn changed(conn: &mut Conn, holder: Holder) -> Result<LiveEvent> {
    Ok(match holder {
        Holder::Customer(id) => {
            let (row, ..) = customers::find(conn, id, None)?.or_not_found()?;
            LiveEvent::CustomerUpdated(CustomerEvent { id, version: row.version })
        }
        Holder::Technician(id) => {
            let (row, _) = technicians::find(conn, id)?.or_not_found()?;
            let (on_duty, active, version) = (row.on_duty, row.active, row.version);
            LiveEvent::TechnicianUpdated(TechnicianEvent { id, on_duty, active, version })
        }
    })
}

/// Takes a photo whose sealed file is already in the store. Also gives the name of the file that
/// it takes the place of: it belongs to nobody after the commit.
///
/// # Errors
/// There is no such customer or technician.
pub fn put(
    tx: &mut Tx<'_>,
    actor: &Actor,
    holder: Holder,
    stored: &StoredIdentityPhoto,
) -> Result<(IdentityPhoto, Option<String>)> {
    let event = changed(tx.conn(), holder)?;
    let before = table::find(tx.conn(), holder)?;
    if let Some((row, _)) = &before
        && !table::delete(tx.conn(), row.id)?
    {
        return Err(DbError::Conflict.into());
    }
    let row = NewIdentityPhoto {
        holder,
        file_name: &stored.file_name,
        width: stored.width,
        height: stored.height,
        uploaded_by: actor.user_id,
        uploaded_at: tx.now().naive_utc(),
    };
    table::insert(tx.conn(), &row)?;
    let replaced = before.as_ref().map(|(row, _)| row.file_name.clone());
    let before = before.map(photo);
    let after = photo(table::find(tx.conn(), holder)?.or_not_found()?);
    audit::record(tx, actor, deed(Act::Put, holder), before.as_ref(), Some(&after))?;
    tx.emit(event);
    Ok((after, replaced))
}

/// Notes that the actor looks at the photo, and gives the name of its file.
///
/// # Errors
/// There is none.
pub fn read(tx: &mut Tx<'_>, actor: &Actor, holder: Holder) -> Result<String> {
    let (row, _) = table::find(tx.conn(), holder)?.or_not_found()?;
    audit::record::<(), ()>(tx, actor, deed(Act::Read, holder), None, None)?;
    Ok(row.file_name)
}

/// Forgets the photo, and gives the name of its file: it belongs to nobody after the commit.
///
/// # Errors
/// There is none.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, holder: Holder) -> Result<String> {
    let event = changed(tx.conn(), holder)?;
    let (row, by) = table::find(tx.conn(), holder)?.or_not_found()?;
    if !table::delete(tx.conn(), row.id)? {
        return Err(DbError::Conflict.into());
    }
    let file_name = row.file_name.clone();
    let before = photo((row, by));
    audit::record::<_, ()>(tx, actor, deed(Act::Remove, holder), Some(&before), None)?;
    tx.emit(event);
    Ok(file_name)
}
