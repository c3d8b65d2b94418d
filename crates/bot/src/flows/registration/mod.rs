//! Somebody wants to become a technician, and somebody decides.

mod ask;
mod decide;
mod form;
mod hear;
mod send;

pub use decide::{card, decided};
pub use form::{Form, Step};

use serde::{Deserialize, Serialize};
use services::{Result, registrations};
use shared::RegistrationId;
use shared::registration::RegistrationStatus;
use shared::technician::SkillKind;

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::html::escape;
use crate::say;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// The form is being filled in.
    Applying(Form),
    /// Why somebody is turned down; `message_id` is the card that asked for it.
    Rejecting { id: RegistrationId, message_id: i32 },
}

impl Registration {
    /// Whether a picture is what this step waits for.
    pub const fn wants_photo(&self) -> bool {
        matches!(self, Registration::Applying(Form { step: Step::Photo, .. }))
    }

    /// The file of a photo that nobody has sent off yet.
    pub fn photo_file(&self) -> Option<String> {
        match self {
            Registration::Applying(form) => form.photo.as_ref().map(|it| it.file_name.clone()),
            Registration::Rejecting { .. } => None,
        }
    }
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegistrationPress {
    #[serde(rename = "b")]
    Back(Step),
    /// Ticks a skill.
    #[serde(rename = "s")]
    Skill(SkillKind),
    #[serde(rename = "n")]
    Next(Step),
    #[serde(rename = "o")]
    Send,
    /// Something is wrong in the summary.
    #[serde(rename = "c")]
    Correct,
    /// This is wrong.
    #[serde(rename = "f")]
    Field(Step),
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
    Because(RegistrationId, usize),
    /// For a reason that is typed.
    #[serde(rename = "t")]
    Other(RegistrationId),
    /// Shows the card as it stands.
    #[serde(rename = "r")]
    Show(RegistrationId),
}

impl RegistrationPress {
    /// Whether a first password has to be made for it.
    pub const fn needs_password(&self) -> bool {
        matches!(self, RegistrationPress::Approve(_))
    }
}

const STALE: &str = "Tombol ini sudah tidak berlaku.";

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    here: Here<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: RegistrationPress,
) -> Result<Answer> {
    use RegistrationPress as P;
    match press {
        P::Approve(id) => return decide::approve(here, message_id, id),
        P::Reject(id) => return decide::ask_why(here, message_id, id),
        P::Because(id, reason) => return decide::because(here, message_id, id, reason),
        P::Other(id) => return decide::ask_for_words(here, message_id, id),
        P::Show(id) => return decide::show(here, message_id, id),
        _ => {}
    }
    let Some(Dialogue::Registration(Registration::Applying(form))) = dialogue else {
        return Ok(Answer::toast(STALE));
    };
    match (press, form.step) {
        (P::Back(at), step) if at == step => {
            let told = ask::receipt(form, step);
            Ok(Answer::edit(message_id, told, Vec::new()).and(hear::back(here, form)?))
        }
        (P::Skill(skill), Step::Skills) => Ok(tick(here, form, message_id, skill)),
        (P::Next(Step::Skills), Step::Skills) if form.skills.is_empty() => {
            Ok(Answer::toast("Tandai paling sedikit satu keahlian."))
        }
        (P::Next(at), step) if at == step => next(here, form, message_id),
        (P::Send, Step::Summary) => send::send(here, form, message_id),
        (P::Correct, Step::Summary) => {
            Ok(Answer::redraw(message_id, ask::corrections(here.screen(), form)))
        }
        (P::Keep, Step::Summary) => {
            Ok(Answer::redraw(message_id, ask::summary_again(here.screen(), form)))
        }
        (P::Field(field), Step::Summary) => correct(here, form, message_id, field),
        _ => Ok(Answer::toast(STALE)),
    }
}

fn tick(here: Here<'_, '_>, form: &Form, message_id: i32, skill: SkillKind) -> Answer {
    let mut form = form.clone();
    form.toggle(skill);
    Answer::redraw(message_id, ask::skills(here.screen(), &form))
        .go(Dialogue::Registration(Registration::Applying(form)))
}

/// The pressed message keeps what was told, without buttons.
fn next(mut here: Here<'_, '_>, form: &Form, message_id: i32) -> Result<Answer> {
    let mut form = form.clone();
    let receipt = format!("👍 {}", ask::receipt(&form, form.step));
    form.advance();
    Ok(Answer::edit(message_id, receipt, Vec::new()).and(ask::ask(&mut here, form)?))
}

fn correct(mut here: Here<'_, '_>, form: &Form, message_id: i32, field: Step) -> Result<Answer> {
    let mut form = form.clone();
    let told = ask::told(&form);
    form.correct(field);
    Ok(Answer::edit(message_id, told, Vec::new()).and(ask::ask(&mut here, form)?))
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(here: Here<'_, '_>, state: &Registration, input: &Input) -> Result<Answer> {
    match state {
        Registration::Applying(form) => hear::hear(here, form, input),
        Registration::Rejecting { id, message_id } => decide::words(here, *id, *message_id, input),
    }
}

/// Begins, or goes on where it was left.
///
/// # Errors
/// Registration is closed; the database fails.
pub fn start(mut here: Here<'_, '_>, dialogue: Option<&Dialogue>) -> Result<Answer> {
    if let Some(Dialogue::Registration(Registration::Applying(form))) = dialogue {
        let asked = ask::ask(&mut here, form.clone())?;
        return Ok(Answer::text("Kita lanjutkan pendaftaran Anda.").and(asked));
    }
    let known = registrations::of_chat(here.tx.conn(), here.chat)?;
    if let Some(waiting) = known.filter(|one| one.status == RegistrationStatus::Pending) {
        let screen = here.screen();
        let since = say::moment(waiting.created_at, screen.now, screen.zone());
        return Ok(Answer::text(format!(
            "⏳ Pendaftaran Anda ({}) masih diperiksa kantor. Jawabannya datang di chat ini.",
            escape(&since)
        )));
    }
    registrations::check_open(here.tx.conn())?;
    let asked = ask::ask(&mut here, Form::new())?;
    Ok(Answer::text(WELCOME).and(asked))
}

const WELCOME: &str = "👋 Selamat datang! Di sini Anda bisa mendaftar sebagai teknisi. \
    Ada lima pertanyaan pendek. /cancel membatalkan kapan saja.";
