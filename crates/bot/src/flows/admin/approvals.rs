//! What waits for a decision of the office: applications and returns.

use notify::telegram::Button;
use services::inventory::bag_returns;
use services::{Actor, Result, technician_registrations};
use shared::Permission;
use shared::inventory::{BagReturnQuery, BagReturnStatus};
use shared::technician_registration::{RegistrationQuery, RegistrationStatus};

use super::access::office_actor;
use crate::callback_data::admin::AdminCallback;
use crate::context::UpdateContext;
use crate::flows::{bag, registration};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::admin;

/// Messages that are sent at once; more follow after these are decided.
const MAX_CARDS: i64 = 5;

/// A button with the number of pending applications; `None` if there are none, or without permission
/// to decide on them.
pub fn applications_button(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
) -> Result<Option<Vec<Button>>> {
    if !actor.permissions.allows(Permission::TechniciansManage) {
        return Ok(None);
    }
    let query = pending_applications_query();
    let total = technician_registrations::list(ctx.tx.conn(), actor, &query)?.total;
    Ok(total.filter(|count| *count > 0).map(|count| {
        let label = admin::applications_waiting(ctx.lang, count);
        vec![ctx.view_ctx().button(label, AdminCallback::Applicants)]
    }))
}

/// A button with the number of requested returns; `None` if there are none, or without permission to
/// decide on them.
pub fn bag_returns_button(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
) -> Result<Option<Vec<Button>>> {
    if !actor.permissions.allows(Permission::InventoryWrite) {
        return Ok(None);
    }
    let total = bag_returns::list(ctx.tx.conn(), actor, &pending_returns_query())?.total;
    Ok(total.filter(|count| *count > 0).map(|count| {
        let label = admin::returns_waiting(ctx.lang, count);
        vec![ctx.view_ctx().button(label, AdminCallback::BagReturns)]
    }))
}

fn pending_applications_query() -> RegistrationQuery {
    RegistrationQuery {
        status: Some(RegistrationStatus::Pending),
        limit: Some(MAX_CARDS),
        with_total: Some(true),
        ..RegistrationQuery::default()
    }
}

fn pending_returns_query() -> BagReturnQuery {
    BagReturnQuery {
        status: Some(BagReturnStatus::Requested),
        limit: Some(MAX_CARDS),
        with_total: Some(true),
        ..BagReturnQuery::default()
    }
}

/// Sends the pending applications, the oldest first.
pub fn applications(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::TechniciansManage)?;
    let query = pending_applications_query();
    let page = technician_registrations::list(ctx.tx.conn(), &actor, &query)?;
    let view_ctx = ctx.view_ctx();
    let views = page.items.iter().map(|item| registration::application_view(view_ctx, item));
    Ok(combine_views(views, admin::no_applications(ctx.lang)))
}

/// Sends the requested returns, the newest first.
pub fn bag_returns(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::InventoryWrite)?;
    let page = bag_returns::list(ctx.tx.conn(), &actor, &pending_returns_query())?;
    let view_ctx = ctx.view_ctx();
    let views = page.items.iter().map(|item| bag::request_view(view_ctx, item));
    Ok(combine_views(views, admin::no_returns(ctx.lang)))
}

/// One message per view; a toast if there are none.
fn combine_views(views: impl Iterator<Item = MessageView>, none: &'static str) -> BotResponse {
    let responses = views.map(BotResponse::view);
    responses.reduce(BotResponse::then).unwrap_or_else(|| BotResponse::toast(none))
}
