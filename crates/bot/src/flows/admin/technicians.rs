//! Technicians: who is on duty, where, and with how many jobs.

use notify::telegram::Button;
use services::{Result, technicians};
use shared::pagination::MAX_LIMIT;
use shared::technician::{Technician, TechnicianQuery};
use shared::{Coordinates, Permission};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::AdminCallback;
use crate::flows::admin::{approvals, office_actor, show_view};
use crate::format;
use crate::html::bold;
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Technicians on one page.
const PAGE_SIZE: usize = 8;

/// A page of the active technicians, those on duty first.
pub fn technician_page(
    mut here: UpdateContext<'_, '_>,
    at: Option<i32>,
    page: usize,
) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::TechniciansRead)?;
    let screen = here.view_ctx();
    let query = TechnicianQuery {
        active: Some(true),
        limit: Some(MAX_LIMIT),
        ..TechnicianQuery::default()
    };
    let mut all = technicians::list(here.tx.conn(), &query)?.items;
    all.sort_by_key(|technician| !technician.on_duty);
    let on_duty = all.iter().filter(|technician| technician.on_duty).count();
    let pages = all.len().div_ceil(PAGE_SIZE).max(1);
    let page = page.min(pages - 1);
    let mut parts = vec![bold(&format!("👷 Teknisi dinas: {on_duty} dari {}", all.len()))];
    if all.is_empty() {
        parts.push("Belum ada teknisi.".to_owned());
    }
    let shown_now = all.iter().skip(page * PAGE_SIZE).take(PAGE_SIZE);
    parts.extend(shown_now.map(|technician| technician_line(screen, technician)));
    let mut buttons = vec![page_buttons(screen, page, pages)];
    buttons.extend(approvals::applications_button(&mut here, &actor)?);
    let card = MessageView { text: parts.join("\n\n"), buttons };
    Ok(show_view(at, card))
}

fn page_buttons(screen: ViewContext<'_>, page: usize, pages: usize) -> Vec<Button> {
    let turn = |label: &str, to| {
        screen.button(label, &CallbackData::Admin(AdminCallback::TechnicianPage(to)))
    };
    let mut turns = Vec::new();
    if page > 0 {
        turns.push(turn("⬅️ Sebelumnya", page - 1));
    }
    if page + 1 < pages {
        turns.push(turn("Berikutnya ➡️", page + 1));
    }
    turns.push(turn("🔄 Segarkan", page));
    turns
}

fn technician_line(screen: ViewContext<'_>, technician: &Technician) -> String {
    let icon = if technician.on_duty { "🟢" } else { "😴" };
    let jobs = match technician.open_jobs {
        0 => "tanpa pekerjaan".to_owned(),
        open => format!("{open} pekerjaan"),
    };
    format!("{icon} {} · {jobs}\n📍 {}", bold(&technician.name), last_location(screen, technician))
}

/// When the phone was seen last, how far from the base, and where on the map.
fn last_location(screen: ViewContext<'_>, technician: &Technician) -> String {
    let point = |latitude: Option<f64>, longitude: Option<f64>| {
        latitude.zip(longitude).and_then(|(lat, lon)| Coordinates::new(lat, lon))
    };
    let last = point(technician.last_latitude, technician.last_longitude);
    let Some((last, at)) = last.zip(technician.last_seen_at) else {
        return "lokasi belum pernah dikirim".to_owned();
    };
    let when = format::date_time(at, screen.now, screen.zone());
    let base = point(technician.base_latitude, technician.base_longitude);
    let far =
        base.map(|base| format!(", {} dari pangkalan", format::distance(last.distance_km(base))));
    let map = format!(
        "<a href=\"https://maps.google.com/?q={:.6},{:.6}\">peta</a>",
        last.latitude(),
        last.longitude()
    );
    format!("{when}{} · {map}", far.unwrap_or_default())
}
