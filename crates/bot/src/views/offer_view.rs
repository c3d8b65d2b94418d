//! A job that a technician can claim.

use services::inventory::job_stock::{self, PlannedItem};
use services::jobs::Offer;
use services::{Conn, Result};
use shared::Lang;
use shared::job_state_machine::JobStatus;

use crate::callback_data::jobs::{JobCallback, QuickTransition};
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::texts;
use crate::view_context::ViewContext;

/// An open job: the area, the due time, the material, and a button to claim it.
///
/// # Errors
/// None but a failing database.
pub fn open_offer(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    offer: &Offer,
) -> Result<MessageView> {
    let lang = view_ctx.lang;
    let planned = job_stock::planned_items(conn, offer.id)?;
    let kind = format::type_line(lang, offer.job_type, offer.priority);
    let mut lines = vec![format!("🆕 {} · {kind}", bold(&offer.number))];
    lines.extend(location_line(lang, offer));
    lines.push(texts::job::due(lang, format::due_time(view_ctx, offer.due_at)));
    if let Some(start) = offer.scheduled_start {
        let range = format::time_range(view_ctx, start, offer.scheduled_end);
        lines.push(texts::job::scheduled(lang, range));
    }
    if !planned.is_empty() {
        let items: Vec<String> = planned.iter().map(planned_label).collect();
        lines.push(format!("🧰 {}", items.join(", ")));
    }
    let claim = JobCallback::Transition(offer.id, QuickTransition::Claim);
    let buttons = vec![
        view_ctx.button(texts::actions::claim(lang), claim),
        view_ctx.button(texts::actions::skip(lang), JobCallback::Skip(offer.id)),
    ];
    Ok(MessageView { text: lines.join("\n"), buttons: vec![buttons] })
}

/// A skipped offer: one line, and a button to show it again.
pub fn collapsed_offer(view_ctx: ViewContext<'_>, offer: &Offer) -> MessageView {
    let name = match offer.area.as_str() {
        "" => escape(&offer.number),
        area => format!("{} · {}", escape(&offer.number), escape(area)),
    };
    let again = JobCallback::Refresh(offer.id);
    let again = view_ctx.button(texts::common::show_again(view_ctx.lang), again);
    let text = texts::offer::skipped(view_ctx.lang, name);
    MessageView { text, buttons: vec![vec![again]] }
}

/// A job that somebody else has, or that is finished.
pub fn closed_offer(lang: Lang, offer: &Offer) -> MessageView {
    let number = bold(&offer.number);
    let lead = offer.lead.as_deref().map(bold);
    MessageView::text(match (offer.status, lead) {
        (JobStatus::Cancelled, _) => texts::offer::cancelled(lang, number),
        (JobStatus::Completed | JobStatus::Closed, Some(lead)) => {
            texts::offer::completed_by(lang, number, lead)
        }
        (JobStatus::Completed | JobStatus::Closed, None) => texts::offer::completed(lang, number),
        (JobStatus::Assigned, Some(lead)) => texts::offer::assigned_to(lang, number, lead),
        (_, Some(lead)) => texts::offer::taken_by(lang, number, lead),
        (_, None) => texts::offer::unavailable(lang, number),
    })
}

fn location_line(lang: Lang, offer: &Offer) -> Option<String> {
    let distance = offer.distance_km.map(|km| format::distance(lang, km));
    let area = Some(escape(&offer.area)).filter(|area| !area.is_empty());
    let parts: Vec<String> = area.into_iter().chain(distance).collect();
    (!parts.is_empty()).then(|| format!("📍 {}", parts.join(" · ")))
}

fn planned_label(item: &PlannedItem) -> String {
    format!("{} {}", format::quantity(item.quantity, item.unit), escape(&item.name))
}
