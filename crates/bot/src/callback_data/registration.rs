//! Callbacks of an application to become a technician, and of its review.

use serde::{Deserialize, Serialize};
use shared::RegistrationId;
use shared::technician::SkillKind;

/// Buttons of an application and of its review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegistrationCallback {
    /// Back from this question to the one before.
    #[serde(rename = "b")]
    Back(FormStep),
    /// Selects a skill, or deselects it: a second press of the same button changes nothing.
    #[serde(rename = "e")]
    Skill(SkillKind, bool),
    /// On from this question to the next one.
    #[serde(rename = "n")]
    Next(FormStep),
    #[serde(rename = "o")]
    Submit,
    /// Asks which answer is to be corrected.
    #[serde(rename = "c")]
    Correct,
    /// Asks this question again.
    #[serde(rename = "f")]
    CorrectField(FormStep),
    /// Corrects nothing.
    #[serde(rename = "k")]
    Keep,
    /// The office approves the application.
    #[serde(rename = "y")]
    Approve(RegistrationId),
    /// The office rejects the application; asks for the reason.
    #[serde(rename = "x")]
    Reject(RegistrationId),
    /// Rejects with the ready-made reason at this position.
    #[serde(rename = "w")]
    RejectReady(RegistrationId, usize),
    /// Rejects with a reason that will be typed.
    #[serde(rename = "t")]
    RejectCustom(RegistrationId),
    /// Shows the present state of the application.
    #[serde(rename = "r")]
    Show(RegistrationId),
}

impl RegistrationCallback {
    /// Whether an initial password has to be generated before the transaction.
    pub const fn needs_password(&self) -> bool {
        matches!(self, RegistrationCallback::Approve(_))
    }
}

/// A question of the application. Buttons hold its short name, which must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormStep {
    #[serde(rename = "n")]
    Name,
    #[serde(rename = "p")]
    Phone,
    #[serde(rename = "a")]
    Area,
    #[serde(rename = "s")]
    Skills,
    #[serde(rename = "f")]
    Photo,
    /// All answers, before they are sent.
    #[serde(rename = "z")]
    Summary,
}

impl FormStep {
    /// The questions in their order.
    pub const QUESTIONS: [FormStep; 5] =
        [FormStep::Name, FormStep::Phone, FormStep::Area, FormStep::Skills, FormStep::Photo];

    /// The step after this one.
    pub const fn next(self) -> Self {
        match self {
            FormStep::Name => FormStep::Phone,
            FormStep::Phone => FormStep::Area,
            FormStep::Area => FormStep::Skills,
            FormStep::Skills => FormStep::Photo,
            FormStep::Photo | FormStep::Summary => FormStep::Summary,
        }
    }

    /// The step before this one.
    pub const fn previous(self) -> Self {
        match self {
            FormStep::Name | FormStep::Phone => FormStep::Name,
            FormStep::Area => FormStep::Phone,
            FormStep::Skills => FormStep::Area,
            FormStep::Photo => FormStep::Skills,
            FormStep::Summary => FormStep::Photo,
        }
    }

    /// Whether the question is answered with the buttons that replace the keyboard.
    pub const fn uses_chat_keyboard(self) -> bool {
        matches!(self, FormStep::Name | FormStep::Phone | FormStep::Area)
    }
}
