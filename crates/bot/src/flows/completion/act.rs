//! The buttons of a report.

use serde::{Deserialize, Serialize};
use shared::photo::PhotoKind;
use shared::{ItemId, JobId};

use crate::flows::completion::Part;

/// A button of this flow. It names its job: a message of an earlier report changes no other one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionPress(pub JobId, pub Act);

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Opens the report.
    #[serde(rename = "b")]
    Begin,
    /// Opens it although another report is open, which is dropped.
    #[serde(rename = "n")]
    Anew,
    /// Asks for this part.
    #[serde(rename = "g")]
    Go(Part),
    /// What the next photos show.
    #[serde(rename = "k")]
    Kind(PhotoKind),
    /// The serial number that ends so.
    #[serde(rename = "s")]
    Serial(String),
    /// More of an item, or less.
    #[serde(rename = "a")]
    Add(ItemId, i64),
    /// One item, closer.
    #[serde(rename = "i")]
    Item(ItemId),
    /// Takes the unit whose serial number ends so, or puts it back.
    #[serde(rename = "u")]
    Unit(ItemId, String),
    /// What else is in the bag.
    #[serde(rename = "o")]
    Others(usize),
    #[serde(rename = "y")]
    MaterialRight,
    #[serde(rename = "c")]
    Confirm,
    #[serde(rename = "x")]
    Leave,
    /// The photos that wait belong to this job.
    #[serde(rename = "t")]
    Attach,
}
