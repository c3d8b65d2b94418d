//! Dialogue of an application to become a technician, and of its review.

use serde::{Deserialize, Serialize};
use shared::RegistrationId;

use super::form::ApplicationForm;
use crate::callback_data::registration::FormStep;

/// What the flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationDialogue {
    /// The application is being filled in.
    Applying(ApplicationForm),
    /// A typed reason for rejecting; `message_id` is the message that asked for it.
    Rejecting { id: RegistrationId, message_id: i32 },
}

impl RegistrationDialogue {
    /// Whether a photo is expected.
    pub const fn wants_photo(&self) -> bool {
        matches!(
            self,
            RegistrationDialogue::Applying(ApplicationForm { step: FormStep::Photo, .. })
        )
    }

    /// Whether a location is expected.
    pub const fn wants_location(&self) -> bool {
        matches!(self, RegistrationDialogue::Applying(ApplicationForm { step: FormStep::Area, .. }))
    }

    /// Whether both are the same application or the same review.
    pub fn is_same_flow(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Applying(_), Self::Applying(_)) => true,
            _ => self == other,
        }
    }

    /// Whether both ask the same.
    pub fn is_same_question(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Applying(one), Self::Applying(other)) => {
                (one.step, one.typing_area) == (other.step, other.typing_area)
            }
            _ => self == other,
        }
    }

    /// The file of a photo that has not been sent off yet.
    pub fn photo_file(&self) -> Option<String> {
        match self {
            RegistrationDialogue::Applying(form) => {
                form.photo.as_ref().map(|photo| photo.file_name.clone())
            }
            RegistrationDialogue::Rejecting { .. } => None,
        }
    }
}
