//! Rows of an import of customers.

use shared::customer::{CustomerInput, CustomerStatus};
use shared::import::ACCEPTED_STATUSES;
use shared::text::{TextForm, normalize};
use shared::{Coordinates, ErrorCode, Nik, NikInput, PhoneNumber};

use super::cell_parser;
use super::columns::Columns;
use super::report::RowFault;
use crate::spreadsheet::SheetRow;

/// Maximum length of a customer number.
const MAX_NUMBER_CHARS: usize = 40;

/// A valid row; fields that the file does not contain are `None`.
#[derive(Debug)]
pub(super) struct ParsedCustomer {
    pub line: i64,
    pub number: Option<String>,
    pub name: String,
    pub phone: PhoneNumber,
    pub address: String,
    pub email: Option<String>,
    pub place: Option<Coordinates>,
    /// As written in the file.
    pub plan: Option<String>,
    pub status: Option<CustomerStatus>,
    pub nik: Option<Nik>,
    pub odp: Option<String>,
    pub notes: Option<String>,
}

pub(super) fn parse_row(
    columns: &Columns,
    row: SheetRow<'_>,
) -> std::result::Result<ParsedCustomer, Vec<RowFault>> {
    let text = |field: &str| columns.text(row, field);
    let owned = |field: &str| text(field).map(str::to_owned);
    let mut faults = Vec::new();
    let fault = |field: &str, code| {
        RowFault::new(row.line, columns, field, text(field).unwrap_or_default(), code)
    };
    if let Some(surplus) = columns.overflow_text(row) {
        faults.push(RowFault::overflow(row.line, surplus));
    }
    let mut degrees = |field: &str| {
        let text = text(field)?;
        let number = cell_parser::parse_decimal(text);
        if number.is_none() {
            faults.push(
                fault(field, ErrorCode::WrongType).with_param(Some(cell_parser::truncate(text))),
            );
        }
        number
    };
    let (latitude, longitude) = (degrees("latitude"), degrees("longitude"));
    let broken_place = !faults.is_empty();
    let number = text("number").map(|text| normalize(text, TextForm::Name));
    match &number {
        Some(Ok(number)) if number.chars().count() > MAX_NUMBER_CHARS => {
            faults.push(fault("number", ErrorCode::TooLong).with_param(Some(MAX_NUMBER_CHARS)));
        }
        Some(Err(code)) => faults.push(fault("number", *code)),
        _ => {}
    }
    let number = number.and_then(|number| number.ok());
    let status = text("status").and_then(|text| {
        let status = parse_status(text);
        if status.is_none() {
            faults.push(fault("status", ErrorCode::NotOneOf).with_accepted(ACCEPTED_STATUSES));
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
    // The same rules as for customers entered by hand.
    let data = input.parse().map_err(|wrong| {
        let render = |wrong: &shared::validate::FieldFault| {
            fault(&wrong.field, wrong.code).with_param(wrong.param.as_ref())
        };
        faults.extend(wrong.iter().map(render));
    });
    match data {
        Ok(data) if faults.is_empty() => Ok(ParsedCustomer {
            line: row.line,
            number,
            name: data.name,
            phone: data.phone,
            address: data.address,
            email: data.email,
            place: data.coordinates,
            plan: owned("plan"),
            status,
            nik: data.nik.and_then(full_nik),
            odp: data.odp,
            notes: data.notes,
        }),
        _ => Err(faults),
    }
}

/// Drops masked numbers: they come from a list exported by this system and carry nothing new.
fn full_nik(nik: NikInput) -> Option<Nik> {
    match nik {
        NikInput::Full(nik) => Some(nik),
        NikInput::Masked(_) => None,
    }
}

fn parse_status(text: &str) -> Option<CustomerStatus> {
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
