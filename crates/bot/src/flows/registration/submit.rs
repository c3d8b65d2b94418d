//! The form goes to the office.

use services::Result;
use services::technician_registrations::{self, Applicant};
use shared::technician_registration::RegistrationStatus;
use shared::{Lang, PhoneNumber};

use super::form::ApplicationForm;
use super::{answers, questions};
use crate::context::UpdateContext;
use crate::response::BotResponse;

/// Sends the form off.
///
/// # Errors
/// Registration is closed; the database fails.
pub fn submit(
    here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
) -> Result<BotResponse> {
    let Some(application) = form.application() else {
        return Ok(BotResponse::toast("Masih ada yang kosong. Tekan Perbaiki."));
    };
    let known = technician_registrations::newest_of_chat(here.tx.conn(), here.chat)?;
    if known.is_some_and(|one| one.status == RegistrationStatus::Pending) {
        return Ok(BotResponse::toast("Pendaftaran Anda sudah dikirim.").ending_dialogue());
    }
    // Somebody may have got this number since it was told.
    if let Ok(phone) = PhoneNumber::parse(&application.phone)
        && technician_registrations::check_phone(here.tx.conn(), &phone).is_err()
    {
        return Ok(BotResponse::text(answers::KNOWN_PHONE));
    }
    let applicant = Applicant { chat: here.chat, telegram_name: &here.sender.name, lang: Lang::Id };
    technician_registrations::submit(here.tx, &applicant, &application, form.photo.as_ref())?;
    let text = format!(
        "📨 Pendaftaran terkirim.\n{}\n\nKantor akan memeriksanya. Jawabannya datang di chat ini.",
        questions::form_summary(form)
    );
    Ok(BotResponse::edit(message_id, text, Vec::new()).with_toast("Terkirim.").ending_dialogue())
}
