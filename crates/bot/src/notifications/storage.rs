//! Messages to administrators about the server's storage.

use services::storage_alerts::StoragePlace;
use shared::StorageFault;

use crate::views::MessageView;

/// Changes are refused until somebody has acted.
pub fn trouble(place: StoragePlace, fault: StorageFault) -> MessageView {
    let refused = match place {
        StoragePlace::Database => "Perubahan baru ditolak; data masih bisa dilihat",
        StoragePlace::Photos => "Foto baru tidak bisa disimpan",
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
pub fn recovered(place: StoragePlace) -> MessageView {
    let text = format!("✅ Penyimpanan {} sudah normal lagi.", place_name(place));
    MessageView { text, buttons: Vec::new() }
}

fn place_name(place: StoragePlace) -> &'static str {
    match place {
        StoragePlace::Database => "data",
        StoragePlace::Photos => "foto",
    }
}
