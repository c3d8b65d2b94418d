//! What applicants hear, and those who decide on them.

use services::{Conn, Result, technician_registrations, telegram};
use shared::technician_registration::RegistrationStatus;
use shared::{Permission, RegistrationId};

use crate::flows::registration;
use crate::html::{bold, escape};
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Somebody applies: the card as it stands now. One that was decided before it was told of is no
/// news; one that stands in the chat already says what came of it.
pub fn registration_received(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: RegistrationId,
    replaces: Option<i32>,
) -> Result<Option<MessageView>> {
    let actor = telegram::actor_for_chat(conn, screen.chat)?;
    let may = actor.filter(|actor| actor.permissions.allows(Permission::TechniciansManage));
    let Some(actor) = may else { return Ok(None) };
    let one = technician_registrations::get(conn, &actor, id)?;
    Ok(match (one.status, replaces) {
        (RegistrationStatus::Pending, _) => Some(registration::application_view(screen, &one)),
        (_, Some(_)) => Some(registration::decision_view(conn, &one)?),
        (_, None) => None,
    })
}

/// The applicant is in.
pub fn registration_approved(
    screen: ViewContext<'_>,
    id: RegistrationId,
    username: &str,
    sealed: &str,
) -> MessageView {
    let password =
        match technician_registrations::decrypt_password(&screen.state.cipher, id, sealed) {
            Ok(password) => format!("<code>{}</code>", escape(&password)),
            Err(error) => {
                log::warn!("the first password of registration {id} can not be told: {error}");
                "minta kantor mengatur ulang".to_owned()
            }
        };
    let text = format!(
        "🎉 Selamat, Anda diterima sebagai teknisi!\n\n\
         Alamat: {}\nNama pengguna: <code>{}</code>\nKata sandi awal: {password}\n\n\
         {} Buka alamat itu, masuk, lalu buat kata sandi baru. Setelah itu hapus pesan ini.\n\n\
         Di sini Anda sudah bisa mulai: /jobs untuk pekerjaan, /help untuk bantuan.",
        escape(&screen.state.public_url),
        escape(username),
        bold("Kata sandi awal wajib diganti."),
    );
    MessageView { text, buttons: Vec::new() }
}

/// The applicant is turned down.
pub fn registration_rejected(reason: &str) -> MessageView {
    let text = format!(
        "Maaf, pendaftaran Anda belum bisa kami terima.\n{} {}\n\n\
         Ketik /start kalau ingin mendaftar lagi.",
        bold("Alasan:"),
        escape(reason)
    );
    MessageView { text, buttons: Vec::new() }
}
