//! The form goes to the office.

use services::{Result, technician_registrations};
use shared::PhoneNumber;
use shared::technician_registration::RegistrationStatus;

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
    technician_registrations::submit(
        here.tx,
        here.chat,
        &here.sender.name,
        &application,
        form.photo.as_ref(),
    )?;
    let text = format!(
        "📨 Pendaftaran terkirim.\n{}\n\nKantor akan memeriksanya. Jawabannya datang di chat ini.",
        questions::form_summary(form)
    );
    Ok(BotResponse::edit(message_id, text, Vec::new()).with_toast("Terkirim.").ending_dialogue())
}
