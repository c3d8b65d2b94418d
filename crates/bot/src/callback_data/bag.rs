//! Callbacks of the technician's bag and of returns.

use serde::{Deserialize, Serialize};
use shared::{BagReturnId, ItemId};

/// Buttons of the bag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BagCallback {
    /// Shows the present content.
    #[serde(rename = "l")]
    Refresh,
    /// Starts a return.
    #[serde(rename = "g")]
    GiveBack,
    /// Changes the return that is being prepared.
    #[serde(rename = "d")]
    Edit(ReturnAction),
    /// The technician withdraws the request.
    #[serde(rename = "w")]
    Withdraw(BagReturnId),
    /// The warehouse has counted everything as requested.
    #[serde(rename = "c")]
    Confirm(BagReturnId),
}

/// Buttons of the return that is being prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReturnAction {
    /// A page of the items.
    #[serde(rename = "p")]
    ItemPage(usize),
    /// One item in detail.
    #[serde(rename = "i")]
    Item(ItemId),
    /// More of an item, or less.
    #[serde(rename = "a")]
    Add(ItemId, i64),
    /// All of an item.
    #[serde(rename = "w")]
    AddAll(ItemId),
    /// Selects or deselects the unit whose serial number ends like this.
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
