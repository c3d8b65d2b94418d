//! Notices to the office about jobs and stock.

use chrono::{DateTime, Utc};
use services::inventory::bag_returns;
use services::outbox::MissingItem;
use services::{Conn, Result, jobs, telegram};
use shared::inventory::BagReturnStatus;
use shared::{BagReturnId, ItemId, JobId, Permission};

use crate::flows::bag;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::texts::{self, notices};
use crate::view_context::ViewContext;

fn job_notice(view_ctx: ViewContext<'_>, id: JobId, text: String) -> MessageView {
    let label = texts::common::open_job(view_ctx.lang);
    MessageView { text, buttons: view_ctx.web_page_button(label, &format!("jobs/{id}")) }
}

/// The warehouse lacked something when the job was accepted.
pub fn short_stock(
    view_ctx: ViewContext<'_>,
    id: JobId,
    number: &str,
    missing: &[MissingItem],
) -> MessageView {
    let items: Vec<String> =
        missing.iter().map(|item| format!("{} × {}", item.quantity, escape(&item.name))).collect();
    let text = notices::short_stock(view_ctx.lang, bold(number), items.join(", "));
    job_notice(view_ctx, id, text)
}

/// A quarter of the time is left. Nothing to tell once the job is finished.
pub fn sla_warning(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: JobId,
    number: &str,
    due_at: DateTime<Utc>,
) -> Result<Option<MessageView>> {
    Ok(unfinished_assignee(conn, view_ctx, id, due_at)?.map(|technician| {
        let due = format::due_time(view_ctx, due_at);
        let text = notices::due_soon(view_ctx.lang, bold(number), due, technician);
        job_notice(view_ctx, id, text)
    }))
}

/// The due time has passed. Nothing to tell once the job is finished.
pub fn sla_breached(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: JobId,
    number: &str,
    due_at: DateTime<Utc>,
) -> Result<Option<MessageView>> {
    Ok(unfinished_assignee(conn, view_ctx, id, due_at)?.map(|technician| {
        let due = format::date_time(view_ctx, due_at);
        let text = notices::overdue(view_ctx.lang, bold(number), due, technician);
        job_notice(view_ctx, id, text)
    }))
}

/// The technician of the job, as a sentence; `None` if the job is finished or its due time has changed.
fn unfinished_assignee(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: JobId,
    due_at: DateTime<Utc>,
) -> Result<Option<String>> {
    let Some(actor) = telegram::actor_for_chat(conn, view_ctx.chat)? else { return Ok(None) };
    let job = jobs::get(conn, &actor, id)?;
    if !job.status.is_unfinished() || job.due_at != due_at {
        return Ok(None);
    }
    Ok(Some(match job.technicians.first() {
        Some(lead) => notices::technician(view_ctx.lang, escape(&lead.name)),
        None => notices::no_technician(view_ctx.lang).to_owned(),
    }))
}

/// A technician requests a return. If it was decided before the delivery there is nothing to tell,
/// except in a message that shows the request already.
pub fn bag_return_requested(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    id: BagReturnId,
    replaces: Option<i32>,
) -> Result<Option<MessageView>> {
    let actor = telegram::actor_for_chat(conn, view_ctx.chat)?;
    let allowed = actor.filter(|actor| actor.permissions.allows(Permission::InventoryWrite));
    let Some(actor) = allowed else { return Ok(None) };
    let bag_return = bag_returns::get(conn, &actor, id)?;
    let is_news = bag_return.status == BagReturnStatus::Requested || replaces.is_some();
    Ok(is_news.then(|| bag::request_view(view_ctx, &bag_return)))
}

/// An item that runs low.
pub struct LowStockItem<'a> {
    pub id: ItemId,
    pub code: &'a str,
    pub name: &'a str,
}

/// An item is at its minimum or below.
pub fn low_stock(
    view_ctx: ViewContext<'_>,
    item: &LowStockItem<'_>,
    on_hand: i64,
    min_stock: i64,
) -> MessageView {
    let lang = view_ctx.lang;
    let (name, code) = (bold(item.name), escape(item.code));
    let text = notices::low_stock(lang, name, code, on_hand, min_stock);
    let path = format!("inventory/{}", item.id);
    MessageView { text, buttons: view_ctx.web_page_button(notices::open_item(lang), &path) }
}
