//! Kinds of entities that the audit refers to.

use crate::Lang;

macro_rules! audit_entities {
    ($($variant:ident, $text:tt, $en:literal, $id:literal;)+) => {
        crate::text_enum! {
            /// A kind of entity that the audit refers to. Entries of former versions may hold other
            /// codes.
            AuditEntity { $($variant => $text),+ }
        }

        impl AuditEntity {
            /// Display name of the kind of entity.
            pub const fn label(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((AuditEntity::$variant, Lang::En) => $en,
                    (AuditEntity::$variant, Lang::Id) => $id),+
                }
            }
        }
    };
}

audit_entities! {
    Job, "job", "Job", "Pekerjaan";
    Customer, "customer", "Customer", "Pelanggan";
    Technician, "technician", "Technician", "Teknisi";
    TechnicianRegistration, "technician_registration", "Technician registration", "Pendaftaran teknisi";
    Item, "item", "Item", "Barang";
    Movement, "movement", "Movement", "Mutasi";
    BagReturn, "bag_return", "Return from a bag", "Pengembalian barang";
    Unit, "unit", "Unit", "Unit";
    Location, "location", "Location", "Lokasi";
    Photo, "photo", "Photo", "Foto";
    Plan, "plan", "Plan", "Paket";
    User, "user", "User", "Pengguna";
    Session, "session", "Device", "Perangkat";
    ApiKey, "api_key", "API key", "Kunci API";
    Notification, "notification", "Notification", "Notifikasi";
    Settings, "settings", "Settings", "Pengaturan";
    Keys, "keys", "Encryption keys", "Kunci enkripsi";
    System, "system", "System", "Sistem";
}
