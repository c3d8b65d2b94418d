//! What a technician carries, and how leftovers get back to the warehouse.

mod return_draft;
mod return_flow;
mod return_form;
mod return_notices;
mod stock_view;

pub use return_draft::ReturnDraft;
pub use return_notices::{decision_view, request_view};
pub use stock_view::show;

use serde::{Deserialize, Serialize};
use services::Result;
use shared::{BagReturnId, ItemId};

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::response::BotResponse;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum BagDialogue {
    /// What is to go back is being put together.
    GivingBack(ReturnDraft),
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BagCallback {
    /// Looks again.
    #[serde(rename = "l")]
    Refresh,
    /// Puts together what goes back.
    #[serde(rename = "g")]
    GiveBack,
    #[serde(rename = "d")]
    Edit(ReturnAction),
    /// The technician takes the request back.
    #[serde(rename = "w")]
    Withdraw(BagReturnId),
    /// The warehouse has counted everything that was named.
    #[serde(rename = "c")]
    Confirm(BagReturnId),
}

/// What a button does with the return that is being put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReturnAction {
    /// All items, on this page.
    #[serde(rename = "p")]
    ItemPage(usize),
    /// One item, closer.
    #[serde(rename = "i")]
    Item(ItemId),
    /// More of the item that is looked at, or less.
    #[serde(rename = "a")]
    Add(ItemId, i64),
    /// All of an item.
    #[serde(rename = "w")]
    AddAll(ItemId),
    /// Takes the unit whose serial number ends so, or puts it back.
    #[serde(rename = "u")]
    ToggleUnit(ItemId, String),
    /// Everything in the bag.
    #[serde(rename = "e")]
    AddEverything,
    #[serde(rename = "s")]
    Submit,
    #[serde(rename = "x")]
    Cancel,
}

/// Answers a button.
///
/// # Errors
/// The caller may not; a rule refuses; the database fails.
pub fn handle_callback(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: BagCallback,
) -> Result<BotResponse> {
    match press {
        BagCallback::Refresh => stock_view::refresh(here, message_id),
        BagCallback::GiveBack => return_flow::start(here, message_id),
        BagCallback::Edit(act) => match dialogue {
            Some(Dialogue::Bag(BagDialogue::GivingBack(draft))) => {
                return_flow::handle_callback(here, message_id, draft, act)
            }
            // An old button: the bag as it is now takes the place of the list.
            _ => stock_view::replace_with_stock(here, message_id, "Daftar ini tidak terbuka lagi."),
        },
        BagCallback::Withdraw(id) => return_flow::withdraw(here, message_id, id),
        BagCallback::Confirm(id) => return_notices::confirm(here, message_id, id),
    }
}

/// Goes on with what was asked.
///
/// # Errors
/// The caller may not; the database fails.
pub fn handle_input(
    here: UpdateContext<'_, '_>,
    state: &BagDialogue,
    input: &Input,
) -> Result<BotResponse> {
    let BagDialogue::GivingBack(draft) = state;
    return_flow::handle_input(here, draft, input)
}
