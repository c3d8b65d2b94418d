//! A return as the warehouse and the technician read it.

use services::Result;
use services::inventory::bag_returns;
use shared::inventory::{BagReturn, BagReturnConfirmation, BagReturnLine, BagReturnStatus};
use shared::{BagReturnId, Lang, Permission};

use super::format::serial_list;
use crate::callback_data::bag::BagCallback;
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::{self, returns};
use crate::view_context::ViewContext;

/// The items of a return, one line each; with the requested quantity if another one was counted.
pub fn return_lines(lang: Lang, bag_return: &BagReturn) -> String {
    let lines = bag_return.lines.iter().map(|line| return_line(lang, line));
    lines.collect::<Vec<_>>().join("\n")
}

fn return_line(lang: Lang, line: &BagReturnLine) -> String {
    let requested = format::quantity(line.quantity, line.unit);
    let name = escape(&line.item_name);
    let serials = match line.counted {
        Some(_) => &line.counted_serial_numbers,
        None => &line.serial_numbers,
    };
    let serials = match serials.is_empty() {
        true => String::new(),
        false => format!("\n  {}", serial_list(lang, serials)),
    };
    match line.counted {
        Some(counted) if counted != line.quantity => {
            let counted = format::quantity(counted, line.unit);
            let requested = returns::counted_differently(lang, requested);
            format!("• {counted} {name} {requested}{serials}")
        }
        _ => format!("• {requested} {name}{serials}"),
    }
}

/// The status of a return in one line.
pub const fn status_text(lang: Lang, status: BagReturnStatus) -> &'static str {
    match status {
        BagReturnStatus::Requested => returns::is_requested(lang),
        BagReturnStatus::Confirmed => returns::is_confirmed(lang),
        BagReturnStatus::Rejected => returns::is_rejected(lang),
        BagReturnStatus::Withdrawn => returns::is_withdrawn(lang),
    }
}

/// A return for the warehouse: the request, or what was decided.
pub fn request_view(view_ctx: ViewContext<'_>, bag_return: &BagReturn) -> MessageView {
    let (lang, id) = (view_ctx.lang, bag_return.id);
    let name = bold(&bag_return.technician_name);
    let items = return_lines(lang, bag_return);
    let by = bag_return.decided_by.as_deref().map(escape).unwrap_or_default();
    match bag_return.status {
        BagReturnStatus::Requested => {
            let title = bold(&returns::office_title(lang, id));
            let accept = BagCallback::Confirm(id);
            let mut buttons = vec![vec![view_ctx.button(returns::accept_all(lang), accept)]];
            let path = format!("inventory/returns/{id}");
            buttons.extend(view_ctx.web_page_button(returns::open_page(lang), &path));
            MessageView { text: returns::office_requested(lang, title, name, items), buttons }
        }
        BagReturnStatus::Confirmed => {
            MessageView::text(returns::office_confirmed(lang, id, name, by, items))
        }
        BagReturnStatus::Rejected => {
            let reason = escape(bag_return.reason.as_deref().unwrap_or_default());
            MessageView::text(returns::office_rejected(lang, id, name, by, reason))
        }
        BagReturnStatus::Withdrawn => {
            MessageView::text(returns::office_withdrawn(lang, id, name, by))
        }
    }
}

/// The decision of the warehouse for the technician.
pub fn decision_view(lang: Lang, bag_return: &BagReturn) -> MessageView {
    let title = bold(&returns::title(lang, bag_return.id));
    MessageView::text(match bag_return.status {
        BagReturnStatus::Confirmed => {
            let by = bag_return.decided_by.as_deref().map(escape).unwrap_or_default();
            let first = returns::confirmed(lang, title, by);
            let items = return_lines(lang, bag_return);
            let differs = bag_return.lines.iter().any(|line| line.counted != Some(line.quantity));
            let rest = match differs {
                true => format!("\n\n{}", returns::some_stay_in_bag(lang)),
                false => String::new(),
            };
            format!("{first}\n\n{items}{rest}")
        }
        BagReturnStatus::Rejected => {
            let reason = escape(bag_return.reason.as_deref().unwrap_or_default());
            returns::rejected(lang, title, reason)
        }
        status => format!("{title}: {}", status_text(lang, status)),
    })
}

/// Accepts everything as requested.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and `InsufficientStock` if the bag no longer holds that
/// much.
pub fn confirm(
    ctx: UpdateContext<'_, '_>,
    message_id: i32,
    id: BagReturnId,
) -> Result<BotResponse> {
    let actor = ctx.actor()?;
    actor.scope(Permission::InventoryWrite)?;
    let before = bag_returns::get(ctx.tx.conn(), &actor, id)?;
    if before.status != BagReturnStatus::Requested {
        let view = request_view(ctx.view_ctx(), &before);
        let toast = status_text(ctx.lang, before.status);
        return Ok(BotResponse::edit_view(message_id, view).with_toast(toast));
    }
    let counted = BagReturnConfirmation::default();
    let after = bag_returns::confirm(ctx.tx, &actor, id, None, &counted)?;
    let view = request_view(ctx.view_ctx(), &after);
    Ok(BotResponse::edit_view(message_id, view).with_toast(texts::returns::accepted(ctx.lang)))
}
