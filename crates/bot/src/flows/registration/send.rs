//! The form goes to the office.

use services::{Result, registrations};
use shared::PhoneNumber;
use shared::registration::RegistrationStatus;

use super::form::Form;
use super::{ask, hear};
use crate::answer::Answer;
use crate::here::Here;

/// Sends the form off.
///
/// # Errors
/// Registration is closed; the database fails.
pub fn send(here: Here<'_, '_>, form: &Form, message_id: i32) -> Result<Answer> {
    let Some(application) = form.application() else {
        return Ok(Answer::toast("Masih ada yang kosong. Tekan Perbaiki."));
    };
    let known = registrations::of_chat(here.tx.conn(), here.chat)?;
    if known.is_some_and(|one| one.status == RegistrationStatus::Pending) {
        return Ok(Answer::toast("Pendaftaran Anda sudah dikirim.").end());
    }
    // Somebody may have got this number since it was told.
    if let Ok(phone) = PhoneNumber::parse(&application.phone)
        && registrations::check_phone(here.tx.conn(), &phone).is_err()
    {
        return Ok(Answer::text(hear::KNOWN_PHONE));
    }
    registrations::submit(here.tx, here.chat, &here.from.name, &application, form.photo.as_ref())?;
    let text = format!(
        "📨 Pendaftaran terkirim.\n{}\n\nKantor akan memeriksanya. Jawabannya datang di chat ini.",
        ask::told(form)
    );
    Ok(Answer::edit(message_id, text, Vec::new()).saying("Terkirim.").end())
}
