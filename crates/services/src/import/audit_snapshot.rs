//! Audit snapshots of an import.

use db::tables::customers::CustomerValues;
use serde::Serialize;
use shared::customer::CustomerStatus;
use shared::{Nik, PlanId};

use super::report::ImportCounts;

/// The import as a whole.
#[derive(Serialize)]
pub(super) struct ImportSummary<'a> {
    pub file: &'a str,
    pub rows: i64,
    #[serde(flatten)]
    pub tally: ImportCounts,
}

/// A customer as recorded in the audit.
#[derive(Serialize)]
pub(super) struct CustomerSnapshot<'a> {
    number: &'a str,
    name: &'a str,
    phone: &'a str,
    email: Option<&'a str>,
    address: &'a str,
    latitude: Option<f64>,
    longitude: Option<f64>,
    plan_id: Option<PlanId>,
    status: CustomerStatus,
    /// Masked.
    nik: Option<String>,
    odp: Option<&'a str>,
    notes: Option<&'a str>,
}

impl<'a> CustomerSnapshot<'a> {
    pub(super) fn new(values: &'a CustomerValues, nik: Option<&Nik>) -> Self {
        Self {
            number: &values.number,
            name: &values.name,
            phone: values.phone.as_str(),
            email: values.email.as_deref(),
            address: &values.address,
            latitude: values.latitude,
            longitude: values.longitude,
            plan_id: values.plan_id,
            status: values.status,
            nik: nik.map(Nik::masked),
            odp: values.odp.as_deref(),
            notes: values.notes.as_deref(),
        }
    }
}
