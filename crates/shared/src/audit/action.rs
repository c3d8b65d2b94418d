//! Audited actions with their stored code, entity and label.

use super::AuditEntity;
use crate::Lang;

macro_rules! audit_actions {
    ($($variant:ident, $text:tt, $entity:ident, $en:literal, $id:literal;)+) => {
        crate::text_enum! {
            /// An audited action. Entries of former versions may hold other codes.
            AuditAction { $($variant => $text),+ }
        }

        impl AuditAction {
            /// The kind of entity that the action changes or reads.
            pub const fn entity(self) -> AuditEntity {
                match self { $(AuditAction::$variant => AuditEntity::$entity),+ }
            }

            /// Display name of the action.
            pub const fn label(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((AuditAction::$variant, Lang::En) => $en,
                    (AuditAction::$variant, Lang::Id) => $id),+
                }
            }
        }
    };
}

audit_actions! {
    JobCreate, "job.create", Job, "Job created", "Pekerjaan dibuat";
    JobUpdate, "job.update", Job, "Job changed", "Pekerjaan diubah";
    JobAssign, "job.assign", Job, "Job assigned", "Pekerjaan ditugaskan";
    JobUnassign, "job.unassign", Job, "Technician unassigned", "Teknisi dilepas";
    JobClaim, "job.claim", Job, "Job claimed", "Pekerjaan diambil";
    JobAccept, "job.accept", Job, "Job accepted", "Pekerjaan diterima";
    JobDecline, "job.decline", Job, "Job declined", "Pekerjaan ditolak";
    JobDepart, "job.depart", Job, "Departed", "Berangkat";
    JobStart, "job.start", Job, "Work started", "Mulai dikerjakan";
    JobHold, "job.hold", Job, "Job put on hold", "Pekerjaan ditunda";
    JobResume, "job.resume", Job, "Job resumed", "Pekerjaan dilanjutkan";
    JobComplete, "job.complete", Job, "Job completed", "Pekerjaan diselesaikan";
    JobVerify, "job.verify", Job, "Job verified", "Pekerjaan diverifikasi";
    JobCancel, "job.cancel", Job, "Job cancelled", "Pekerjaan dibatalkan";
    JobReopen, "job.reopen", Job, "Job reopened", "Pekerjaan dibuka kembali";
    PhotoAdd, "photo.add", Photo, "Photo added", "Foto ditambahkan";
    CustomerCreate, "customer.create", Customer, "Customer created", "Pelanggan dibuat";
    CustomerUpdate, "customer.update", Customer, "Customer changed", "Pelanggan diubah";
    CustomerImport, "customer.import", Customer, "Customers imported", "Pelanggan diimpor";
    CustomerImportUndo, "customer.import_undo", Customer, "Import of customers undone", "Impor pelanggan dibatalkan";
    CustomerDelete, "customer.delete", Customer, "Customer deleted", "Pelanggan dihapus";
    CustomerReadNik, "customer.read_nik", Customer, "NIK viewed", "NIK dilihat";
    CustomerPutIdentityPhoto, "customer.put_identity_photo", Customer, "Identity photo stored", "Foto KTP disimpan";
    CustomerReadIdentityPhoto, "customer.read_identity_photo", Customer, "Identity photo viewed", "Foto KTP dilihat";
    CustomerRemoveIdentityPhoto, "customer.remove_identity_photo", Customer, "Identity photo removed", "Foto KTP dihapus";
    PlanCreate, "plan.create", Plan, "Plan created", "Paket dibuat";
    PlanUpdate, "plan.update", Plan, "Plan changed", "Paket diubah";
    TechnicianCreate, "technician.create", Technician, "Technician created", "Teknisi dibuat";
    TechnicianUpdate, "technician.update", Technician, "Technician changed", "Teknisi diubah";
    TechnicianDuty, "technician.duty", Technician, "Went on or off duty", "Mulai atau selesai dinas";
    TechnicianPutIdentityPhoto, "technician.put_identity_photo", Technician, "Identity photo stored", "Foto KTP disimpan";
    TechnicianReadIdentityPhoto, "technician.read_identity_photo", Technician, "Identity photo viewed", "Foto KTP dilihat";
    TechnicianRemoveIdentityPhoto, "technician.remove_identity_photo", Technician, "Identity photo removed", "Foto KTP dihapus";
    ItemCreate, "item.create", Item, "Item created", "Barang dibuat";
    ItemUpdate, "item.update", Item, "Item changed", "Barang diubah";
    ItemImport, "item.import", Item, "Items imported", "Barang diimpor";
    ItemImportUndo, "item.import_undo", Item, "Import of items undone", "Impor barang dibatalkan";
    ItemDelete, "item.delete", Item, "Item deleted", "Barang dihapus";
    InventoryReceipt, "inventory.receipt", Movement, "Goods received", "Barang diterima";
    InventoryIssue, "inventory.issue", Movement, "Goods issued", "Barang dikeluarkan";
    InventoryReturn, "inventory.return", Movement, "Goods returned", "Barang dikembalikan";
    InventoryTransfer, "inventory.transfer", Movement, "Goods transferred", "Barang dipindahkan";
    InventoryUsage, "inventory.usage", Movement, "Goods used", "Barang dipakai";
    InventoryAdjustment, "inventory.adjustment", Movement, "Stock adjusted", "Stok dikoreksi";
    InventoryReversal, "inventory.reversal", Movement, "Movement reversed", "Mutasi dibalik";
    BagReturnRequest, "bag_return.request", BagReturn, "Return requested", "Pengembalian diajukan";
    BagReturnConfirm, "bag_return.confirm", BagReturn, "Return confirmed", "Pengembalian diterima gudang";
    BagReturnReject, "bag_return.reject", BagReturn, "Return rejected", "Pengembalian ditolak gudang";
    BagReturnWithdraw, "bag_return.withdraw", BagReturn, "Return withdrawn", "Pengembalian dibatalkan teknisi";
    UnitIdentify, "unit.identify", Unit, "Serial number identified", "Nomor seri diketahui";
    LocationCreate, "location.create", Location, "Warehouse created", "Gudang dibuat";
    UserCreate, "user.create", User, "User account created", "Akun dibuat";
    UserUpdate, "user.update", User, "User account changed", "Akun diubah";
    UserRename, "user.rename", User, "Own name changed", "Nama sendiri diganti";
    UserRegister, "user.register", User, "Sign-up received", "Pendaftaran masuk";
    UserApprove, "user.approve", User, "Sign-up approved", "Pendaftaran disetujui";
    UserReject, "user.reject", User, "Sign-up rejected", "Pendaftaran ditolak";
    UserChangePassword, "user.change_password", User, "Own password changed", "Kata sandi sendiri diganti";
    UserResetPassword, "user.reset_password", User, "Password reset", "Kata sandi diatur ulang";
    UserRescue, "user.rescue", User, "User account recovered on the server", "Akun dipulihkan dari server";
    UserSecondFactorOn, "user.second_factor_on", User, "Two-step verification turned on", "Verifikasi dua langkah diaktifkan";
    UserSecondFactorOff, "user.second_factor_off", User, "Two-step verification turned off", "Verifikasi dua langkah dimatikan";
    UserSecondFactorReset, "user.second_factor_reset", User, "Two-step verification removed", "Verifikasi dua langkah dihapus";
    UserTelegramCode, "user.telegram_code", User, "Telegram code created", "Kode Telegram dibuat";
    UserLinkTelegram, "user.link_telegram", User, "Telegram linked", "Telegram dihubungkan";
    UserUnlinkTelegram, "user.unlink_telegram", User, "Telegram unlinked", "Telegram dilepas";
    TechnicianRegistrationSubmit, "technician_registration.submit", TechnicianRegistration, "Technician registration received", "Pendaftaran teknisi masuk";
    TechnicianRegistrationApprove, "technician_registration.approve", TechnicianRegistration, "Technician registration approved", "Pendaftaran teknisi disetujui";
    TechnicianRegistrationReject, "technician_registration.reject", TechnicianRegistration, "Technician registration rejected", "Pendaftaran teknisi ditolak";
    TechnicianRegistrationReadIdentityPhoto, "technician_registration.read_identity_photo", TechnicianRegistration, "Applicant's identity photo viewed", "Foto KTP pelamar dilihat";
    UserRecoveryCodes, "user.recovery_codes", User, "New recovery codes", "Kode pemulihan baru";
    SessionEnd, "session.end", Session, "Device signed out", "Perangkat dikeluarkan";
    SessionEndOthers, "session.end_others", User, "Other devices signed out", "Perangkat lain dikeluarkan";
    ApiKeyCreate, "api_key.create", ApiKey, "API key created", "Kunci API dibuat";
    ApiKeyRevoke, "api_key.revoke", ApiKey, "API key revoked", "Kunci API dicabut";
    NotificationRetry, "notification.retry", Notification, "Notification sent again", "Notifikasi dikirim ulang";
    SettingsUpdate, "settings.update", Settings, "Settings changed", "Pengaturan diubah";
    KeysRotate, "keys.rotate", Keys, "Encryption keys rotated", "Kunci enkripsi diganti";
    DemoFill, "demo.fill", System, "Demo data loaded", "Data contoh diisi";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_label_in_both_languages_and_a_code_that_parses() {
        for &action in AuditAction::ALL {
            assert_ne!(action.label(Lang::Id), action.label(Lang::En), "{action}");
            assert_eq!(action.as_str().parse(), Ok(action));
        }
    }
}
