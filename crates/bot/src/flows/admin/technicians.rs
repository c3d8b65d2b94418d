//! Technicians: who is on duty, where, and with how many jobs.

use services::{Result, technicians};
use shared::pagination::MAX_LIMIT;
use shared::technician::{Technician, TechnicianQuery};
use shared::{Coordinates, Permission};

use super::access::office_actor;
use super::approvals;
use crate::callback_data::admin::AdminCallback;
use crate::context::UpdateContext;
use crate::format;
use crate::html::bold;
use crate::message_view::MessageView;
use crate::pickers::pagination::Page;
use crate::response::BotResponse;
use crate::texts::{self, admin};
use crate::view_context::ViewContext;

/// Technicians on one page.
const PAGE_SIZE: usize = 8;

/// A page of the active technicians, those on duty first.
pub fn technician_page(
    mut ctx: UpdateContext<'_, '_>,
    replaces: Option<i32>,
    page: usize,
) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::TechniciansRead)?;
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let query = TechnicianQuery {
        active: Some(true),
        limit: Some(MAX_LIMIT),
        ..TechnicianQuery::default()
    };
    let mut all = technicians::list(ctx.tx.conn(), &query)?.items;
    all.sort_by_key(|technician| !technician.on_duty);
    let on_duty = all.iter().filter(|technician| technician.on_duty).count();
    let page = Page::new(all.len(), PAGE_SIZE, page);
    let mut parts = vec![bold(&admin::technicians_on_duty(lang, on_duty, all.len()))];
    if all.is_empty() {
        parts.push(texts::technicians::none(lang).to_owned());
    }
    let lines = page.slice(&all).iter();
    parts.extend(lines.map(|technician| technician_line(view_ctx, technician)));
    let mut row = page.neighbour_buttons(view_ctx, AdminCallback::TechnicianPage);
    let refresh = AdminCallback::TechnicianPage(page.index());
    row.push(view_ctx.button(texts::common::refresh(lang), refresh));
    let mut buttons = vec![row];
    buttons.extend(approvals::applications_button(&mut ctx, &actor)?);
    let view = MessageView { text: parts.join("\n\n"), buttons };
    Ok(BotResponse::show_view(replaces, view))
}

fn technician_line(view_ctx: ViewContext<'_>, technician: &Technician) -> String {
    let icon = if technician.on_duty { "🟢" } else { "😴" };
    let jobs = match technician.open_jobs {
        0 => texts::technicians::no_jobs(view_ctx.lang).to_owned(),
        open => texts::technicians::jobs(view_ctx.lang, open),
    };
    let location = last_location(view_ctx, technician);
    format!("{icon} {} · {jobs}\n📍 {location}", bold(&technician.name))
}

/// When the technician was located last, how far from the base, and a link to the map.
fn last_location(view_ctx: ViewContext<'_>, technician: &Technician) -> String {
    let lang = view_ctx.lang;
    let point = |latitude: Option<f64>, longitude: Option<f64>| {
        latitude.zip(longitude).and_then(|(lat, lon)| Coordinates::new(lat, lon))
    };
    let last = point(technician.last_latitude, technician.last_longitude);
    let Some((last, at)) = last.zip(technician.last_seen_at) else {
        return texts::technicians::never_located(lang).to_owned();
    };
    let time = format::date_time(view_ctx, at);
    let base = point(technician.base_latitude, technician.base_longitude);
    let distance = base.map(|base| format::distance(lang, last.distance_km(base)));
    let distance = distance.map(|distance| texts::technicians::from_base(lang, distance));
    let map = format!(
        "<a href=\"https://maps.google.com/?q={:.6},{:.6}\">{}</a>",
        last.latitude(),
        last.longitude(),
        texts::technicians::map(lang)
    );
    format!("{time}{} · {map}", distance.unwrap_or_default())
}
