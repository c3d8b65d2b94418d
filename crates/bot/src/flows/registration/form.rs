//! What an applicant has told so far, and where the questions stand.

use serde::{Deserialize, Serialize};
use services::technician_registrations::ApplicantPhoto;
use shared::Coordinates;
use shared::technician::SkillKind;
use shared::technician_registration::TechnicianApplication;

/// One question. Its name goes into buttons, so it is short and stays as it is.
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
    /// Everything at a glance, before it is sent.
    #[serde(rename = "z")]
    Summary,
}

impl FormStep {
    /// Every question, in its order.
    pub const QUESTIONS: [FormStep; 5] =
        [FormStep::Name, FormStep::Phone, FormStep::Area, FormStep::Skills, FormStep::Photo];

    const fn next(self) -> Self {
        match self {
            FormStep::Name => FormStep::Phone,
            FormStep::Phone => FormStep::Area,
            FormStep::Area => FormStep::Skills,
            FormStep::Skills => FormStep::Photo,
            FormStep::Photo | FormStep::Summary => FormStep::Summary,
        }
    }

    const fn previous(self) -> Self {
        match self {
            FormStep::Name | FormStep::Phone => FormStep::Name,
            FormStep::Area => FormStep::Phone,
            FormStep::Skills => FormStep::Area,
            FormStep::Photo => FormStep::Skills,
            FormStep::Summary => FormStep::Photo,
        }
    }
}

/// A registration while it is being filled in.
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
    /// One answer is being corrected: after it the summary comes again.
    #[serde(default)]
    pub correcting: bool,
    /// The area is none of the list and is typed.
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
            correcting: false,
            typing_area: false,
        }
    }

    /// The answer is there: on to the next question, or back to the summary.
    pub fn advance(&mut self) {
        self.step = if self.correcting { FormStep::Summary } else { self.step.next() };
        self.correcting = false;
        self.typing_area = false;
    }

    /// One question back; from a correction to the summary.
    pub fn go_back(&mut self) {
        if self.typing_area {
            self.typing_area = false;
            return;
        }
        self.step = if self.correcting { FormStep::Summary } else { self.step.previous() };
        self.correcting = false;
    }

    /// One answer is to be given again.
    pub fn correct(&mut self, step: FormStep) {
        self.step = step;
        self.correcting = true;
        self.typing_area = false;
    }

    /// Ticks a skill, or takes its tick away.
    pub fn toggle_skill(&mut self, skill: SkillKind) {
        match self.skills.iter().position(|ticked| *ticked == skill) {
            Some(at) => {
                self.skills.remove(at);
            }
            None => self.skills.push(skill),
        }
        // In the order of the list, however they were ticked.
        self.skills.sort_by_key(|skill| SkillKind::ALL.iter().position(|known| known == skill));
    }

    /// What is sent; `None` while an answer is missing.
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
            form.toggle_skill(skill);
        }
        form.toggle_skill(SkillKind::Network);
        assert_eq!(form.skills, [SkillKind::Installation, SkillKind::Splicing]);
    }
}
