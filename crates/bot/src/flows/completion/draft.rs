//! The report of a job while it is being filled in.

use serde::{Deserialize, Serialize};
use services::inventory::job_stock::JobStockItem;
use services::jobs::{self, CompletionRequirements, MissingEvidence, ProvidedEvidence};
use services::{Actor, Conn, Result};
use shared::job::{DeviceCondition, ReturnedDevice};
use shared::photo::PhotoKind;
use shared::{ItemId, JobId};

use crate::callback_data::completion::ReportPart;
use crate::pickers::item_selection::ItemSelection;

/// Albums that are remembered. Telegram delivers the photos of an album one by one, sometimes with something
/// else between them.
const MAX_ALBUMS: usize = 4;

/// An album of which a photo has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Album {
    pub id: String,
    /// What all of its photos show.
    pub kind: PhotoKind,
    /// Whether one of its photos was added, so that the newest view counts the others too.
    pub counted: bool,
    /// Photos that could not be used.
    pub unusable: usize,
    /// The update whose response says that photos could not be used.
    pub reported_by: Option<i64>,
}

/// The report of a job while it is being filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportDraft {
    pub job: JobId,
    /// The part that is asked for now.
    pub part: ReportPart,
    pub report: Option<String>,
    pub serial: Option<String>,
    /// Whether barcodes on photos are read: the type of the job requires a serial number, or the
    /// technician wants to give one.
    pub reads_labels: bool,
    /// Serial numbers that were read from photos, the likeliest first.
    pub found: Vec<String>,
    pub attenuation: Option<f64>,
    /// The device that another one replaces.
    #[serde(default)]
    pub returned: Option<Box<ReturnedDevice>>,
    /// What the next photos show.
    pub photo_kind: PhotoKind,
    /// The last albums, the newest last.
    #[serde(default)]
    pub albums: Vec<Album>,
    /// The update whose response shows the report in its newest state.
    #[serde(default)]
    pub shown_by: Option<i64>,
    pub used: ItemSelection,
    pub material_checked: bool,
    /// The item that is shown in detail.
    pub item: Option<ItemId>,
    /// The page of the other items in the bag.
    pub others: Option<usize>,
    /// Which messages gave which parts, the newest last, for corrections by editing them.
    #[serde(default)]
    pub answers: Vec<(i32, ReportPart)>,
}

impl ReportDraft {
    /// A new report. Material that was issued for the job counts as used until the technician changes
    /// it.
    pub fn new(job: JobId, bag: &[JobStockItem]) -> Self {
        let mut used = ItemSelection::default();
        for item in bag.iter().filter(|item| item.for_job > 0) {
            used.set_quantity(&item.stock, item.for_job);
        }
        Self {
            job,
            part: ReportPart::Report,
            report: None,
            serial: None,
            reads_labels: false,
            found: Vec::new(),
            attenuation: None,
            returned: None,
            photo_kind: PhotoKind::After,
            albums: Vec::new(),
            shown_by: None,
            used,
            material_checked: false,
            item: None,
            others: None,
            answers: Vec::new(),
        }
    }

    /// The album with this id; a new one shows `kind`.
    pub fn album_mut(&mut self, id: &str, kind: PhotoKind) -> Option<&mut Album> {
        if !self.albums.iter().any(|album| album.id == id) {
            let (id, counted, unusable, reported_by) = (id.to_owned(), false, 0, None);
            self.albums.push(Album { id, kind, counted, unusable, reported_by });
            let surplus = self.albums.len().saturating_sub(MAX_ALBUMS);
            self.albums.drain(..surplus);
        }
        self.albums.iter_mut().find(|album| album.id == id)
    }

    /// Remembers which message gave a part.
    pub fn remember_answer(&mut self, message_id: Option<i32>, part: ReportPart) {
        let Some(message_id) = message_id else { return };
        use ReportPart as P;
        if matches!(part, P::Report | P::Serial | P::Attenuation | P::Returned) {
            self.answers.retain(|(_, answered)| *answered != part);
            self.answers.push((message_id, part));
        }
    }

    /// The part that a message gave.
    pub fn part_of_answer(&self, message_id: Option<i32>) -> Option<ReportPart> {
        let found = self.answers.iter().find(|(answer, _)| Some(*answer) == message_id);
        found.map(|(_, part)| *part)
    }

    /// What is given so far, for the rules of completion.
    pub fn provided(&self) -> ProvidedEvidence {
        ProvidedEvidence {
            report: self.report.is_some(),
            ont_serial_number: self.serial.is_some(),
            attenuation: self.attenuation.is_some(),
        }
    }

    /// Whether dropping the report would lose something.
    pub fn has_input(&self) -> bool {
        self.report.is_some()
            || self.serial.is_some()
            || self.attenuation.is_some()
            || self.returned.is_some()
            || self.material_checked
    }

    /// The part that is asked for next.
    pub fn next_part(&self, requirements: &CompletionRequirements) -> ReportPart {
        match requirements.missing(self.provided()).first() {
            Some(MissingEvidence::Report) => ReportPart::Report,
            Some(MissingEvidence::Photos(_)) => ReportPart::Photos,
            Some(MissingEvidence::OntSerialNumber) => ReportPart::Serial,
            Some(MissingEvidence::Attenuation) => ReportPart::Attenuation,
            None if self.material_checked => ReportPart::Summary,
            None => ReportPart::Material,
        }
    }

    /// Shows no item in detail and no other items of the bag.
    pub fn close_picker(&mut self) {
        self.item = None;
        self.others = None;
    }

    /// Serial numbers to choose from, in this order: read from a photo and in the bag, in the bag and
    /// issued for this job, read from a photo, in the bag.
    pub fn serial_candidates(&self, bag: &[JobStockItem]) -> Vec<String> {
        let in_bag = bag.iter().flat_map(|item| &item.stock.serial_numbers);
        let for_job = bag.iter().flat_map(reserved_serials);
        let both = self.found.iter().filter(|found| in_bag.clone().any(|serial| serial == *found));
        let mut all: Vec<String> = both.cloned().collect();
        for serial in for_job.chain(self.found.clone()).chain(in_bag.cloned()) {
            if !all.contains(&serial) {
                all.push(serial);
            }
        }
        all
    }

    /// Sets the serial number of the ONT. A unit of the bag replaces the one that was issued for the
    /// job: one modem stays at the customer, not two.
    pub fn set_serial(&mut self, serial: String, bag: &[JobStockItem]) {
        let before = self.serial.replace(serial.clone());
        let holds = |item: &&JobStockItem| item.stock.serial_numbers.contains(&serial);
        let Some(item) = bag.iter().find(holds).map(|item| item.stock.item_id) else { return };
        let mut serials = self.used.serials(item).to_vec();
        if serials.contains(&serial) {
            return;
        }
        match before.and_then(|before| serials.iter().position(|known| *known == before)) {
            Some(index) => serials[index] = serial,
            None if serials.len() == 1 => serials[0] = serial,
            None => serials.push(serial),
        }
        self.used.set_serials(item, serials);
    }

    /// Sets the device that was taken back; its condition is asked for, and is "used" until then.
    pub fn set_returned(&mut self, serial_number: String) {
        let condition = self.returned.as_ref().map_or(DeviceCondition::Used, |it| it.condition);
        self.returned = Some(Box::new(ReturnedDevice { serial_number, condition }));
    }

    /// Removes what the bag no longer holds.
    pub fn retain_available(&mut self, bag: &[JobStockItem]) {
        let stock = |id| bag.iter().map(|item| &item.stock).find(|item| item.item_id == id);
        self.used.retain_available(stock);
    }
}

/// The part that is asked for next, by the present requirements of the job.
pub fn next_part(conn: &mut Conn, actor: &Actor, draft: &ReportDraft) -> Result<ReportPart> {
    Ok(draft.next_part(&jobs::completion_requirements(conn, actor, draft.job)?))
}

/// The serial numbers that were issued for the job; the stock lists them first.
fn reserved_serials(item: &JobStockItem) -> impl Iterator<Item = String> {
    let count = usize::try_from(item.for_job).unwrap_or(0);
    item.stock.serial_numbers.iter().take(count).cloned()
}

#[cfg(test)]
mod tests;
