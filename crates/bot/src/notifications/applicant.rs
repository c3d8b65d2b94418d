//! Notices about applications, to applicants and to those who decide.

use services::{Conn, Result, technician_registrations, telegram};
use shared::technician_registration::RegistrationStatus;
use shared::{Lang, Permission, RegistrationId};

use crate::flows::registration;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::texts::notices;
use crate::view_context::ViewContext;

/// A new application. If it was decided before the delivery there is nothing to tell, except in a
/// message that shows the application already.
pub fn registration_received(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: RegistrationId,
    replaces: Option<i32>,
) -> Result<Option<MessageView>> {
    let actor = telegram::actor_for_chat(conn, view_ctx.chat)?;
    let allowed = actor.filter(|actor| actor.permissions.allows(Permission::TechniciansManage));
    let Some(actor) = allowed else { return Ok(None) };
    let application = technician_registrations::get(conn, &actor, id)?;
    Ok(match (application.status, replaces) {
        (RegistrationStatus::Pending, _) => {
            Some(registration::application_view(view_ctx, &application))
        }
        (_, Some(_)) => Some(registration::decision_view(conn, view_ctx.lang, &application)?),
        (_, None) => None,
    })
}

/// The application was approved: address, user name and initial password.
pub fn registration_approved(
    view_ctx: ViewContext<'_>,
    id: RegistrationId,
    username: &str,
    encrypted: &str,
) -> MessageView {
    let lang = view_ctx.lang;
    let cipher = &view_ctx.state.cipher;
    let password = match technician_registrations::decrypt_password(cipher, id, encrypted) {
        Ok(password) => code(&password),
        Err(error) => {
            log::warn!("the initial password of registration {id} can not be decrypted: {error}");
            notices::ask_office_for_password(lang).to_owned()
        }
    };
    let address = escape(&view_ctx.state.public_url);
    let warning = bold(notices::change_password(lang));
    MessageView::text(notices::approved(lang, address, code(username), password, warning))
}

/// A text that one tap copies.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// The application was rejected.
pub fn registration_rejected(lang: Lang, reason: &str) -> MessageView {
    let label = bold(notices::reason_label(lang));
    MessageView::text(notices::rejected(lang, label, escape(reason)))
}
