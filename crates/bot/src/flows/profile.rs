//! On and off duty, skills, own figures.

use serde::{Deserialize, Serialize};
use services::technician_stats::{self, TechnicianStats};
use services::{Result, technicians};
use shared::TechnicianId;
use shared::technician::{Skill, Technician};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::update::Input;
use crate::views::MessageView;

/// What this flow waits for: nothing so far, all of it is buttons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ProfileDialogue {}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProfileCallback {
    /// Goes on or off duty.
    #[serde(rename = "d")]
    Duty(bool),
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn handle_callback(
    here: UpdateContext<'_, '_>,
    _dialogue: Option<&Dialogue>,
    message_id: i32,
    press: ProfileCallback,
) -> Result<BotResponse> {
    let (actor, id) = here.technician()?;
    let ProfileCallback::Duty(on_duty) = press;
    technicians::set_on_duty(here.tx, &actor, on_duty)?;
    let said = if on_duty { "Selamat bertugas." } else { "Selamat istirahat." };
    Ok(BotResponse::edit_view(message_id, profile_view(here, id)?).with_toast(said))
}

/// Goes on with what was asked.
///
/// # Errors
/// None: nothing is asked.
pub fn handle_input(
    _here: UpdateContext<'_, '_>,
    state: &ProfileDialogue,
    _input: &Input,
) -> Result<BotResponse> {
    match *state {}
}

/// The own profile.
///
/// # Errors
/// The caller may not; the database fails.
pub fn show(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let (_, id) = here.technician()?;
    Ok(BotResponse::view(profile_view(here, id)?))
}

fn profile_view(here: UpdateContext<'_, '_>, id: TechnicianId) -> Result<MessageView> {
    let screen = here.view_ctx();
    let own = technicians::get(here.tx.conn(), id)?;
    let figures = technician_stats::load(here.tx.conn(), id, screen.now, screen.zone())?;
    let (duty, label) = match own.on_duty {
        true => ("🟢 Sedang dinas: pekerjaan baru dikirim ke sini.", "😴 Selesai dinas"),
        false => ("😴 Tidak dinas: pekerjaan baru tidak dikirim.", "🟢 Mulai dinas"),
    };
    let toggle = CallbackData::Profile(ProfileCallback::Duty(!own.on_duty));
    let text = [
        format!("👷 {}\n{duty}", bold(&own.name)),
        format!("{}\n{}", bold("Keahlian"), skill_lines(&own.skills)),
        format!("{}\n{}", bold("Hasil kerja"), stats_text(&figures)),
        last_location(&own, here),
    ];
    Ok(MessageView { text: text.join("\n\n"), buttons: vec![vec![screen.button(label, &toggle)]] })
}

fn skill_lines(all: &[Skill]) -> String {
    if all.is_empty() {
        return "Belum dicatat. Minta kantor mengisinya.".to_owned();
    }
    let line = |skill: &Skill| {
        let level = usize::from(skill.level.min(5));
        format!("{}{} {}", "★".repeat(level), "☆".repeat(5 - level), format::skill(skill.skill))
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn stats_text(figures: &TechnicianStats) -> String {
    let Some(percent) = figures.on_time_percent() else {
        return format!(
            "Minggu ini {} selesai, bulan ini belum ada. Cari pekerjaan di /jobs.",
            figures.this_week
        );
    };
    let mut lines = vec![
        format!("Minggu ini {} selesai, bulan ini {}", figures.this_week, figures.this_month),
        format!("Tepat waktu {percent}%"),
    ];
    let hours = figures.average_hours.map(|hours| format::decimal(hours, 1));
    lines.extend(hours.map(|hours| format!("Rata-rata {hours} jam dari mulai sampai selesai")));
    lines.join("\n")
}

fn last_location(own: &Technician, here: UpdateContext<'_, '_>) -> String {
    let screen = here.view_ctx();
    match own.last_seen_at {
        Some(at) => {
            format!(
                "📍 Lokasi terakhir {}",
                escape(&format::date_time(at, screen.now, screen.zone()))
            )
        }
        None => "📍 Kirim lokasi (📎 → Lokasi) supaya jarak ke pekerjaan bisa dihitung.".to_owned(),
    }
}
