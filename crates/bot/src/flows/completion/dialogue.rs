//! Dialogue of the completion report.

use serde::{Deserialize, Serialize};

use super::draft::ReportDraft;
use crate::incoming_update::RemoteFile;

/// What the flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum CompletionDialogue {
    /// The report of one job is being filled in.
    Filling(ReportDraft),
    /// Photos came without a job; the technician is asked for it.
    Loose(UnassignedPhotos),
}

/// Photos that stay at Telegram until their job is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnassignedPhotos {
    pub files: Vec<RemoteFile>,
    /// The update whose response asks for the job.
    pub asked_by: i64,
}

impl CompletionDialogue {
    /// Whether a photo is expected.
    pub const fn wants_photo(&self) -> bool {
        matches!(self, CompletionDialogue::Filling(_))
    }

    /// Whether barcodes on photos are read: a serial number is wanted and not given yet.
    pub const fn scans_barcodes(&self) -> bool {
        matches!(self, CompletionDialogue::Filling(draft)
            if draft.reads_labels && draft.serial.is_none())
    }

    /// Whether both are the report of the same job.
    pub fn is_same_flow(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Filling(one), Self::Filling(other)) => one.job == other.job,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }

    /// Whether both ask for the same part.
    pub fn is_same_question(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Filling(one), Self::Filling(other)) => {
                (one.part, one.item) == (other.part, other.item)
            }
            _ => true,
        }
    }

    /// The photos that wait for their job.
    pub fn unassigned_files(&self) -> &[RemoteFile] {
        match self {
            CompletionDialogue::Filling(_) => &[],
            CompletionDialogue::Loose(photos) => &photos.files,
        }
    }
}
