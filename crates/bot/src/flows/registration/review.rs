//! Review of an application by the office.

use notify::telegram::Button;
use services::technician_registrations::{self, InitialPassword};
use services::{Conn, Result, technicians};
use shared::technician_registration::{
    RegistrationRejection, RegistrationStatus, TechnicianRegistration,
};
use shared::{ErrorCode, Lang, RegistrationId};

use super::dialogue::RegistrationDialogue;
use crate::callback_data::registration::RegistrationCallback;
use crate::context::{Prefetched, UpdateContext};
use crate::format;
use crate::html::{bold, escape};
use crate::incoming_update::Input;
use crate::message_view::MessageView;
use crate::pickers::reason_picker::{ReasonChoice, ReasonPicker};
use crate::response::BotResponse;
use crate::texts::{self, applications};
use crate::view_context::ViewContext;

/// A pending application, with buttons to decide on it.
pub fn application_view(
    view_ctx: ViewContext<'_>,
    application: &TechnicianRegistration,
) -> MessageView {
    let (lang, id) = (view_ctx.lang, application.id);
    let button = |label: &str, callback| -> Button { view_ctx.button(label, callback) };
    let buttons = vec![vec![
        button(applications::approve(lang), RegistrationCallback::Approve(id)),
        button(applications::reject(lang), RegistrationCallback::Reject(id)),
    ]];
    let text = application_text(lang, applications::new_title(lang), application);
    MessageView { text, buttons }
}

/// An application after the decision.
///
/// # Errors
/// `NotFound` if the technician is gone.
pub fn decision_view(
    conn: &mut Conn,
    lang: Lang,
    application: &TechnicianRegistration,
) -> Result<MessageView> {
    let name = bold(&application.name);
    let text = match (application.status, application.technician_id) {
        (RegistrationStatus::Approved, Some(id)) => {
            let username = technicians::get(conn, id)?.username;
            applications::approved(lang, name, escape(&username))
        }
        (RegistrationStatus::Rejected, _) => {
            let reason = escape(application.reason.as_deref().unwrap_or_default());
            applications::rejected(lang, name, reason)
        }
        _ => application_text(lang, applications::title(lang), application),
    };
    Ok(MessageView::text(text))
}

fn application_text(lang: Lang, title: &str, application: &TechnicianRegistration) -> String {
    let point = application.latitude.zip(application.longitude);
    let map = point.map(|(latitude, longitude)| {
        let url = format!("https://www.google.com/maps/search/?api=1&query={latitude},{longitude}");
        format!("<a href=\"{}\">{}</a>", escape(&url), applications::on_the_map(lang))
    });
    let area: Vec<String> =
        application.area.as_deref().map(escape).into_iter().chain(map).collect();
    let skills: Vec<&str> =
        application.skills.iter().map(|skill| format::skill(lang, *skill)).collect();
    let photo = match application.identity_photo {
        true => applications::has_photo(lang),
        false => applications::no_photo(lang),
    };
    [
        title.to_owned(),
        bold(&application.name),
        format!("📱 {}", escape(&application.phone)),
        format!("📍 {}", area.join(" · ")),
        format!("🧰 {}", skills.join(", ")),
        photo.to_owned(),
        applications::telegram_name(lang, escape(&application.telegram_name)),
    ]
    .join("\n")
}

/// Shows the present state of the application in the same message.
pub fn show(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let actor = ctx.actor()?;
    let application = technician_registrations::get(ctx.tx.conn(), &actor, id)?;
    let view = match application.status {
        RegistrationStatus::Pending => application_view(ctx.view_ctx(), &application),
        _ => decision_view(ctx.tx.conn(), ctx.lang, &application)?,
    };
    Ok(BotResponse::edit_view(message_id, view))
}

/// Somebody else has decided: shows the decision, and a toast explains it.
fn stale_response(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    application: &TechnicianRegistration,
) -> Result<BotResponse> {
    let view = decision_view(ctx.tx.conn(), ctx.lang, application)?;
    let toast = ErrorCode::RegistrationDecided.message(ctx.lang, None);
    Ok(BotResponse::edit_view(message_id, view).with_toast(toast))
}

fn is_pending(application: &TechnicianRegistration) -> bool {
    application.status == RegistrationStatus::Pending
}

/// Approves the application.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, `Taken` if the phone number belongs to a technician by
/// now.
pub fn approve(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let actor = ctx.actor()?;
    let before = technician_registrations::get(ctx.tx.conn(), &actor, id)?;
    if !is_pending(&before) {
        return stale_response(ctx, message_id, &before);
    }
    // Prefetched in every linked chat; a chat that was linked after the press has none.
    let Prefetched::Password { plaintext, hash } = ctx.prefetched else {
        return Ok(BotResponse::toast(applications::try_again(ctx.lang)));
    };
    let password = InitialPassword { plaintext, hash };
    let cipher = &ctx.state.cipher;
    let after = technician_registrations::approve(ctx.tx, cipher, &actor, id, None, &password)?;
    let view = decision_view(ctx.tx.conn(), ctx.lang, &after)?;
    let response = BotResponse::edit_view(message_id, view);
    Ok(response.with_toast(applications::approved_toast(ctx.lang)).deciding_applicant_photos())
}

/// Shows the reasons for rejecting below the application.
pub fn ask_reason(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let lang = ctx.lang;
    let actor = ctx.actor()?;
    let application = technician_registrations::get(ctx.tx.conn(), &actor, id)?;
    if !is_pending(&application) {
        return stale_response(ctx, message_id, &application);
    }
    let picker = ReasonPicker {
        question: texts::reasons::reject_question(lang),
        ready: texts::reasons::reject(lang),
        per_row: 1,
        back_label: texts::registration::back(lang),
    };
    let text = application_text(lang, applications::new_title(lang), &application);
    let view = picker.view(ctx.view_ctx(), &text, |choice| match choice {
        ReasonChoice::Ready(index) => RegistrationCallback::RejectReady(id, index),
        ReasonChoice::Custom => RegistrationCallback::RejectCustom(id),
        ReasonChoice::Back => RegistrationCallback::Show(id),
    });
    Ok(BotResponse::edit_view(message_id, view))
}

/// Rejects with a ready-made reason.
pub fn reject_with_ready_reason(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
    reason: usize,
) -> Result<BotResponse> {
    match texts::reasons::reject(ctx.lang).get(reason) {
        Some(reason) => reject(ctx, message_id, id, reason),
        None => show(ctx, message_id, id),
    }
}

/// Asks for a typed reason.
pub fn ask_custom_reason(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let actor = ctx.actor()?;
    let application = technician_registrations::get(ctx.tx.conn(), &actor, id)?;
    if !is_pending(&application) {
        return stale_response(ctx, message_id, &application);
    }
    let text = applications::type_reason(ctx.lang, bold(&application.name));
    let dialogue = RegistrationDialogue::Rejecting { id, message_id };
    Ok(BotResponse::text(text).with_dialogue(dialogue))
}

/// Rejects with a typed reason.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, `TooLong`.
pub fn handle_reason_text(
    ctx: UpdateContext<'_, '_>,
    id: RegistrationId,
    message_id: i32,
    input: &Input,
) -> Result<BotResponse> {
    let Input::Text(text) = input else {
        return Ok(BotResponse::text(applications::reason_prompt(ctx.lang)));
    };
    let reason = RegistrationRejection { reason: text.clone() }.parse()?;
    let mut response = reject(ctx, message_id, id, &reason)?;
    // Nothing was pressed, so the toast becomes a message.
    let text = response.toast.take().unwrap_or_default();
    Ok(response.then(BotResponse::text(text)).ending_dialogue())
}

fn reject(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
    reason: &str,
) -> Result<BotResponse> {
    let actor = ctx.actor()?;
    let before = technician_registrations::get(ctx.tx.conn(), &actor, id)?;
    if !is_pending(&before) {
        return stale_response(ctx, message_id, &before);
    }
    let after = technician_registrations::reject(ctx.tx, &actor, id, None, reason)?;
    let view = decision_view(ctx.tx.conn(), ctx.lang, &after)?;
    let response = BotResponse::edit_view(message_id, view);
    Ok(response.with_toast(applications::rejected_toast(ctx.lang)).deciding_applicant_photos())
}
