//! Submitting an application to the office.

use services::Result;
use services::technician_registrations::{self, Applicant};
use shared::PhoneNumber;
use shared::technician_registration::RegistrationStatus;

use super::form::ApplicationForm;
use super::questions::form_summary;
use crate::context::UpdateContext;
use crate::response::BotResponse;
use crate::texts::registration as texts;

/// A second press on the button, perhaps on another device.
pub fn submitted_before(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let known = technician_registrations::newest_of_chat(ctx.tx.conn(), ctx.chat)?;
    let pending = known.is_some_and(|known| known.status == RegistrationStatus::Pending);
    Ok(BotResponse::toast(match pending {
        true => texts::already_sent(ctx.lang),
        false => crate::texts::common::stale_button(ctx.lang),
    }))
}

/// Submits the application.
///
/// # Errors
/// `RegistrationClosed`.
pub fn submit(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
) -> Result<BotResponse> {
    let lang = ctx.lang;
    let Some(application) = form.application() else {
        return Ok(BotResponse::toast(texts::incomplete(lang)));
    };
    let known = technician_registrations::newest_of_chat(ctx.tx.conn(), ctx.chat)?;
    if known.is_some_and(|known| known.status == RegistrationStatus::Pending) {
        return Ok(BotResponse::toast(texts::already_sent(lang)).ending_dialogue());
    }
    // The number may have become a technician's since it was given.
    if let Ok(phone) = PhoneNumber::parse(&application.phone)
        && technician_registrations::check_phone(ctx.tx.conn(), &phone).is_err()
    {
        return Ok(BotResponse::text(texts::phone_known(lang)));
    }
    let applicant = Applicant {
        chat: ctx.chat,
        telegram_name: &ctx.sender.name,
        lang,
        replaced_reason: texts::replaced,
    };
    technician_registrations::submit(ctx.tx, &applicant, &application, form.photo.as_ref())?;
    let text = texts::sent(lang, form_summary(lang, form));
    let response = BotResponse::edit(message_id, text, Vec::new());
    let response = response.with_toast(texts::sent_toast(lang)).ending_dialogue();
    // The photo of an application that this one replaces.
    Ok(response.deciding_applicant_photos())
}
