//! The buttons of a report.

use serde::{Deserialize, Serialize};
use shared::photo::PhotoKind;
use shared::{ItemId, JobId};

use crate::flows::completion::ReportPart;

/// A button of this flow. It names its job: a message of an earlier report changes no other one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionCallback(pub JobId, pub ReportAction);

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportAction {
    /// Opens the report.
    #[serde(rename = "b")]
    Open,
    /// Opens it although another report is open, which is dropped.
    #[serde(rename = "n")]
    OpenAnyway,
    /// Asks for this part.
    #[serde(rename = "g")]
    GoToPart(ReportPart),
    /// What the next photos show.
    #[serde(rename = "k")]
    SetPhotoKind(PhotoKind),
    /// The serial number that ends so.
    #[serde(rename = "s")]
    PickSerial(String),
    /// More of an item, or less.
    #[serde(rename = "a")]
    Add(ItemId, i64),
    /// One item, closer.
    #[serde(rename = "i")]
    Item(ItemId),
    /// Takes the unit whose serial number ends so, or puts it back.
    #[serde(rename = "u")]
    ToggleUnit(ItemId, String),
    /// What else is in the bag.
    #[serde(rename = "o")]
    OtherItems(usize),
    #[serde(rename = "y")]
    ConfirmMaterial,
    #[serde(rename = "c")]
    Submit,
    #[serde(rename = "x")]
    Close,
    /// The photos that wait belong to this job.
    #[serde(rename = "t")]
    AttachPhotos,
}
