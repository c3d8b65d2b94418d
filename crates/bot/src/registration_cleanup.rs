//! Clean-up of applications that were begun and never sent.

use services::photos::PhotoStore;
use services::technician_registrations::ABANDONED_RETENTION;
use services::{Conn, Db, Error, Tx, telegram_dialogues};
use shared::ChatId;

use crate::dialogue::{Dialogue, parse};

/// Dialogues that are read at once.
const BATCH_SIZE: i64 = 100;

/// Deletes applications that nobody has continued for [`ABANDONED_RETENTION`], with their photos.
pub async fn delete_abandoned_registrations(db: &Db, photos: &PhotoStore) -> Result<(), Error> {
    let before = db.clock().now() - ABANDONED_RETENTION;
    let mut after = ChatId(i64::MIN);
    loop {
        let read = move |conn: &mut Conn| {
            telegram_dialogues::unchanged_since(conn, before, after, BATCH_SIZE)
        };
        let old = db.read(read).await?;
        let Some((last, _)) = old.last() else { return Ok(()) };
        after = *last;
        for (chat, state) in old {
            delete_if_unchanged(db, photos, chat, state).await?;
        }
    }
}

/// Deletes the application of a chat unless the applicant has continued it meanwhile.
async fn delete_if_unchanged(
    db: &Db,
    photos: &PhotoStore,
    chat: ChatId,
    state: String,
) -> Result<(), Error> {
    let Ok(Dialogue::Registration(registration)) = parse(&state).map(|open| open.dialogue) else {
        return Ok(());
    };
    let clear = move |tx: &mut Tx<'_>| telegram_dialogues::delete_if_unchanged(tx, chat, &state);
    if db.write(clear).await?
        && let Some(file) = registration.photo_file()
    {
        photos.remove(&file);
    }
    Ok(())
}
