//! Notices to administrators about the server's storage.

use services::storage_alerts::StorageLocation;
use shared::{Lang, StorageFault};

use crate::message_view::MessageView;
use crate::texts::storage as texts;

/// The storage fails, so changes are refused until somebody repairs it.
pub fn fault(lang: Lang, place: StorageLocation, fault: StorageFault) -> MessageView {
    let consequence = match place {
        StorageLocation::Database => texts::changes_refused(lang),
        StorageLocation::Photos => texts::photos_refused(lang),
    };
    let fault = match fault {
        StorageFault::Full => texts::full(lang, consequence),
        StorageFault::ReadOnly => texts::read_only(lang, consequence),
        StorageFault::Missing => texts::missing(lang, consequence),
        StorageFault::Damaged => texts::damaged(lang).to_owned(),
        StorageFault::Failing => texts::failing(lang, consequence),
        StorageFault::Locked | StorageFault::Busy | StorageFault::Unreachable => {
            texts::unresponsive(lang).to_owned()
        }
    };
    MessageView::text(texts::fault(lang, place_name(lang, place), fault))
}

/// The storage works again.
pub fn recovered(lang: Lang, place: StorageLocation) -> MessageView {
    MessageView::text(texts::recovered(lang, place_name(lang, place)))
}

const fn place_name(lang: Lang, place: StorageLocation) -> &'static str {
    match place {
        StorageLocation::Database => texts::data(lang),
        StorageLocation::Photos => texts::photos(lang),
    }
}
