//! Indonesian texts of the demo.

use shared::job_state_machine::JobAction;

use super::timeline::JobPlan;

/// Customer complaint, description and repair report.
const REPAIR_TEXTS: [(&str, &str, &str); 8] = [
    (
        "Internet mati, lampu LOS merah",
        "Lampu LOS di modem merah sejak pagi.",
        "Kabel dropcore putus tertimpa dahan di dekat tiang. Disambung ulang, redaman normal.",
    ),
    (
        "Internet lambat pada malam hari",
        "Kecepatan jauh di bawah paket, terutama setelah pukul 19.",
        "Konektor di roset kotor. Dibersihkan dan diganti, hasil speedtest sesuai paket.",
    ),
    (
        "Sering putus-nyambung",
        "Koneksi hilang beberapa menit lalu kembali lagi.",
        "Fast connector longgar. Diganti dua sisi, koneksi stabil selama 30 menit pengujian.",
    ),
    (
        "WiFi tidak sampai kamar belakang",
        "Sinyal WiFi lemah di lantai dua.",
        "Modem dipindah ke ruang tengah dan kanal WiFi diatur ulang. Sinyal merata.",
    ),
    (
        "Modem tidak menyala",
        "Semua lampu modem mati.",
        "Adaptor rusak. Diganti baru, modem menyala normal.",
    ),
    (
        "Tidak bisa membuka beberapa situs",
        "Media sosial lancar, situs bank tidak bisa.",
        "DNS di modem salah. Dikembalikan ke bawaan, semua situs terbuka.",
    ),
    (
        "Kabel putus tertabrak kendaraan",
        "Kabel menjuntai di jalan depan rumah.",
        "Tarik ulang kabel dropcore dari ODP ke rumah, klem dipasang lebih tinggi.",
    ),
    (
        "Redaman tinggi",
        "Dilaporkan dari pemantauan: redaman di bawah -27 dBm.",
        "Patchcord tertekuk di belakang lemari. Diganti dan dirapikan.",
    ),
];

/// Title, description and report of a repair.
pub fn repair_texts(job: &JobPlan) -> (&'static str, &'static str, &'static str) {
    REPAIR_TEXTS[job.fault % REPAIR_TEXTS.len()]
}

const HOLD_REASONS: [&str; 4] = [
    "Pelanggan tidak di rumah, minta dijadwalkan ulang",
    "Menunggu izin RT untuk menarik kabel",
    "ODP penuh, menunggu port baru",
    "Hujan deras, tiang tidak aman dipanjat",
];

const CANCEL_REASONS: [&str; 3] = [
    "Pelanggan membatalkan",
    "Sudah normal kembali setelah modem dinyalakan ulang",
    "Laporan ganda",
];

const DECLINE_REASONS: [&str; 2] = ["Masih di pekerjaan lain di Sewon", "Motor mogok"];

/// Reason given for an action.
pub fn reason(job: &JobPlan, action: JobAction) -> Option<String> {
    let texts: &[&str] = match action {
        JobAction::Hold => &HOLD_REASONS,
        JobAction::Cancel => &CANCEL_REASONS,
        JobAction::Decline => &DECLINE_REASONS,
        _ => return None,
    };
    Some(texts[job.fault % texts.len()].to_owned())
}
