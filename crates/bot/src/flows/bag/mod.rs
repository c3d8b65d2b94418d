//! The bag of a technician: its content, and returns to the warehouse.

pub mod dialogue;
mod format;
mod return_flow;
mod return_form;
mod return_notices;
mod stock_view;

use crate::callback_data::bag::BagCallback;
use dialogue::BagDialogue;
pub use return_notices::{decision_view, request_view};
use services::Result;
pub use stock_view::show;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::incoming_update::Input;
use crate::response::BotResponse;
use crate::texts;

/// Handles a button.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of a return.
pub fn handle_callback(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    callback: &BagCallback,
) -> Result<BotResponse> {
    match callback {
        BagCallback::Refresh => stock_view::refresh(ctx, message_id),
        BagCallback::GiveBack => return_flow::start(ctx, message_id),
        BagCallback::Edit(action) => match dialogue {
            Some(Dialogue::Bag(BagDialogue::GivingBack(draft))) => {
                return_flow::handle_callback(ctx, message_id, draft, action)
            }
            // The button of an earlier return: the content of the bag replaces its list.
            _ => {
                let toast = texts::bag::list_closed(ctx.lang);
                stock_view::replace_with_stock(ctx, message_id, toast)
            }
        },
        BagCallback::Withdraw(id) => return_flow::withdraw(ctx, message_id, *id),
        BagCallback::Confirm(id) => return_notices::confirm(ctx, message_id, *id),
    }
}

/// Handles input to the dialogue.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn handle_input(
    ctx: UpdateContext<'_, '_>,
    dialogue: &BagDialogue,
    input: &Input,
) -> Result<BotResponse> {
    let BagDialogue::GivingBack(draft) = dialogue;
    return_flow::handle_input(ctx, draft, input)
}
