//! Today at a glance.

use notify::telegram::Button;
use services::{Actor, Result, dashboard, inventory};
use shared::dashboard::Dashboard;
use shared::inventory::ItemQuery;
use shared::job_state_machine::JobStatus;
use shared::{Permission, Scope};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::AdminCallback;
use crate::flows::admin::{JobFilter, office_actor, show_view};
use crate::format;
use crate::html::bold;
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// The figures of this moment, and ways to what is behind them.
pub fn show(here: UpdateContext<'_, '_>, at: Option<i32>) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::DashboardRead)?;
    let screen = here.view_ctx();
    let board = dashboard::load(here.tx.conn(), &actor, screen.now, screen.zone())?;
    let low = low_stock_count(here, &actor)?;
    let text = overview_text(screen, &board, low);
    Ok(show_view(at, MessageView { text, buttons: overview_buttons(screen, &actor, &board, low) }))
}

/// How many items run out; `None` for who does not see the warehouse.
fn low_stock_count(here: UpdateContext<'_, '_>, actor: &Actor) -> Result<Option<i64>> {
    if actor.permissions.grant(Permission::InventoryRead) != Some(Scope::All) {
        return Ok(None);
    }
    let query = ItemQuery {
        low: Some(true),
        limit: Some(1),
        with_total: Some(true),
        ..ItemQuery::default()
    };
    Ok(inventory::items::list(here.tx.conn(), actor, &query)?.total)
}

fn status_count(board: &Dashboard, status: JobStatus) -> i64 {
    board.by_status.iter().find(|count| count.status == status).map_or(0, |count| count.count)
}

fn overview_text(screen: ViewContext<'_>, board: &Dashboard, low: Option<i64>) -> String {
    let moment = format::date_time(screen.now, screen.now, screen.zone());
    let done = &board.completed_today;
    let mut lines = vec![
        bold(&format!("Keadaan {moment}")),
        String::new(),
        format!("🔴 Lewat batas: {}", board.overdue),
        format!("⏳ Segera jatuh tempo: {}", board.due_soon),
        format!("🆕 Belum ada teknisi: {}", board.unassigned),
        format!("🔧 Dikerjakan: {}", status_count(board, JobStatus::InProgress)),
        format!("⏸ Ditunda: {}", status_count(board, JobStatus::OnHold)),
        format!("✅ Selesai hari ini: {} (kemarin jam segini {})", done.value, done.before),
        format!("☑️ Menunggu verifikasi: {}", status_count(board, JobStatus::Completed)),
        format!(
            "👷 Teknisi dinas: {} dari {}",
            board.technicians_on_duty, board.technicians_active
        ),
    ];
    lines.extend(low.map(|low| format!("📦 Stok menipis: {low}")));
    lines.join("\n")
}

fn overview_buttons(
    screen: ViewContext<'_>,
    actor: &Actor,
    board: &Dashboard,
    low: Option<i64>,
) -> Vec<Vec<Button>> {
    let press = |label: String, press| screen.button(label, &CallbackData::Admin(press));
    let jobs = |choice: JobFilter, count: i64| {
        let label = format!("{} ({count})", choice.label());
        (count > 0).then(|| press(label, AdminCallback::JobPage(choice, 0)))
    };
    let counted = [
        (JobFilter::Overdue, board.overdue),
        (JobFilter::DueSoon, board.due_soon),
        (JobFilter::Open, board.unassigned),
        (JobFilter::InProgress, status_count(board, JobStatus::InProgress)),
        (JobFilter::OnHold, status_count(board, JobStatus::OnHold)),
        (JobFilter::Completed, status_count(board, JobStatus::Completed)),
    ];
    let lists: Vec<Button> =
        counted.into_iter().filter_map(|(choice, count)| jobs(choice, count)).collect();
    let mut rows: Vec<Vec<Button>> = lists.chunks(2).map(<[_]>::to_vec).collect();
    let mut more = Vec::new();
    if actor.permissions.allows(Permission::TechniciansRead) {
        more.push(press("👷 Teknisi".into(), AdminCallback::TechnicianPage(0)));
    }
    if low.is_some() {
        more.push(press("📦 Stok".into(), AdminCallback::LowStock));
    }
    more.push(press("🔄 Segarkan".into(), AdminCallback::Overview));
    rows.push(more);
    rows
}
