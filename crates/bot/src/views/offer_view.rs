//! A job that can be taken.

use services::inventory::job_stock::{self, PlannedItem};
use services::jobs::Offer;
use services::{Conn, Result};
use shared::job_state_machine::JobStatus;

use crate::callback_data::CallbackData;
use crate::flows::{JobCallback, QuickTransition};
use crate::format;
use crate::html::{bold, escape};
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// An open job: where about, by when, with what, and whether to take it.
///
/// # Errors
/// The database fails.
pub fn open_offer(conn: &mut Conn, screen: ViewContext<'_>, offer: &Offer) -> Result<MessageView> {
    let planned = job_stock::planned_items(conn, offer.id)?;
    let mut lines = vec![header_line("🆕", offer)];
    lines.extend(location_line(offer));
    lines.push(format!("⏰ Batas {}", format::due_time(offer.due_at, screen.now, screen.zone())));
    if let Some(start) = offer.scheduled_start {
        let span = format::time_range(start, offer.scheduled_end, screen.now, screen.zone());
        lines.push(format!("🗓 Jadwal {span}"));
    }
    if !planned.is_empty() {
        lines.push(format!(
            "🧰 {}",
            planned.iter().map(planned_label).collect::<Vec<_>>().join(", ")
        ));
    }
    let take = CallbackData::Job(JobCallback::Transition(offer.id, QuickTransition::Claim));
    let skip = CallbackData::Job(JobCallback::Skip(offer.id));
    let buttons = vec![vec![screen.button("✅ Ambil", &take), screen.button("Lewati", &skip)]];
    Ok(MessageView { text: lines.join("\n"), buttons })
}

/// An offer that was put aside: one line, and a way back.
pub fn collapsed_offer(screen: ViewContext<'_>, offer: &Offer) -> MessageView {
    let text = match offer.area.as_str() {
        "" => format!("{} dilewati", escape(&offer.number)),
        area => format!("{} · {} dilewati", escape(&offer.number), escape(area)),
    };
    let again = CallbackData::Job(JobCallback::Refresh(offer.id));
    MessageView { text, buttons: vec![vec![screen.button("Lihat lagi", &again)]] }
}

/// A job that somebody else has, or nobody needs any more.
pub fn closed_offer(offer: &Offer) -> MessageView {
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
    MessageView { text, buttons: Vec::new() }
}

fn header_line(icon: &str, offer: &Offer) -> String {
    let kind = format::job_type(offer.job_type);
    let head = format!("{icon} {} · {kind}", bold(&offer.number));
    match format::priority(offer.priority) {
        Some(priority) => format!("{head} · {priority}"),
        None => head,
    }
}

fn location_line(offer: &Offer) -> Option<String> {
    let far = offer.distance_km.map(format::distance);
    let area = Some(escape(&offer.area)).filter(|area| !area.is_empty());
    let parts: Vec<String> = area.into_iter().chain(far).collect();
    (!parts.is_empty()).then(|| format!("📍 {}", parts.join(" · ")))
}

fn planned_label(planned: &PlannedItem) -> String {
    format!("{} {}", format::quantity(planned.quantity, planned.unit), escape(&planned.name))
}
