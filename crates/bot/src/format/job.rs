//! Jobs, photos and skills.

use shared::job::{JobPriority, JobType};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::photo::PhotoKind;
use shared::technician::SkillKind;

/// The kind of work.
pub const fn job_type(of: JobType) -> &'static str {
    match of {
        JobType::Installation => "Pemasangan",
        JobType::Repair => "Gangguan",
    }
}

/// How urgent it is; nothing for what is as usual.
pub const fn priority(of: JobPriority) -> Option<&'static str> {
    match of {
        JobPriority::Urgent => Some("🔴 Mendesak"),
        JobPriority::High => Some("🟠 Tinggi"),
        JobPriority::Normal => None,
        JobPriority::Low => Some("Rendah"),
    }
}

/// Where a job stands.
pub const fn status(of: JobStatus) -> &'static str {
    match of {
        JobStatus::Open => "Terbuka",
        JobStatus::Assigned => "Ditugaskan ke Anda",
        JobStatus::Accepted => "Diterima",
        JobStatus::EnRoute => "Di jalan",
        JobStatus::InProgress => "Dikerjakan",
        JobStatus::OnHold => "Ditunda",
        JobStatus::Completed => "Selesai",
        JobStatus::Closed => "Ditutup",
        JobStatus::Cancelled => "Dibatalkan",
    }
}

/// The label of a technician's step; `None` for what only the office does. Giving a job back is
/// called otherwise once it was taken.
pub const fn action_label(of: JobAction, at: JobStatus) -> Option<&'static str> {
    match of {
        JobAction::Claim => Some("✅ Ambil"),
        JobAction::Accept => Some("✅ Terima"),
        JobAction::Decline if matches!(at, JobStatus::Assigned) => Some("Tolak"),
        JobAction::Decline => Some("Lepas"),
        JobAction::Depart => Some("🛵 Berangkat"),
        JobAction::Start => Some("🔧 Sampai & mulai"),
        JobAction::Hold => Some("⏸ Tunda"),
        JobAction::Resume => Some("▶️ Lanjut"),
        JobAction::Complete => Some("🏁 Selesai"),
        JobAction::Assign
        | JobAction::Unassign
        | JobAction::Verify
        | JobAction::Cancel
        | JobAction::Reopen => None,
    }
}

/// What a step that was just done is answered with.
pub const fn action_confirmation(of: JobAction) -> &'static str {
    match of {
        JobAction::Claim => "Pekerjaan ini milik Anda.",
        JobAction::Accept => "Diterima.",
        JobAction::Decline => "Dikembalikan ke kantor.",
        JobAction::Depart => "Hati-hati di jalan.",
        JobAction::Start => "Selamat bekerja.",
        JobAction::Hold => "Ditunda.",
        JobAction::Resume => "Dilanjutkan.",
        JobAction::Complete => "Selesai.",
        JobAction::Assign
        | JobAction::Unassign
        | JobAction::Verify
        | JobAction::Cancel
        | JobAction::Reopen => "Beres.",
    }
}

/// What a photo shows.
pub const fn photo_kind(of: PhotoKind) -> &'static str {
    match of {
        PhotoKind::Before => "Sebelum",
        PhotoKind::After => "Sesudah",
        PhotoKind::Device => "Perangkat",
        PhotoKind::Attenuation => "Redaman",
        PhotoKind::Speedtest => "Speedtest",
        PhotoKind::Signature => "Tanda tangan",
        PhotoKind::Other => "Lainnya",
    }
}

/// What a technician is good at.
pub const fn skill(of: SkillKind) -> &'static str {
    match of {
        SkillKind::Installation => "Pemasangan",
        SkillKind::Repair => "Perbaikan",
        SkillKind::Splicing => "Splicing",
        SkillKind::Wireless => "Wireless",
        SkillKind::Network => "Jaringan",
    }
}
