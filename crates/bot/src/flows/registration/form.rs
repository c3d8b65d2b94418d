//! Answers of an application while it is being filled in.

use serde::{Deserialize, Serialize};
use services::technician_registrations::ApplicantPhoto;
use shared::Coordinates;
use shared::technician::SkillKind;
use shared::technician_registration::TechnicianApplication;

use crate::callback_data::registration::FormStep;

/// An application while it is being filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationForm {
    pub step: FormStep,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub area: Option<String>,
    /// Latitude and longitude.
    pub place: Option<(f64, f64)>,
    pub skills: Vec<SkillKind>,
    pub photo: Option<ApplicantPhoto>,
    /// The album that the photo came with: one photo is enough, so the others of it are ignored.
    #[serde(default)]
    pub photo_album: Option<String>,
    /// One answer is being corrected; the summary follows it.
    #[serde(default)]
    pub correcting: bool,
    /// The area is not in the list and is typed.
    #[serde(default)]
    pub typing_area: bool,
}

impl ApplicationForm {
    /// An empty form at the first question.
    pub const fn new() -> Self {
        Self {
            step: FormStep::Name,
            name: None,
            phone: None,
            area: None,
            place: None,
            skills: Vec::new(),
            photo: None,
            photo_album: None,
            correcting: false,
            typing_area: false,
        }
    }

    /// Moves on to the next question, or back to the summary after a correction.
    pub fn advance(&mut self) {
        self.step = if self.correcting { FormStep::Summary } else { self.step.next() };
        self.correcting = false;
        self.typing_area = false;
    }

    /// Moves back to the question before, or to the summary during a correction.
    pub fn go_back(&mut self) {
        if self.typing_area {
            self.typing_area = false;
            return;
        }
        self.step = if self.correcting { FormStep::Summary } else { self.step.previous() };
        self.correcting = false;
    }

    /// Asks one question again.
    pub fn correct(&mut self, step: FormStep) {
        self.step = step;
        self.correcting = true;
        self.typing_area = false;
    }

    /// Selects or deselects a skill.
    pub fn select_skill(&mut self, skill: SkillKind, selected: bool) {
        self.skills.retain(|known| *known != skill);
        if selected {
            self.skills.push(skill);
        }
        // In the order of the list, in whatever order they were selected.
        self.skills.sort_by_key(|skill| SkillKind::ALL.iter().position(|known| known == skill));
    }

    /// The application to submit; `None` while an answer is missing.
    pub fn application(&self) -> Option<TechnicianApplication> {
        let place =
            self.place.and_then(|(latitude, longitude)| Coordinates::new(latitude, longitude));
        if (self.area.is_none() && place.is_none()) || self.skills.is_empty() {
            return None;
        }
        Some(TechnicianApplication {
            name: self.name.clone()?,
            phone: self.phone.clone()?,
            area: self.area.clone(),
            place,
            skills: self.skills.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_can_be_walked_forwards_and_backwards() {
        let mut form = ApplicationForm::new();
        for step in FormStep::QUESTIONS {
            assert_eq!(form.step, step);
            form.advance();
        }
        assert_eq!(form.step, FormStep::Summary);
        for step in FormStep::QUESTIONS.iter().rev() {
            form.go_back();
            assert_eq!(form.step, *step);
        }
        form.go_back();
        assert_eq!(form.step, FormStep::Name);
    }

    #[test]
    fn a_correction_returns_to_the_summary() {
        let mut form = ApplicationForm::new();
        form.correct(FormStep::Phone);
        form.advance();
        assert_eq!((form.step, form.correcting), (FormStep::Summary, false));
        form.correct(FormStep::Area);
        form.typing_area = true;
        form.go_back();
        assert_eq!((form.step, form.correcting), (FormStep::Area, true));
        form.go_back();
        assert_eq!((form.step, form.correcting), (FormStep::Summary, false));
    }

    #[test]
    fn skills_stay_in_the_order_of_the_list() {
        let mut form = ApplicationForm::new();
        for skill in [SkillKind::Splicing, SkillKind::Installation, SkillKind::Network] {
            form.select_skill(skill, true);
            form.select_skill(skill, true);
        }
        form.select_skill(SkillKind::Network, false);
        assert_eq!(form.skills, [SkillKind::Installation, SkillKind::Splicing]);
    }
}
