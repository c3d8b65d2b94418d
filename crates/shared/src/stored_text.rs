//! Texts that the system itself stores, usually in the language of the organisation
//! ([`Lang::ORGANISATION`]).

use crate::ids::BagReturnId;
use crate::{Lang, Localized};

/// Name of the system account in the audit and in timelines.
pub const SYSTEM_ACCOUNT: Localized = Localized { id: "Sistem", en: "System" };

/// Category of an imported item whose file names none.
pub const DEFAULT_ITEM_CATEGORY: Localized = Localized { id: "lainnya", en: "other" };

/// Reason of the receipt of an item's opening stock.
pub const OPENING_STOCK: Localized = Localized { id: "Stok awal", en: "Opening stock" };

/// Reason of the reversal of an opening stock.
pub const IMPORT_UNDONE: Localized = Localized { id: "Impor dibatalkan", en: "Import undone" };

/// User name of an applicant whose own name has no usable letters.
pub const DEFAULT_USERNAME: Localized = Localized { id: "teknisi", en: "technician" };

/// Name of a technician's bag.
pub fn bag_name(lang: Lang, technician: &str) -> String {
    let prefix = Localized { id: "Tas", en: "Bag" }.in_lang(lang);
    format!("{prefix} {technician}")
}

/// Reason of the movements that a confirmed bag return books.
pub fn bag_return_reason(lang: Lang, id: BagReturnId) -> String {
    let word = Localized { id: "Pengembalian", en: "Return" }.in_lang(lang);
    format!("{word} #{id}")
}
