//! A report on its way.

use serde::{Deserialize, Serialize};
use services::inventory::at_hand::AtHand;
use services::jobs::{Evidence, Given, Lack};
use shared::inventory::Line;
use shared::photo::PhotoKind;
use shared::{ItemId, JobId};

/// What the report is made of; the part that is asked for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
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

/// What was used of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub item: ItemId,
    pub quantity: i64,
    /// Of serialised items: one per piece.
    pub serials: Vec<String>,
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
pub struct Draft {
    pub job: JobId,
    pub part: Part,
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
    pub used: Vec<Used>,
    pub material_checked: bool,
    /// The item that is looked at closely.
    pub item: Option<ItemId>,
    /// The page of what else is in the bag.
    pub others: Option<usize>,
}

impl Draft {
    /// A new report: what was given for the job counts as used until somebody says otherwise.
    pub fn new(job: JobId, bag: &[AtHand]) -> Self {
        let given = bag.iter().filter(|item| item.for_job > 0);
        let used = given.map(|item| Used {
            item: item.item_id,
            quantity: item.for_job,
            serials: first_serials(item, item.for_job),
        });
        Self {
            job,
            part: Part::Report,
            report: None,
            serial: None,
            reads_labels: false,
            found: Vec::new(),
            attenuation: None,
            photo_kind: PhotoKind::After,
            album: None,
            used: used.collect(),
            material_checked: false,
            item: None,
            others: None,
        }
    }

    /// What is told already, for the rules.
    pub fn given(&self) -> Given {
        Given {
            report: self.report.is_some(),
            ont_serial_number: self.serial.is_some(),
            attenuation: self.attenuation.is_some(),
        }
    }

    /// Whether something would have to be told again if the report were dropped.
    pub fn has_words(&self) -> bool {
        self.report.is_some()
            || self.serial.is_some()
            || self.attenuation.is_some()
            || self.material_checked
    }

    /// What is asked for next.
    pub fn next(&self, evidence: &Evidence) -> Part {
        match evidence.lacks(self.given()).first() {
            Some(Lack::Report) => Part::Report,
            Some(Lack::Photos(_)) => Part::Photos,
            Some(Lack::OntSerialNumber) => Part::Serial,
            Some(Lack::Attenuation) => Part::Attenuation,
            None if self.material_checked => Part::Summary,
            None => Part::Material,
        }
    }

    /// Serial numbers to choose from: those that were read from a photo and lie in the bag, other
    /// ones of the bag that were given for this job, others from photos, the rest of the bag.
    pub fn candidates(&self, bag: &[AtHand]) -> Vec<String> {
        let in_bag = bag.iter().flat_map(|item| &item.serial_numbers);
        let for_job = bag.iter().flat_map(|item| first_serials(item, item.for_job));
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
    pub fn set_serial(&mut self, serial: String, bag: &[AtHand]) {
        let before = self.serial.replace(serial.clone());
        let Some(item) = bag.iter().find(|item| item.serial_numbers.contains(&serial)) else {
            return;
        };
        let used = self.entry(item.item_id);
        if used.serials.contains(&serial) {
            return;
        }
        match before.and_then(|before| used.serials.iter().position(|one| *one == before)) {
            Some(index) => used.serials[index] = serial,
            None if used.serials.len() == 1 => used.serials[0] = serial,
            None => used.serials.push(serial),
        }
        used.quantity = used.serials.len() as i64;
    }

    /// How much of an item is used.
    pub fn quantity(&self, item: ItemId) -> i64 {
        self.used.iter().find(|used| used.item == item).map_or(0, |used| used.quantity)
    }

    /// Uses so much of an item, at most what is in the bag.
    pub fn set_quantity(&mut self, item: &AtHand, quantity: i64) {
        self.entry(item.item_id).quantity = quantity.clamp(0, item.in_bag);
    }

    /// Takes a unit, or puts it back.
    pub fn toggle(&mut self, item: ItemId, serial: &str) {
        let used = self.entry(item);
        match used.serials.iter().position(|one| one == serial) {
            Some(index) => {
                used.serials.remove(index);
            }
            None => used.serials.push(serial.to_owned()),
        }
        used.quantity = used.serials.len() as i64;
    }

    /// Forgets what is in the bag no longer.
    pub fn fit(&mut self, bag: &[AtHand]) {
        self.used.retain_mut(|used| {
            let Some(item) = bag.iter().find(|item| item.item_id == used.item) else {
                return false;
            };
            if item.serialized {
                used.serials.retain(|serial| item.serial_numbers.contains(serial));
                used.quantity = used.serials.len() as i64;
            } else {
                used.quantity = used.quantity.min(item.in_bag);
            }
            true
        });
    }

    /// What was used, as the request says it.
    pub fn lines(&self) -> Vec<Line> {
        let used = self.used.iter().filter(|used| used.quantity > 0);
        used.map(|used| Line {
            item_id: used.item,
            quantity: used.quantity,
            serial_numbers: (!used.serials.is_empty()).then(|| used.serials.clone()),
        })
        .collect()
    }

    fn entry(&mut self, item: ItemId) -> &mut Used {
        let index = match self.used.iter().position(|used| used.item == item) {
            Some(index) => index,
            None => {
                self.used.push(Used { item, quantity: 0, serials: Vec::new() });
                self.used.len() - 1
            }
        };
        &mut self.used[index]
    }
}

fn first_serials(item: &AtHand, count: i64) -> Vec<String> {
    item.serial_numbers.iter().take(usize::try_from(count).unwrap_or(0)).cloned().collect()
}

#[cfg(test)]
mod tests;
