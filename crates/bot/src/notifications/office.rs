//! What the office hears of jobs and stock, in a few words.

use chrono::{DateTime, Utc};
use services::inventory::bag_returns;
use services::outbox::MissingItem;
use services::{Conn, Result, jobs, telegram};
use shared::inventory::BagReturnStatus;
use shared::{BagReturnId, ItemId, JobId, Permission};

use crate::flows::bag;
use crate::format;
use crate::html::{bold, escape};
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// The warehouse lacked something when the job was accepted.
pub fn short_stock(
    screen: ViewContext<'_>,
    id: JobId,
    number: &str,
    missing: &[MissingItem],
) -> MessageView {
    let list: Vec<String> =
        missing.iter().map(|one| format!("{} × {}", one.quantity, escape(&one.name))).collect();
    let text = format!("📦 Stok kurang untuk {}: {}.", bold(number), list.join(", "));
    MessageView { text, buttons: screen.web_page_button("Buka pekerjaan", &format!("jobs/{id}")) }
}

/// A quarter of the time is left; nothing to say once the job is done.
pub fn sla_warning(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: JobId,
    number: &str,
    due_at: DateTime<Utc>,
) -> Result<Option<MessageView>> {
    let Some(who) = unfinished_assignee(conn, screen, id, due_at)? else { return Ok(None) };
    let due = format::due_time(due_at, screen.now, screen.zone());
    let text = format!("⏳ {} hampir lewat batas: {due}. {who}", bold(number));
    let buttons = screen.web_page_button("Buka pekerjaan", &format!("jobs/{id}"));
    Ok(Some(MessageView { text, buttons }))
}

/// The due time has passed; nothing to say once the job is done.
pub fn sla_breached(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: JobId,
    number: &str,
    due_at: DateTime<Utc>,
) -> Result<Option<MessageView>> {
    let Some(who) = unfinished_assignee(conn, screen, id, due_at)? else { return Ok(None) };
    let due = format::date_time(due_at, screen.now, screen.zone());
    let text = format!("🔴 {} lewat batas sejak {due}. {who}", bold(number));
    let buttons = screen.web_page_button("Buka pekerjaan", &format!("jobs/{id}"));
    Ok(Some(MessageView { text, buttons }))
}

/// Who is on the job; `None` if it is finished or has another due time now.
fn unfinished_assignee(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: JobId,
    due_at: DateTime<Utc>,
) -> Result<Option<String>> {
    let Some(actor) = telegram::actor_for_chat(conn, screen.chat)? else { return Ok(None) };
    let job = jobs::get(conn, &actor, id)?;
    if !job.status.is_unfinished() || job.due_at != due_at {
        return Ok(None);
    }
    Ok(Some(match job.technicians.first() {
        Some(lead) => format!("Teknisi: {}.", escape(&lead.name)),
        None => "Belum ada teknisi.".to_owned(),
    }))
}

/// A technician brings leftovers; one that was decided before it was told of is no news.
pub fn bag_return_requested(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    id: BagReturnId,
    replaces: Option<i32>,
) -> Result<Option<MessageView>> {
    let actor = telegram::actor_for_chat(conn, screen.chat)?;
    let may = actor.filter(|actor| actor.permissions.allows(Permission::InventoryWrite));
    let Some(actor) = may else { return Ok(None) };
    let one = bag_returns::get(conn, &actor, id)?;
    let is_news = one.status == BagReturnStatus::Requested || replaces.is_some();
    Ok(is_news.then(|| bag::request_view(screen, &one)))
}

/// An item of the warehouse.
pub struct LowStockItem<'a> {
    pub id: ItemId,
    pub code: &'a str,
    pub name: &'a str,
}

/// An item is at its minimum or below.
pub fn low_stock(
    screen: ViewContext<'_>,
    item: &LowStockItem<'_>,
    on_hand: i64,
    min_stock: i64,
) -> MessageView {
    let text = format!(
        "📦 Stok menipis: {} ({}) tinggal {on_hand}, minimum {min_stock}.",
        bold(item.name),
        escape(item.code)
    );
    MessageView {
        text,
        buttons: screen.web_page_button("Buka barang", &format!("inventory/{}", item.id)),
    }
}
