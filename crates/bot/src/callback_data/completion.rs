//! Callbacks of the completion report.

use serde::{Deserialize, Serialize};
use shared::job::DeviceCondition;
use shared::photo::PhotoKind;
use shared::{ItemId, JobId};

/// A button of a report. It names its job, so that a message of an earlier report changes no other one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionCallback(pub JobId, pub ReportAction);

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportAction {
    /// Opens the report.
    #[serde(rename = "b")]
    Open,
    /// Opens it and drops the report that is open.
    #[serde(rename = "n")]
    OpenAnyway,
    /// Asks for this part.
    #[serde(rename = "g")]
    GoToPart(ReportPart),
    /// What the next photos show.
    #[serde(rename = "k")]
    SetPhotoKind(PhotoKind),
    /// The serial number that ends like this.
    #[serde(rename = "s")]
    PickSerial(String),
    /// More of an item, or less.
    #[serde(rename = "a")]
    Add(ItemId, i64),
    /// One item in detail.
    #[serde(rename = "i")]
    Item(ItemId),
    /// Selects or deselects the unit whose serial number ends like this.
    #[serde(rename = "u")]
    ToggleUnit(ItemId, String),
    /// A page of the other items in the bag.
    #[serde(rename = "o")]
    OtherItems(usize),
    /// The device that was taken back, by the end of its serial number.
    #[serde(rename = "d")]
    PickReturned(String),
    /// The condition of the device that was taken back.
    #[serde(rename = "e")]
    SetCondition(DeviceCondition),
    /// No device was taken back.
    #[serde(rename = "f")]
    NoneReturned,
    #[serde(rename = "y")]
    ConfirmMaterial,
    #[serde(rename = "c")]
    Submit,
    #[serde(rename = "x")]
    Close,
    /// Adds the unassigned photos to this job.
    #[serde(rename = "t")]
    AttachPhotos,
}

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportPart {
    #[serde(rename = "r")]
    Report,
    #[serde(rename = "p")]
    Photos,
    #[serde(rename = "s")]
    Serial,
    #[serde(rename = "a")]
    Attenuation,
    /// The device that another one replaces.
    #[serde(rename = "d")]
    Returned,
    #[serde(rename = "m")]
    Material,
    /// Everything is there.
    #[serde(rename = "c")]
    Summary,
}
