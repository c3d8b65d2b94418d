//! Today at a glance.

use notify::telegram::Button;
use services::{Actor, Result, dashboard, inventory};
use shared::dashboard::Dashboard;
use shared::inventory::ItemQuery;
use shared::job_state_machine::JobStatus;
use shared::{Permission, Scope};

use crate::answer::Answer;
use crate::cards::Card;
use crate::flows::AdminPress;
use crate::flows::admin::{Choice, office, shown};
use crate::here::Here;
use crate::html::bold;
use crate::press::Press;
use crate::say;
use crate::screen::Screen;

/// The figures of this moment, and ways to what is behind them.
pub fn show(here: Here<'_, '_>, at: Option<i32>) -> Result<Answer> {
    let actor = office(&here, Permission::DashboardRead)?;
    let screen = here.screen();
    let board = dashboard::load(here.tx.conn(), &actor, screen.now, screen.zone())?;
    let low = low_items(here, &actor)?;
    let text = figures(screen, &board, low);
    Ok(shown(at, Card { text, buttons: buttons(screen, &actor, &board, low) }))
}

/// How many items run out; `None` for who does not see the warehouse.
fn low_items(here: Here<'_, '_>, actor: &Actor) -> Result<Option<i64>> {
    if actor.rights.grant(Permission::InventoryRead) != Some(Scope::All) {
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

fn of(board: &Dashboard, status: JobStatus) -> i64 {
    board.by_status.iter().find(|count| count.status == status).map_or(0, |count| count.count)
}

fn figures(screen: Screen<'_>, board: &Dashboard, low: Option<i64>) -> String {
    let moment = say::moment(screen.now, screen.now, screen.zone());
    let done = &board.completed_today;
    let mut lines = vec![
        bold(&format!("Keadaan {moment}")),
        String::new(),
        format!("🔴 Lewat batas: {}", board.overdue),
        format!("⏳ Segera jatuh tempo: {}", board.due_soon),
        format!("🆕 Belum ada teknisi: {}", board.unassigned),
        format!("🔧 Dikerjakan: {}", of(board, JobStatus::InProgress)),
        format!("⏸ Ditunda: {}", of(board, JobStatus::OnHold)),
        format!("✅ Selesai hari ini: {} (kemarin jam segini {})", done.value, done.before),
        format!("☑️ Menunggu verifikasi: {}", of(board, JobStatus::Completed)),
        format!(
            "👷 Teknisi dinas: {} dari {}",
            board.technicians_on_duty, board.technicians_active
        ),
    ];
    lines.extend(low.map(|low| format!("📦 Stok menipis: {low}")));
    lines.join("\n")
}

fn buttons(
    screen: Screen<'_>,
    actor: &Actor,
    board: &Dashboard,
    low: Option<i64>,
) -> Vec<Vec<Button>> {
    let press = |label: String, press| screen.button(label, &Press::Admin(press));
    let jobs = |choice: Choice, count: i64| {
        let label = format!("{} ({count})", choice.label());
        (count > 0).then(|| press(label, AdminPress::Jobs(choice, 0)))
    };
    let counted = [
        (Choice::Late, board.overdue),
        (Choice::Soon, board.due_soon),
        (Choice::Open, board.unassigned),
        (Choice::Working, of(board, JobStatus::InProgress)),
        (Choice::OnHold, of(board, JobStatus::OnHold)),
        (Choice::Done, of(board, JobStatus::Completed)),
    ];
    let lists: Vec<Button> =
        counted.into_iter().filter_map(|(choice, count)| jobs(choice, count)).collect();
    let mut rows: Vec<Vec<Button>> = lists.chunks(2).map(<[_]>::to_vec).collect();
    let mut more = Vec::new();
    if actor.rights.allows(Permission::TechniciansRead) {
        more.push(press("👷 Teknisi".into(), AdminPress::Team(0)));
    }
    if low.is_some() {
        more.push(press("📦 Stok".into(), AdminPress::LowStock));
    }
    more.push(press("🔄 Segarkan".into(), AdminPress::Today));
    rows.push(more);
    rows
}
