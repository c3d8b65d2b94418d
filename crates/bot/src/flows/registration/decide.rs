//! The office decides on an applicant.

use db::Conn;
use notify::telegram::Button;
use services::registrations::{self, FirstPassword};
use services::{Result, technicians};
use shared::registration::{RegistrationRejection, RegistrationStatus, TechnicianRegistration};
use shared::{ErrorCode, RegistrationId};

use super::{Registration, RegistrationPress};
use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::Dialogue;
use crate::here::{Here, Prepared};
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;
use crate::update::Input;

/// Ready-made reasons. A button names its place in the list: new ones go to the end.
const REASONS: [&str; 4] = [
    "Belum ada lowongan",
    "Area belum kami layani",
    "Data tidak lengkap",
    "Nomor tidak bisa dihubungi",
];

/// A registration for those who decide.
pub fn card(screen: Screen<'_>, one: &TechnicianRegistration) -> Card {
    let buttons = vec![vec![
        button(screen, "✅ Setujui", RegistrationPress::Approve(one.id)),
        button(screen, "❌ Tolak", RegistrationPress::Reject(one.id)),
    ]];
    Card { text: facts("🙋 Pendaftaran teknisi baru", one), buttons }
}

/// A registration after the decision.
///
/// # Errors
/// The database fails.
pub fn decided(conn: &mut Conn, one: &TechnicianRegistration) -> Result<Card> {
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
        _ => facts("🙋 Pendaftaran teknisi", one),
    };
    Ok(Card { text, buttons: Vec::new() })
}

fn button(screen: Screen<'_>, label: &str, press: RegistrationPress) -> Button {
    screen.button(label, &Press::Registration(press))
}

fn facts(title: &str, one: &TechnicianRegistration) -> String {
    let mut lines = vec![title.to_owned(), bold(&one.name), format!("📱 {}", escape(&one.phone))];
    let map = one.latitude.zip(one.longitude).map(|(latitude, longitude)| {
        let url = format!("https://www.google.com/maps/search/?api=1&query={latitude},{longitude}");
        format!("<a href=\"{}\">lihat di peta</a>", escape(&url))
    });
    let area: Vec<String> = one.area.as_deref().map(escape).into_iter().chain(map).collect();
    lines.push(format!("📍 {}", area.join(" · ")));
    let skills: Vec<&str> = one.skills.iter().map(|skill| say::skill(*skill)).collect();
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
pub fn show(here: Here<'_, '_>, message_id: i32, id: RegistrationId) -> Result<Answer> {
    let actor = here.actor()?;
    let one = registrations::get(here.tx.conn(), &actor, id)?;
    let card = match one.status {
        RegistrationStatus::Pending => card(here.screen(), &one),
        _ => decided(here.tx.conn(), &one)?,
    };
    Ok(Answer::redraw(message_id, card))
}

/// Somebody else was faster: the card says so, and the word over the chat too.
fn too_late(here: Here<'_, '_>, message_id: i32, one: &TechnicianRegistration) -> Result<Answer> {
    let card = decided(here.tx.conn(), one)?;
    let word = ErrorCode::RegistrationDecided.message(shared::Lang::Id, None);
    Ok(Answer::redraw(message_id, card).saying(word))
}

fn still_waits(one: &TechnicianRegistration) -> bool {
    one.status == RegistrationStatus::Pending
}

/// Lets the applicant in.
///
/// # Errors
/// The caller may not; the phone number has become another technician's; the database fails.
pub fn approve(here: Here<'_, '_>, message_id: i32, id: RegistrationId) -> Result<Answer> {
    let actor = here.actor()?;
    let before = registrations::get(here.tx.conn(), &actor, id)?;
    if !still_waits(&before) {
        return too_late(here, message_id, &before);
    }
    // Made ready for whoever is linked; without it the link is younger than the press.
    let Prepared::Password { clear, hash } = here.prepared else {
        return Ok(Answer::toast("Coba sekali lagi."));
    };
    let password = FirstPassword { clear, hash };
    let after = registrations::approve(here.tx, &here.shared.vault, &actor, id, &password)?;
    let card = decided(here.tx.conn(), &after)?;
    Ok(Answer::redraw(message_id, card).saying("Diterima.").settling_photos())
}

/// Shows the reasons below the card.
///
/// # Errors
/// The caller may not; there is none.
pub fn ask_why(here: Here<'_, '_>, message_id: i32, id: RegistrationId) -> Result<Answer> {
    let actor = here.actor()?;
    let one = registrations::get(here.tx.conn(), &actor, id)?;
    if !still_waits(&one) {
        return too_late(here, message_id, &one);
    }
    let screen = here.screen();
    let reason = |(index, label): (usize, &&str)| {
        vec![button(screen, label, RegistrationPress::Because(id, index))]
    };
    let mut buttons: Vec<_> = REASONS.iter().enumerate().map(reason).collect();
    buttons.push(vec![
        button(screen, "Lainnya…", RegistrationPress::Other(id)),
        button(screen, "« Kembali", RegistrationPress::Show(id)),
    ]);
    let text = facts("🙋 Pendaftaran teknisi baru", &one);
    let text = format!("{text}\n\n{}", bold("Kenapa ditolak? Pelamar membacanya."));
    Ok(Answer::redraw(message_id, Card { text, buttons }))
}

/// A ready-made reason was pressed.
///
/// # Errors
/// The caller may not; the database fails.
pub fn because(
    here: Here<'_, '_>,
    message_id: i32,
    id: RegistrationId,
    reason: usize,
) -> Result<Answer> {
    match REASONS.get(reason) {
        Some(reason) => reject(here, message_id, id, reason),
        None => show(here, message_id, id),
    }
}

/// A reason of one's own is wanted.
///
/// # Errors
/// The caller may not; there is none.
pub fn ask_for_words(here: Here<'_, '_>, message_id: i32, id: RegistrationId) -> Result<Answer> {
    let actor = here.actor()?;
    let one = registrations::get(here.tx.conn(), &actor, id)?;
    if !still_waits(&one) {
        return too_late(here, message_id, &one);
    }
    let text = format!("Ketik alasan menolak {}. /cancel membatalkan.", bold(&one.name));
    Ok(Answer::text(text).go(Dialogue::Registration(Registration::Rejecting { id, message_id })))
}

/// The typed reason.
///
/// # Errors
/// The caller may not; the reason is too long; the database fails.
pub fn words(
    here: Here<'_, '_>,
    id: RegistrationId,
    message_id: i32,
    input: &Input,
) -> Result<Answer> {
    let Input::Text(text) = input else {
        return Ok(Answer::text("Ketik alasannya dengan kata-kata, atau /cancel."));
    };
    let reason = RegistrationRejection { reason: text.clone() }.parse()?;
    let answer = reject(here, message_id, id, &reason)?;
    let line = Answer::text(answer.toast.clone().unwrap_or_default());
    Ok(Answer { toast: None, ..answer }.and(line).end())
}

fn reject(here: Here<'_, '_>, message_id: i32, id: RegistrationId, reason: &str) -> Result<Answer> {
    let actor = here.actor()?;
    let before = registrations::get(here.tx.conn(), &actor, id)?;
    if !still_waits(&before) {
        return too_late(here, message_id, &before);
    }
    let after = registrations::reject(here.tx, &actor, id, reason)?;
    let card = decided(here.tx.conn(), &after)?;
    let said = "Ditolak. Pelamar sudah diberi tahu.";
    Ok(Answer::redraw(message_id, card).saying(said).settling_photos())
}
