//! The typed completion of a job, kept in the tab until it is sent: a photo may be missing, a call may come in between.

use serde::{Deserialize, Serialize};
use shared::JobId;

use super::used_materials::MaterialDraft;
use crate::browser::storage::tab;
use crate::core::session;

/// What a person has typed so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompletionDraft {
    pub report: String,
    pub ont_serial_number: String,
    pub attenuation: String,
    pub returned_serial_number: String,
    pub returned_condition: String,
    pub materials: Vec<MaterialDraft>,
}

impl CompletionDraft {
    /// Returns the draft of the signed-in person.
    pub fn load(job: JobId) -> Option<Self> {
        serde_json::from_str(&tab::read(&key(job)?)?).ok()
    }

    /// Keeps the draft.
    pub fn save(&self, job: JobId) {
        if let (Some(key), Ok(text)) = (key(job), serde_json::to_string(self)) {
            tab::write(&key, &text);
        }
    }

    /// Removes the draft of a completion that has been sent.
    pub fn remove(job: JobId) {
        if let Some(key) = key(job) {
            tab::remove(&key);
        }
    }
}

/// Another person at the same screen has drafts of their own.
fn key(job: JobId) -> Option<String> {
    session::user().map(|user| format!("isp-completion-{}-{job}", user.id))
}
