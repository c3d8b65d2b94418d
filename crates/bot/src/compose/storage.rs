//! What those who run the operation hear of the server's storage.

use services::storage_alerts::StoragePlace;
use shared::StorageFault;

use crate::cards::Card;

/// Changes are refused until somebody has acted.
pub fn trouble(place: StoragePlace, fault: StorageFault) -> Card {
    let what = match fault {
        StorageFault::Full => "penuh. Perubahan baru ditolak; melihat data masih bisa",
        StorageFault::ReadOnly => "hanya bisa dibaca. Perubahan baru ditolak",
        StorageFault::Missing => "hilang atau tidak terpasang. Perubahan baru ditolak",
        StorageFault::Damaged => "rusak. Pulihkan dari cadangan",
        StorageFault::Failing => "melaporkan kesalahan. Perubahan baru ditolak",
        StorageFault::Locked | StorageFault::Unreachable => "tidak menjawab",
    };
    let text = format!("🛑 Penyimpanan {} {what}. Periksa server sekarang.", name(place));
    Card { text, buttons: Vec::new() }
}

/// Everything can be saved again.
pub fn recovered(place: StoragePlace) -> Card {
    let text = format!("✅ Penyimpanan {} sudah normal lagi.", name(place));
    Card { text, buttons: Vec::new() }
}

fn name(place: StoragePlace) -> &'static str {
    match place {
        StoragePlace::Database => "data",
        StoragePlace::Photos => "foto",
    }
}
