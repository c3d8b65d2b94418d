//! A report on its way.

use serde::{Deserialize, Serialize};
use services::inventory::job_stock::JobStockItem;
use services::jobs::{CompletionRequirements, MissingEvidence, ProvidedEvidence};
use shared::photo::PhotoKind;
use shared::{ItemId, JobId};

use crate::flows::item_selection::ItemSelection;

/// What the report is made of; the part that is asked for now.
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
    #[serde(rename = "m")]
    Material,
    /// Everything is there.
    #[serde(rename = "c")]
    Summary,
}

/// The album that the last photo came with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Album {
    pub id: String,
    /// The update whose answer counts its photos.
    pub counted_by: i64,
    /// What all of them show.
    pub kind: PhotoKind,
}

/// The report of a job as far as it is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportDraft {
    pub job: JobId,
    pub part: ReportPart,
    pub report: Option<String>,
    pub serial: Option<String>,
    /// Barcodes on photos are looked at: the job's type demands a serial number, or somebody wants to
    /// give one.
    pub reads_labels: bool,
    /// Serial numbers that were read from photos, the likeliest first.
    pub found: Vec<String>,
    pub attenuation: Option<f64>,
    /// What the next photos show.
    pub photo_kind: PhotoKind,
    pub album: Option<Album>,
    pub used: ItemSelection,
    pub material_checked: bool,
    /// The item that is looked at closely.
    pub item: Option<ItemId>,
    /// The page of what else is in the bag.
    pub others: Option<usize>,
}

impl ReportDraft {
    /// A new report: what was given for the job counts as used until somebody says otherwise.
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
            photo_kind: PhotoKind::After,
            album: None,
            used,
            material_checked: false,
            item: None,
            others: None,
        }
    }

    /// What is told already, for the rules.
    pub fn provided(&self) -> ProvidedEvidence {
        ProvidedEvidence {
            report: self.report.is_some(),
            ont_serial_number: self.serial.is_some(),
            attenuation: self.attenuation.is_some(),
        }
    }

    /// Whether something would have to be told again if the report were dropped.
    pub fn has_input(&self) -> bool {
        self.report.is_some()
            || self.serial.is_some()
            || self.attenuation.is_some()
            || self.material_checked
    }

    /// What is asked for next.
    pub fn next_part(&self, evidence: &CompletionRequirements) -> ReportPart {
        match evidence.missing(self.provided()).first() {
            Some(MissingEvidence::Report) => ReportPart::Report,
            Some(MissingEvidence::Photos(_)) => ReportPart::Photos,
            Some(MissingEvidence::OntSerialNumber) => ReportPart::Serial,
            Some(MissingEvidence::Attenuation) => ReportPart::Attenuation,
            None if self.material_checked => ReportPart::Summary,
            None => ReportPart::Material,
        }
    }

    /// Serial numbers to choose from: those that were read from a photo and lie in the bag, other
    /// ones of the bag that were given for this job, others from photos, the rest of the bag.
    pub fn serial_candidates(&self, bag: &[JobStockItem]) -> Vec<String> {
        let in_bag = bag.iter().flat_map(|item| &item.stock.serial_numbers);
        let for_job = bag.iter().flat_map(reserved_serials);
        let both = self.found.iter().filter(|one| in_bag.clone().any(|serial| serial == *one));
        let mut all: Vec<String> = both.cloned().collect();
        for serial in for_job.chain(self.found.clone()).chain(in_bag.cloned()) {
            if !all.contains(&serial) {
                all.push(serial);
            }
        }
        all
    }

    /// Notes the ONT's serial number. A unit of the bag takes the place of the one that was given
    /// for the job: one modem stays at the customer, not two.
    pub fn set_serial(&mut self, serial: String, bag: &[JobStockItem]) {
        let before = self.serial.replace(serial.clone());
        let holds = |item: &&JobStockItem| item.stock.serial_numbers.contains(&serial);
        let Some(item) = bag.iter().find(holds).map(|item| item.stock.item_id) else { return };
        let mut serials = self.used.serials(item).to_vec();
        if serials.contains(&serial) {
            return;
        }
        match before.and_then(|before| serials.iter().position(|one| *one == before)) {
            Some(index) => serials[index] = serial,
            None if serials.len() == 1 => serials[0] = serial,
            None => serials.push(serial),
        }
        self.used.set_serials(item, serials);
    }

    /// Forgets what is in the bag no longer.
    pub fn retain_available(&mut self, bag: &[JobStockItem]) {
        let carried = |id| bag.iter().map(|item| &item.stock).find(|item| item.item_id == id);
        self.used.retain_available(carried);
    }
}

fn reserved_serials(item: &JobStockItem) -> impl Iterator<Item = String> {
    let count = usize::try_from(item.for_job).unwrap_or(0);
    item.stock.serial_numbers.iter().take(count).cloned()
}

#[cfg(test)]
mod tests;
