//! On and off duty, skills, own figures.

use serde::{Deserialize, Serialize};
use services::performance::{self, Figures};
use services::{Result, technicians};
use shared::TechnicianId;
use shared::technician::{Skill, Technician};

use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::update::Input;

/// What this flow waits for: nothing so far, all of it is buttons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ProfileDialogue {}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProfilePress {
    /// Goes on or off duty.
    #[serde(rename = "d")]
    Duty(bool),
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    here: Here<'_, '_>,
    _dialogue: Option<&Dialogue>,
    message_id: i32,
    press: ProfilePress,
) -> Result<Answer> {
    let (actor, id) = here.technician()?;
    let ProfilePress::Duty(on_duty) = press;
    technicians::set_on_duty(here.tx, &actor, on_duty)?;
    let said = if on_duty { "Selamat bertugas." } else { "Selamat istirahat." };
    Ok(Answer::redraw(message_id, card(here, id)?).saying(said))
}

/// Goes on with what was asked.
///
/// # Errors
/// None: nothing is asked.
pub fn go_on(_here: Here<'_, '_>, state: &ProfileDialogue, _input: &Input) -> Result<Answer> {
    match *state {}
}

/// The own profile.
///
/// # Errors
/// The caller may not; the database fails.
pub fn show(here: Here<'_, '_>) -> Result<Answer> {
    let (_, id) = here.technician()?;
    Ok(Answer::card(card(here, id)?))
}

fn card(here: Here<'_, '_>, id: TechnicianId) -> Result<Card> {
    let screen = here.screen();
    let own = technicians::get(here.tx.conn(), id)?;
    let figures = performance::figures(here.tx.conn(), id, screen.now, screen.zone())?;
    let (duty, label) = match own.on_duty {
        true => ("🟢 Sedang dinas: pekerjaan baru dikirim ke sini.", "😴 Selesai dinas"),
        false => ("😴 Tidak dinas: pekerjaan baru tidak dikirim.", "🟢 Mulai dinas"),
    };
    let toggle = Press::Profile(ProfilePress::Duty(!own.on_duty));
    let text = [
        format!("👷 {}\n{duty}", bold(&own.name)),
        format!("{}\n{}", bold("Keahlian"), skills(&own.skills)),
        format!("{}\n{}", bold("Hasil kerja"), results(&figures)),
        where_seen(&own, here),
    ];
    Ok(Card { text: text.join("\n\n"), buttons: vec![vec![screen.button(label, &toggle)]] })
}

fn skills(all: &[Skill]) -> String {
    if all.is_empty() {
        return "Belum dicatat. Minta kantor mengisinya.".to_owned();
    }
    let line = |skill: &Skill| {
        let level = usize::from(skill.level.min(5));
        format!("{}{} {}", "★".repeat(level), "☆".repeat(5 - level), say::skill(skill.skill))
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn results(figures: &Figures) -> String {
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
    let hours = figures.average_hours.map(|hours| say::decimal(hours, 1));
    lines.extend(hours.map(|hours| format!("Rata-rata {hours} jam dari mulai sampai selesai")));
    lines.join("\n")
}

fn where_seen(own: &Technician, here: Here<'_, '_>) -> String {
    let screen = here.screen();
    match own.last_seen_at {
        Some(at) => {
            format!("📍 Lokasi terakhir {}", escape(&say::moment(at, screen.now, screen.zone())))
        }
        None => "📍 Kirim lokasi (📎 → Lokasi) supaya jarak ke pekerjaan bisa dihitung.".to_owned(),
    }
}
