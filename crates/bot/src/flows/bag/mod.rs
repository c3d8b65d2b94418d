//! What a technician carries, and how leftovers get back to the warehouse.

mod draft;
mod give_back;
mod look;
mod sheet;
mod told;

pub use draft::Draft;
pub use look::show;
pub use told::{decided, requested};

use serde::{Deserialize, Serialize};
use services::Result;
use shared::{BagReturnId, ItemId};

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// What this flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum BagDialogue {
    /// What is to go back is being put together.
    GivingBack(Draft),
}

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BagPress {
    /// Looks again.
    #[serde(rename = "l")]
    Look,
    /// Puts together what goes back.
    #[serde(rename = "g")]
    GiveBack,
    #[serde(rename = "d")]
    Draft(Act),
    /// The technician takes the request back.
    #[serde(rename = "w")]
    Withdraw(BagReturnId),
    /// The warehouse has counted everything that was named.
    #[serde(rename = "c")]
    Confirm(BagReturnId),
}

/// What a button does with the return that is being put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// All items, on this page.
    #[serde(rename = "p")]
    Items(usize),
    /// One item, closer.
    #[serde(rename = "i")]
    Item(ItemId),
    /// More of the item that is looked at, or less.
    #[serde(rename = "a")]
    Add(ItemId, i64),
    /// All of an item.
    #[serde(rename = "w")]
    Whole(ItemId),
    /// Takes the unit whose serial number ends so, or puts it back.
    #[serde(rename = "u")]
    Unit(ItemId, String),
    /// Everything in the bag.
    #[serde(rename = "e")]
    Everything,
    #[serde(rename = "s")]
    Send,
    #[serde(rename = "x")]
    Leave,
}

/// Answers a button.
///
/// # Errors
/// The caller may not; a rule refuses; the database fails.
pub fn press(
    here: Here<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: BagPress,
) -> Result<Answer> {
    match press {
        BagPress::Look => look::again(here, message_id),
        BagPress::GiveBack => give_back::begin(here, message_id),
        BagPress::Draft(act) => match dialogue {
            Some(Dialogue::Bag(BagDialogue::GivingBack(draft))) => {
                give_back::press(here, message_id, draft, act)
            }
            // An old button: the bag as it is now takes the place of the list.
            _ => look::instead(here, message_id, "Daftar ini tidak terbuka lagi."),
        },
        BagPress::Withdraw(id) => give_back::withdraw(here, message_id, id),
        BagPress::Confirm(id) => told::confirm(here, message_id, id),
    }
}

/// Goes on with what was asked.
///
/// # Errors
/// The caller may not; the database fails.
pub fn go_on(here: Here<'_, '_>, state: &BagDialogue, input: &Input) -> Result<Answer> {
    let BagDialogue::GivingBack(draft) = state;
    give_back::go_on(here, draft, input)
}
