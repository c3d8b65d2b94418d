//! Customers from a spreadsheet.

use db::Db;
use shared::customer::{CustomerInput, CustomerStatus};
use shared::text::{TextForm, normalized};
use shared::{Coordinates, ErrorCode, GivenNik, Nik, PhoneNumber};

use super::cells;
use super::columns::Columns;
use super::merge::Customers;
use super::pieces::{self, Answer, Order};
use super::report::Fault;
use super::sheet::SheetRow;
use crate::Actor;
use crate::error::Result;
use crate::vault::Vault;

/// Longest customer number.
const MAX_NUMBER: usize = 40;

/// A row that is good as far as it goes. What the file does not say is `None`.
#[derive(Debug)]
pub(super) struct Row {
    pub line: i64,
    pub number: Option<String>,
    pub name: String,
    pub phone: PhoneNumber,
    pub address: String,
    pub email: Option<String>,
    pub place: Option<Coordinates>,
    /// As it stands in the file.
    pub plan: Option<String>,
    pub status: Option<CustomerStatus>,
    pub nik: Option<Nik>,
    pub odp: Option<String>,
    pub notes: Option<String>,
}

/// Imports a file of customers: writes what is new or different. They are matched by number, without
/// one by phone number and name. An empty cell or a missing column leaves what is stored. Takes as
/// long as the file is large, so it belongs on a thread of its own.
///
/// # Errors
/// No CSV or XLSX; too many rows; a required column is missing; another import runs. The database
/// fails: then the pieces before are there, and the same file again adds the rest. Bad rows are no
/// error: the report names them.
pub async fn import(
    db: &Db,
    vault: &Vault,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &Order,
) -> Result<Answer> {
    pieces::run(db, actor, file, order, Customers::new(vault.clone())).await
}

pub(super) fn check_row(
    columns: &Columns,
    row: SheetRow<'_>,
) -> std::result::Result<Row, Vec<Fault>> {
    let text = |field: &str| columns.text(row, field);
    let owned = |field: &str| text(field).map(str::to_owned);
    let mut faults = Vec::new();
    let fault = |field: &str, code| {
        Fault::new(row.line, columns, field, text(field).unwrap_or_default(), code)
    };
    if let Some(surplus) = columns.surplus(row) {
        faults.push(Fault::beyond(row.line, surplus));
    }
    let mut degrees = |field: &str| {
        let text = text(field)?;
        let number = cells::decimal(text);
        if number.is_none() {
            faults.push(fault(field, ErrorCode::WrongType).with(Some(cells::shortened(text))));
        }
        number
    };
    let (latitude, longitude) = (degrees("latitude"), degrees("longitude"));
    let broken_place = !faults.is_empty();
    let number = text("number").map(|text| normalized(text, TextForm::Name));
    match &number {
        Some(Ok(number)) if number.chars().count() > MAX_NUMBER => {
            faults.push(fault("number", ErrorCode::TooLong).with(Some(MAX_NUMBER)));
        }
        Some(Err(code)) => faults.push(fault("number", *code)),
        _ => {}
    }
    let number = number.and_then(|number| number.ok());
    let status = text("status").and_then(|text| {
        let status = status(text);
        if status.is_none() {
            faults.push(
                fault("status", ErrorCode::NotOneOf).with(Some("aktif, isolir, berhenti, calon")),
            );
        }
        status
    });
    let input = CustomerInput {
        name: owned("name").unwrap_or_default(),
        phone: owned("phone").unwrap_or_default(),
        address: owned("address").unwrap_or_default(),
        email: owned("email"),
        latitude: latitude.filter(|_| !broken_place),
        longitude: longitude.filter(|_| !broken_place),
        plan_id: None,
        status,
        nik: owned("nik"),
        odp: owned("odp"),
        notes: owned("notes"),
    };
    // The same rules as for a customer who is typed in.
    let data = input.parse().map_err(|wrong| {
        let render = |wrong: &shared::validate::FieldFault| {
            fault(&wrong.field, wrong.code).with(wrong.param.as_ref())
        };
        faults.extend(wrong.iter().map(render));
    });
    match data {
        Ok(data) if faults.is_empty() => Ok(Row {
            line: row.line,
            number,
            name: data.name,
            phone: data.phone,
            address: data.address,
            email: data.email,
            place: data.coordinates,
            plan: owned("plan"),
            status,
            nik: data.nik.and_then(in_full),
            odp: data.odp,
            notes: data.notes,
        }),
        _ => Err(faults),
    }
}

/// A masked number comes from a list that was written by this system: it says nothing new.
fn in_full(nik: GivenNik) -> Option<Nik> {
    match nik {
        GivenNik::Full(nik) => Some(nik),
        GivenNik::Masked(_) => None,
    }
}

fn status(text: &str) -> Option<CustomerStatus> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    Some(match plain.to_lowercase().as_str() {
        "aktif" | "active" | "on" | "online" => CustomerStatus::Active,
        "isolir" | "diisolir" | "terisolir" | "isolated" | "suspend" | "suspended" | "blokir"
        | "diblokir" => CustomerStatus::Suspended,
        "berhenti" | "putus" | "cabut" | "dismantle" | "nonaktif" | "tidakaktif" | "inactive"
        | "terminated" | "terminate" | "stopped" | "closed" => CustomerStatus::Terminated,
        "calon" | "calonpelanggan" | "prospek" | "prospect" | "baru" | "new" | "lead" => {
            CustomerStatus::Prospect
        }
        _ => return None,
    })
}
