//! Somebody wants to become a technician, and somebody decides.

mod answers;
mod form;
mod questions;
mod review;
mod submit;

pub use form::{ApplicationForm, FormStep};
pub use review::{application_view, decision_view};

use serde::{Deserialize, Serialize};
use services::{Result, technician_registrations};
use shared::RegistrationId;
use shared::technician::SkillKind;
use shared::technician_registration::RegistrationStatus;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::format;
use crate::html::escape;
use crate::response::BotResponse;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationDialogue {
    /// The form is being filled in.
    Applying(ApplicationForm),
    /// Why somebody is turned down; `message_id` is the card that asked for it.
    Rejecting { id: RegistrationId, message_id: i32 },
}

impl RegistrationDialogue {
    /// Whether a picture is what this step waits for.
    pub const fn wants_photo(&self) -> bool {
        matches!(
            self,
            RegistrationDialogue::Applying(ApplicationForm { step: FormStep::Photo, .. })
        )
    }

    /// The file of a photo that nobody has sent off yet.
    pub fn photo_file(&self) -> Option<String> {
        match self {
            RegistrationDialogue::Applying(form) => {
                form.photo.as_ref().map(|it| it.file_name.clone())
            }
            RegistrationDialogue::Rejecting { .. } => None,
        }
    }
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegistrationCallback {
    #[serde(rename = "b")]
    Back(FormStep),
    /// Ticks a skill.
    #[serde(rename = "s")]
    Skill(SkillKind),
    #[serde(rename = "n")]
    Next(FormStep),
    #[serde(rename = "o")]
    Submit,
    /// Something is wrong in the summary.
    #[serde(rename = "c")]
    Correct,
    /// This is wrong.
    #[serde(rename = "f")]
    CorrectField(FormStep),
    /// Nothing is wrong after all.
    #[serde(rename = "k")]
    Keep,
    /// The office lets somebody in.
    #[serde(rename = "y")]
    Approve(RegistrationId),
    /// The office turns somebody down: why?
    #[serde(rename = "x")]
    Reject(RegistrationId),
    /// For the reason with this number.
    #[serde(rename = "w")]
    RejectReady(RegistrationId, usize),
    /// For a reason that is typed.
    #[serde(rename = "t")]
    RejectCustom(RegistrationId),
    /// Shows the card as it stands.
    #[serde(rename = "r")]
    Show(RegistrationId),
}

impl RegistrationCallback {
    /// Whether a first password has to be made for it.
    pub const fn needs_password(&self) -> bool {
        matches!(self, RegistrationCallback::Approve(_))
    }
}

const STALE_BUTTON: &str = "Tombol ini sudah tidak berlaku.";

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_callback(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: RegistrationCallback,
) -> Result<BotResponse> {
    use RegistrationCallback as P;
    match press {
        P::Approve(id) => return review::approve(here, message_id, id),
        P::Reject(id) => return review::ask_reason(here, message_id, id),
        P::RejectReady(id, reason) => {
            return review::reject_with_ready_reason(here, message_id, id, reason);
        }
        P::RejectCustom(id) => return review::ask_custom_reason(here, message_id, id),
        P::Show(id) => return review::show(here, message_id, id),
        _ => {}
    }
    let Some(Dialogue::Registration(RegistrationDialogue::Applying(form))) = dialogue else {
        return Ok(BotResponse::toast(STALE_BUTTON));
    };
    match (press, form.step) {
        (P::Back(at), step) if at == step => {
            let told = questions::answer_line(form, step);
            Ok(BotResponse::edit(message_id, told, Vec::new())
                .then(answers::previous_question(here, form)?))
        }
        (P::Skill(skill), FormStep::Skills) => Ok(toggle_skill(here, form, message_id, skill)),
        (P::Next(FormStep::Skills), FormStep::Skills) if form.skills.is_empty() => {
            Ok(BotResponse::toast("Tandai paling sedikit satu keahlian."))
        }
        (P::Next(at), step) if at == step => next_question(here, form, message_id),
        (P::Submit, FormStep::Summary) => submit::submit(here, form, message_id),
        (P::Correct, FormStep::Summary) => Ok(BotResponse::edit_view(
            message_id,
            questions::corrections_view(here.view_ctx(), form),
        )),
        (P::Keep, FormStep::Summary) => {
            Ok(BotResponse::edit_view(message_id, questions::summary_again(here.view_ctx(), form)))
        }
        (P::CorrectField(field), FormStep::Summary) => {
            correct_answer(here, form, message_id, field)
        }
        _ => Ok(BotResponse::toast(STALE_BUTTON)),
    }
}

fn toggle_skill(
    here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
    skill: SkillKind,
) -> BotResponse {
    let mut form = form.clone();
    form.toggle_skill(skill);
    BotResponse::edit_view(message_id, questions::skills_view(here.view_ctx(), &form))
        .with_dialogue(Dialogue::Registration(RegistrationDialogue::Applying(form)))
}

/// The pressed message keeps what was told, without buttons.
fn next_question(
    mut here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
) -> Result<BotResponse> {
    let mut form = form.clone();
    let receipt = format!("👍 {}", questions::answer_line(&form, form.step));
    form.advance();
    Ok(BotResponse::edit(message_id, receipt, Vec::new())
        .then(questions::ask_question(&mut here, form)?))
}

fn correct_answer(
    mut here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
    field: FormStep,
) -> Result<BotResponse> {
    let mut form = form.clone();
    let told = questions::form_summary(&form);
    form.correct(field);
    Ok(BotResponse::edit(message_id, told, Vec::new())
        .then(questions::ask_question(&mut here, form)?))
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    state: &RegistrationDialogue,
    input: &Input,
) -> Result<BotResponse> {
    match state {
        RegistrationDialogue::Applying(form) => answers::handle_answer(here, form, input),
        RegistrationDialogue::Rejecting { id, message_id } => {
            review::handle_reason_text(here, *id, *message_id, input)
        }
    }
}

/// Begins, or goes on where it was left.
///
/// # Errors
/// Registration is closed; the database fails.
pub fn start(mut here: UpdateContext<'_, '_>, dialogue: Option<&Dialogue>) -> Result<BotResponse> {
    if let Some(Dialogue::Registration(RegistrationDialogue::Applying(form))) = dialogue {
        let asked = questions::ask_question(&mut here, form.clone())?;
        return Ok(BotResponse::text("Kita lanjutkan pendaftaran Anda.").then(asked));
    }
    let known = technician_registrations::newest_of_chat(here.tx.conn(), here.chat)?;
    if let Some(waiting) = known.filter(|one| one.status == RegistrationStatus::Pending) {
        let screen = here.view_ctx();
        let since = format::date_time(waiting.created_at, screen.now, screen.zone());
        return Ok(BotResponse::text(format!(
            "⏳ Pendaftaran Anda ({}) masih diperiksa kantor. Jawabannya datang di chat ini.",
            escape(&since)
        )));
    }
    technician_registrations::check_open(here.tx.conn())?;
    let asked = questions::ask_question(&mut here, ApplicationForm::new())?;
    Ok(BotResponse::text(WELCOME).then(asked))
}

const WELCOME: &str = "👋 Selamat datang! Di sini Anda bisa mendaftar sebagai teknisi. \
    Ada lima pertanyaan pendek. /cancel membatalkan kapan saja.";
