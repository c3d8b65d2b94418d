//! Finding one's way.

use notify::telegram::Keyboard;
use services::Result;
use shared::Permission;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::RegistrationDialogue;
use crate::html::bold;
use crate::response::BotResponse;

const TECHNICIAN: &str = "/jobs – pekerjaan yang bisa diambil
/myjobs – pekerjaan saya
/bag – isi tas material
/profile – status dinas, keahlian, hasil kerja
/cancel – batalkan yang sedang diisi

📍 Kirim lokasi (📎 → Lokasi) supaya jarak ke pekerjaan terlihat.
📷 Kirim foto kapan saja; nanti ditanya untuk pekerjaan mana.";

const OFFICE: &str = "/admin – keadaan hari ini
/jobs_admin – semua pekerjaan
/technicians – teknisi dan pendaftaran
/inventory – stok gudang
/reports – laporan";

/// What can be done here.
///
/// # Errors
/// The database fails.
pub fn help(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let Some(actor) = &here.actor else {
        return Ok(BotResponse::text(
            "Chat ini belum terhubung ke akun mana pun.\n\n\
             • Ingin bekerja sebagai teknisi? Ketik /start untuk mendaftar.\n\
             • Sudah punya akun? Buka halaman Profil di browser, buat kode Telegram, \
             lalu buka tautannya dari HP ini.",
        ));
    };
    let mut parts = vec![format!("Halo {}. Yang bisa dilakukan di sini:", bold(&actor.name))];
    if actor.technician_id.is_some() {
        parts.push(TECHNICIAN.to_owned());
    }
    if actor.permissions.allows(Permission::DashboardRead) {
        parts.push(OFFICE.to_owned());
    }
    Ok(BotResponse::text(parts.join("\n\n")))
}

/// Ends what is being filled in.
///
/// # Errors
/// None so far.
pub fn cancel(here: UpdateContext<'_, '_>, dialogue: Option<&Dialogue>) -> Result<BotResponse> {
    let text = match (dialogue, here.actor.is_some()) {
        (None, _) => "Tidak ada yang sedang diisi.",
        (Some(Dialogue::Registration(RegistrationDialogue::Applying(_))), _) => {
            "Pendaftaran dibatalkan. Ketik /start kapan saja untuk mulai lagi."
        }
        (Some(_), _) => "Dibatalkan.",
    };
    let leftover = match dialogue {
        Some(Dialogue::Registration(state)) => state.photo_file(),
        _ => None,
    };
    Ok(BotResponse::with_keyboard(text, Keyboard::Remove).orphaning(leftover).ending_dialogue())
}

/// A text that nobody asked for.
///
/// # Errors
/// None so far.
pub fn fallback(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    match here.actor {
        Some(_) => Ok(BotResponse::text("Pilih dari menu, atau ketik /help.")),
        None => help(here),
    }
}
