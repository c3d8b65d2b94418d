//! A job that can be taken.

use db::Conn;
use services::Result;
use services::inventory::at_hand::{self, Planned};
use services::jobs::Offer;
use shared::job_state_machine::JobStatus;

use crate::cards::Card;
use crate::flows::{JobPress, Way};
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;

/// An open job: where about, by when, with what, and whether to take it.
///
/// # Errors
/// The database fails.
pub fn open(conn: &mut Conn, screen: Screen<'_>, offer: &Offer) -> Result<Card> {
    let planned = at_hand::planned(conn, offer.id)?;
    let mut lines = vec![head("🆕", offer)];
    lines.extend(place(offer));
    lines.push(format!("⏰ Batas {}", say::due(offer.due_at, screen.now, screen.zone())));
    if let Some(start) = offer.scheduled_start {
        let span = say::span(start, offer.scheduled_end, screen.now, screen.zone());
        lines.push(format!("🗓 Jadwal {span}"));
    }
    if !planned.is_empty() {
        lines.push(format!("🧰 {}", planned.iter().map(line).collect::<Vec<_>>().join(", ")));
    }
    let take = Press::Job(JobPress::Step(offer.id, Way::Claim));
    let skip = Press::Job(JobPress::Skip(offer.id));
    let buttons = vec![vec![screen.button("✅ Ambil", &take), screen.button("Lewati", &skip)]];
    Ok(Card { text: lines.join("\n"), buttons })
}

/// An offer that was put aside: one line, and a way back.
pub fn folded(screen: Screen<'_>, offer: &Offer) -> Card {
    let text = match offer.area.as_str() {
        "" => format!("{} dilewati", escape(&offer.number)),
        area => format!("{} · {} dilewati", escape(&offer.number), escape(area)),
    };
    let again = Press::Job(JobPress::Refresh(offer.id));
    Card { text, buttons: vec![vec![screen.button("Lihat lagi", &again)]] }
}

/// A job that somebody else has, or nobody needs any more.
pub fn gone(offer: &Offer) -> Card {
    let number = bold(&offer.number);
    let by = offer.lead.as_deref().map(bold);
    let text = match (offer.status, by) {
        (JobStatus::Cancelled, _) => format!("{number} sudah dibatalkan."),
        (JobStatus::Completed | JobStatus::Closed, Some(by)) => {
            format!("{number} sudah selesai, dikerjakan {by}.")
        }
        (JobStatus::Completed | JobStatus::Closed, None) => format!("{number} sudah selesai."),
        (JobStatus::Assigned, Some(by)) => format!("{number} ditugaskan ke {by}."),
        (_, Some(by)) => format!("{number} diambil oleh {by}."),
        (_, None) => format!("{number} tidak tersedia lagi."),
    };
    Card { text, buttons: Vec::new() }
}

fn head(icon: &str, offer: &Offer) -> String {
    let kind = say::job_type(offer.job_type);
    let head = format!("{icon} {} · {kind}", bold(&offer.number));
    match say::priority(offer.priority) {
        Some(priority) => format!("{head} · {priority}"),
        None => head,
    }
}

fn place(offer: &Offer) -> Option<String> {
    let far = offer.distance_km.map(say::distance);
    let area = Some(escape(&offer.area)).filter(|area| !area.is_empty());
    let parts: Vec<String> = area.into_iter().chain(far).collect();
    (!parts.is_empty()).then(|| format!("📍 {}", parts.join(" · ")))
}

fn line(planned: &Planned) -> String {
    format!("{} {}", say::quantity(planned.quantity, planned.unit), escape(&planned.name))
}
