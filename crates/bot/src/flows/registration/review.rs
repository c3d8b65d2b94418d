//! The office decides on an applicant.

use notify::telegram::Button;
use services::technician_registrations::{self, InitialPassword};
use services::{Conn, Result, technicians};
use shared::technician_registration::{
    RegistrationRejection, RegistrationStatus, TechnicianRegistration,
};
use shared::{ErrorCode, RegistrationId};

use super::{RegistrationCallback, RegistrationDialogue};
use crate::callback_data::CallbackData;
use crate::context::{Prefetched, UpdateContext};
use crate::dialogue::Dialogue;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::update::Input;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Ready-made reasons. A button names its place in the list: new ones go to the end.
const REASONS: [&str; 4] = [
    "Belum ada lowongan",
    "Area belum kami layani",
    "Data tidak lengkap",
    "Nomor tidak bisa dihubungi",
];

/// A registration for those who decide.
pub fn application_view(screen: ViewContext<'_>, one: &TechnicianRegistration) -> MessageView {
    let buttons = vec![vec![
        button(screen, "✅ Setujui", RegistrationCallback::Approve(one.id)),
        button(screen, "❌ Tolak", RegistrationCallback::Reject(one.id)),
    ]];
    MessageView { text: application_text("🙋 Pendaftaran teknisi baru", one), buttons }
}

/// A registration after the decision.
///
/// # Errors
/// The database fails.
pub fn decision_view(conn: &mut Conn, one: &TechnicianRegistration) -> Result<MessageView> {
    let name = bold(&one.name);
    let text = match (one.status, one.technician_id) {
        (RegistrationStatus::Approved, Some(id)) => {
            let username = technicians::get(conn, id)?.username;
            format!("✅ {name} diterima sebagai teknisi ({}).", escape(&username))
        }
        (RegistrationStatus::Rejected, _) => {
            let reason = escape(one.reason.as_deref().unwrap_or_default());
            format!("❌ Pendaftaran {name} ditolak: {reason}.")
        }
        _ => application_text("🙋 Pendaftaran teknisi", one),
    };
    Ok(MessageView { text, buttons: Vec::new() })
}

fn button(screen: ViewContext<'_>, label: &str, press: RegistrationCallback) -> Button {
    screen.button(label, &CallbackData::Registration(press))
}

fn application_text(title: &str, one: &TechnicianRegistration) -> String {
    let mut lines = vec![title.to_owned(), bold(&one.name), format!("📱 {}", escape(&one.phone))];
    let map = one.latitude.zip(one.longitude).map(|(latitude, longitude)| {
        let url = format!("https://www.google.com/maps/search/?api=1&query={latitude},{longitude}");
        format!("<a href=\"{}\">lihat di peta</a>", escape(&url))
    });
    let area: Vec<String> = one.area.as_deref().map(escape).into_iter().chain(map).collect();
    lines.push(format!("📍 {}", area.join(" · ")));
    let skills: Vec<&str> = one.skills.iter().map(|skill| format::skill(*skill)).collect();
    lines.push(format!("🧰 {}", skills.join(", ")));
    lines.push(match one.identity_photo {
        true => "🪪 Foto KTP ada, lihat di halaman Teknisi".to_owned(),
        false => "🪪 Tanpa foto KTP".to_owned(),
    });
    lines.push(format!("Nama di Telegram: {}", escape(&one.telegram_name)));
    lines.join("\n")
}

/// The card as it stands now.
///
/// # Errors
/// The caller may not; there is none.
pub fn show(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let actor = here.actor()?;
    let one = technician_registrations::get(here.tx.conn(), &actor, id)?;
    let card = match one.status {
        RegistrationStatus::Pending => application_view(here.view_ctx(), &one),
        _ => decision_view(here.tx.conn(), &one)?,
    };
    Ok(BotResponse::edit_view(message_id, card))
}

/// Somebody else was faster: the card says so, and the word over the chat too.
fn stale_response(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    one: &TechnicianRegistration,
) -> Result<BotResponse> {
    let card = decision_view(here.tx.conn(), one)?;
    let word = ErrorCode::RegistrationDecided.message(shared::Lang::Id, None);
    Ok(BotResponse::edit_view(message_id, card).with_toast(word))
}

fn is_pending(one: &TechnicianRegistration) -> bool {
    one.status == RegistrationStatus::Pending
}

/// Lets the applicant in.
///
/// # Errors
/// The caller may not; the phone number has become another technician's; the database fails.
pub fn approve(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let actor = here.actor()?;
    let before = technician_registrations::get(here.tx.conn(), &actor, id)?;
    if !is_pending(&before) {
        return stale_response(here, message_id, &before);
    }
    // Made ready for whoever is linked; without it the link is younger than the press.
    let Prefetched::Password { plaintext: clear, hash } = here.prefetched else {
        return Ok(BotResponse::toast("Coba sekali lagi."));
    };
    let password = InitialPassword { plaintext: clear, hash };
    let after =
        technician_registrations::approve(here.tx, &here.state.cipher, &actor, id, &password)?;
    let card = decision_view(here.tx.conn(), &after)?;
    Ok(BotResponse::edit_view(message_id, card).with_toast("Diterima.").deciding_applicant_photos())
}

/// Shows the reasons below the card.
///
/// # Errors
/// The caller may not; there is none.
pub fn ask_reason(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let actor = here.actor()?;
    let one = technician_registrations::get(here.tx.conn(), &actor, id)?;
    if !is_pending(&one) {
        return stale_response(here, message_id, &one);
    }
    let screen = here.view_ctx();
    let reason = |(index, label): (usize, &&str)| {
        vec![button(screen, label, RegistrationCallback::RejectReady(id, index))]
    };
    let mut buttons: Vec<_> = REASONS.iter().enumerate().map(reason).collect();
    buttons.push(vec![
        button(screen, "Lainnya…", RegistrationCallback::RejectCustom(id)),
        button(screen, "« Kembali", RegistrationCallback::Show(id)),
    ]);
    let text = application_text("🙋 Pendaftaran teknisi baru", &one);
    let text = format!("{text}\n\n{}", bold("Kenapa ditolak? Pelamar membacanya."));
    Ok(BotResponse::edit_view(message_id, MessageView { text, buttons }))
}

/// A ready-made reason was pressed.
///
/// # Errors
/// The caller may not; the database fails.
pub fn reject_with_ready_reason(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
    reason: usize,
) -> Result<BotResponse> {
    match REASONS.get(reason) {
        Some(reason) => reject(here, message_id, id, reason),
        None => show(here, message_id, id),
    }
}

/// A reason of one's own is wanted.
///
/// # Errors
/// The caller may not; there is none.
pub fn ask_custom_reason(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
) -> Result<BotResponse> {
    let actor = here.actor()?;
    let one = technician_registrations::get(here.tx.conn(), &actor, id)?;
    if !is_pending(&one) {
        return stale_response(here, message_id, &one);
    }
    let text = format!("Ketik alasan menolak {}. /cancel membatalkan.", bold(&one.name));
    Ok(BotResponse::text(text)
        .with_dialogue(Dialogue::Registration(RegistrationDialogue::Rejecting { id, message_id })))
}

/// The typed reason.
///
/// # Errors
/// The caller may not; the reason is too long; the database fails.
pub fn handle_reason_text(
    here: UpdateContext<'_, '_>,
    id: RegistrationId,
    message_id: i32,
    input: &Input,
) -> Result<BotResponse> {
    let Input::Text(text) = input else {
        return Ok(BotResponse::text("Ketik alasannya dengan kata-kata, atau /cancel."));
    };
    let reason = RegistrationRejection { reason: text.clone() }.parse()?;
    let answer = reject(here, message_id, id, &reason)?;
    let line = BotResponse::text(answer.toast.clone().unwrap_or_default());
    Ok(BotResponse { toast: None, ..answer }.then(line).ending_dialogue())
}

fn reject(
    here: UpdateContext<'_, '_>,
    message_id: i32,
    id: RegistrationId,
    reason: &str,
) -> Result<BotResponse> {
    let actor = here.actor()?;
    let before = technician_registrations::get(here.tx.conn(), &actor, id)?;
    if !is_pending(&before) {
        return stale_response(here, message_id, &before);
    }
    let after = technician_registrations::reject(here.tx, &actor, id, reason)?;
    let card = decision_view(here.tx.conn(), &after)?;
    let said = "Ditolak. Pelamar sudah diberi tahu.";
    Ok(BotResponse::edit_view(message_id, card).with_toast(said).deciding_applicant_photos())
}
