//! Today's overview: counts, and buttons to the jobs behind them.

use notify::telegram::Button;
use services::{Actor, Result, dashboard, inventory};
use shared::dashboard::Dashboard;
use shared::inventory::ItemQuery;
use shared::job_state_machine::JobStatus;
use shared::{Permission, Scope};

use super::access::office_actor;
use super::list::filter_label;
use crate::callback_data::admin::{AdminCallback, JobFilter};
use crate::context::UpdateContext;
use crate::format;
use crate::html::bold;
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::{self, admin};
use crate::view_context::ViewContext;

/// Shows the present counts.
pub fn show(mut ctx: UpdateContext<'_, '_>, replaces: Option<i32>) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::DashboardRead)?;
    let view_ctx = ctx.view_ctx();
    let dashboard = dashboard::load(ctx.tx.conn(), &actor, view_ctx.now, view_ctx.zone())?;
    let low_stock = low_stock_count(&mut ctx, &actor)?;
    let text = overview_text(view_ctx, &dashboard, low_stock);
    let buttons = overview_buttons(view_ctx, &actor, &dashboard, low_stock);
    Ok(BotResponse::show_view(replaces, MessageView { text, buttons }))
}

/// How many items run low; `None` without permission to see the whole stock.
fn low_stock_count(ctx: &mut UpdateContext<'_, '_>, actor: &Actor) -> Result<Option<i64>> {
    if actor.permissions.grant(Permission::InventoryRead) != Some(Scope::All) {
        return Ok(None);
    }
    let query = ItemQuery {
        low: Some(true),
        limit: Some(1),
        with_total: Some(true),
        ..ItemQuery::default()
    };
    Ok(inventory::items::list(ctx.tx.conn(), actor, &query)?.total)
}

fn status_count(dashboard: &Dashboard, status: JobStatus) -> i64 {
    let count = dashboard.by_status.iter().find(|count| count.status == status);
    count.map_or(0, |count| count.count)
}

fn overview_text(
    view_ctx: ViewContext<'_>,
    dashboard: &Dashboard,
    low_stock: Option<i64>,
) -> String {
    let lang = view_ctx.lang;
    let time = format::date_time(view_ctx, view_ctx.now);
    let completed = &dashboard.completed_today;
    let of = |status| status_count(dashboard, status);
    let mut lines = vec![
        bold(&admin::overview_title(lang, time)),
        String::new(),
        admin::overdue(lang, dashboard.overdue),
        admin::due_soon(lang, dashboard.due_soon),
        admin::unassigned(lang, dashboard.unassigned),
        admin::in_progress(lang, of(JobStatus::InProgress)),
        admin::on_hold(lang, of(JobStatus::OnHold)),
        admin::completed_today(lang, completed.value, completed.before),
        admin::to_verify(lang, of(JobStatus::Completed)),
        admin::technicians_on_duty(
            lang,
            dashboard.technicians_on_duty,
            dashboard.technicians_active,
        ),
    ];
    lines.extend(low_stock.map(|count| admin::low_stock(lang, count)));
    lines.join("\n")
}

fn overview_buttons(
    view_ctx: ViewContext<'_>,
    actor: &Actor,
    dashboard: &Dashboard,
    low_stock: Option<i64>,
) -> Vec<Vec<Button>> {
    let lang = view_ctx.lang;
    let counts = [
        (JobFilter::Overdue, dashboard.overdue),
        (JobFilter::DueSoon, dashboard.due_soon),
        (JobFilter::Open, dashboard.unassigned),
        (JobFilter::InProgress, status_count(dashboard, JobStatus::InProgress)),
        (JobFilter::OnHold, status_count(dashboard, JobStatus::OnHold)),
        (JobFilter::Completed, status_count(dashboard, JobStatus::Completed)),
    ];
    let lists: Vec<Button> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(filter, count)| {
            let label = format!("{} ({count})", filter_label(lang, filter));
            view_ctx.button(label, AdminCallback::JobPage(filter, 0))
        })
        .collect();
    let mut rows: Vec<Vec<Button>> = lists.chunks(2).map(<[_]>::to_vec).collect();
    let mut last = Vec::new();
    if actor.permissions.allows(Permission::TechniciansRead) {
        let label = admin::technicians_button(lang);
        last.push(view_ctx.button(label, AdminCallback::TechnicianPage(0)));
    }
    if low_stock.is_some() {
        last.push(view_ctx.button(admin::stock_button(lang), AdminCallback::LowStock));
    }
    last.push(view_ctx.button(texts::common::refresh(lang), AdminCallback::Overview));
    rows.push(last);
    rows
}
