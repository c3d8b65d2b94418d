//! Messages to administrators about the server's storage.

use services::storage_alerts::StorageLocation;
use shared::StorageFault;

use crate::views::MessageView;

/// Changes are refused until somebody has acted.
pub fn trouble(place: StorageLocation, fault: StorageFault) -> MessageView {
    let refused = match place {
        StorageLocation::Database => "Perubahan baru ditolak; data masih bisa dilihat",
        StorageLocation::Photos => "Foto baru tidak bisa disimpan",
    };
    let what = match fault {
        StorageFault::Full => format!("penuh. {refused}"),
        StorageFault::ReadOnly => format!("hanya bisa dibaca. {refused}"),
        StorageFault::Missing => format!("tidak ditemukan atau tidak terpasang. {refused}"),
        StorageFault::Damaged => "rusak. Pulihkan dari cadangan".to_owned(),
        StorageFault::Failing => format!("mengalami kesalahan baca/tulis. {refused}"),
        StorageFault::Locked | StorageFault::Busy | StorageFault::Unreachable => {
            "tidak merespons".to_owned()
        }
    };
    let text = format!("🛑 Penyimpanan {} {what}. Segera periksa server.", place_name(place));
    MessageView { text, buttons: Vec::new() }
}

/// Everything can be saved again.
pub fn recovered(place: StorageLocation) -> MessageView {
    let text = format!("✅ Penyimpanan {} sudah normal lagi.", place_name(place));
    MessageView { text, buttons: Vec::new() }
}

fn place_name(place: StorageLocation) -> &'static str {
    match place {
        StorageLocation::Database => "data",
        StorageLocation::Photos => "foto",
    }
}
