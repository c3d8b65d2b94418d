//! Rows of an import of customers.

use db::tables::customers::CustomerValues;
use shared::customer::{CustomerInput, CustomerStatus};
use shared::import::ACCEPTED_STATUSES;
use shared::number::{is_scientific_notation, parse_decimal};
use shared::text::{TextForm, normalize, plain_code};
use shared::{Coordinates, ErrorCode, Localized, Nik, NikInput, PhoneEntry, PhoneNumber, PlanId};

use super::cell_parser::truncate;
use super::columns::Columns;
use super::customer_columns::COLUMNS;
use super::remarks::{Remark, with_remarks};
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
    pub second_phone: Option<PhoneNumber>,
    pub address: String,
    pub area: Option<String>,
    pub email: Option<String>,
    pub place: Option<Coordinates>,
    /// As written in the file.
    pub plan: Option<String>,
    pub status: Option<CustomerStatus>,
    pub nik: Option<Nik>,
    pub odp: Option<String>,
    /// What the column of notes says.
    pub notes: Option<String>,
    /// What is kept in the notes besides: remarks behind a phone number, and texts with their headings.
    pub remarks: Vec<Remark>,
}

impl ParsedCustomer {
    /// The values to store: those of the row, and what the file does not contain from the stored
    /// customer.
    pub(super) fn merge_into(
        &self,
        stored: Option<&CustomerValues>,
        plan_id: Option<PlanId>,
    ) -> CustomerValues {
        let number = match (stored, &self.number) {
            (Some(stored), _) => stored.number.clone(),
            (None, number) => number.clone().unwrap_or_default(),
        };
        let kept =
            |field: fn(&CustomerValues) -> &Option<String>| stored.and_then(|s| field(s).clone());
        let place = self.place.map(|place| (Some(place.latitude()), Some(place.longitude())));
        let (latitude, longitude) =
            place.unwrap_or((stored.and_then(|s| s.latitude), stored.and_then(|s| s.longitude)));
        CustomerValues {
            number,
            name: self.name.clone(),
            phone: self.phone.clone(),
            second_phone: self.second_phone.clone().or(stored.and_then(|s| s.second_phone.clone())),
            email: self.email.clone().or_else(|| kept(|s| &s.email)),
            address: self.address.clone(),
            area: self.area.clone().or_else(|| kept(|s| &s.area)),
            latitude,
            longitude,
            plan_id: plan_id.or(stored.and_then(|s| s.plan_id)),
            // A customer in an operator's list without a status is an active one.
            status: self.status.or(stored.map(|s| s.status)).unwrap_or(CustomerStatus::Active),
            odp: self.odp.clone().or_else(|| kept(|s| &s.odp)),
            notes: with_remarks(
                self.notes.as_deref().or(stored.and_then(|s| s.notes.as_deref())),
                &self.remarks,
            ),
        }
    }
}

pub(super) fn parse_row(
    columns: &Columns,
    row: SheetRow<'_>,
    warnings: &mut Vec<RowFault>,
) -> std::result::Result<ParsedCustomer, Vec<RowFault>> {
    let cell = |field: &str| columns.text(row, field);
    let mut faults = Vec::new();
    let fault = |field: &str, code| {
        RowFault::new(row.line, columns, field, cell(field).unwrap_or_default(), code)
    };
    for field in COLUMNS.iter().map(|spec| spec.field).filter(|&field| field != "notes") {
        if let Some(code) = damage(columns, row, field) {
            let list = if OPTIONAL_TEXTS.contains(&field) { &mut *warnings } else { &mut faults };
            list.push(fault(field, code));
        }
    }
    // A damaged optional value is left out; the rest of the row is imported.
    let text = |field: &str| {
        let left_out = OPTIONAL_TEXTS.contains(&field) && damage(columns, row, field).is_some();
        cell(field).filter(|_| !left_out)
    };
    let owned = |field: &str| text(field).map(str::to_owned);
    if let Some(surplus) = columns.overflow_text(row) {
        faults.push(RowFault::overflow(row.line, surplus));
    }
    let place = match parse_place(columns, row) {
        Ok(place) => place,
        Err((field, code)) => {
            let shown = text(field).map(truncate);
            faults.push(fault(field, code).with_param(shown));
            None
        }
    };
    // What the field holds beside the number is kept as a second number or in the notes.
    let phone = text("phone").and_then(|text| PhoneEntry::parse(text).ok());
    let rest = phone.as_ref().and_then(|entry| entry.rest.clone());
    let of_phone = rest.iter().map(|text| Remark::new(None, text));
    let of_columns = columns.notes(row);
    let of_columns = of_columns.iter().map(|(heading, text)| Remark::new(Some(heading), text));
    let remarks: Vec<Remark> = of_phone.chain(of_columns).collect();
    let second = phone.as_ref().and_then(|entry| entry.second.as_ref()).map(ToString::to_string);
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
        phone: match &phone {
            Some(entry) => entry.number.to_string(),
            None => owned("phone").unwrap_or_default(),
        },
        second_phone: owned("second_phone").or(second),
        address: owned("address").unwrap_or_default(),
        area: owned("area"),
        email: owned("email"),
        latitude: place.map(Coordinates::latitude),
        longitude: place.map(Coordinates::longitude),
        plan_id: None,
        status,
        nik: owned("nik"),
        odp: owned("odp"),
        // The remarks have to fit as well.
        notes: with_remarks(text("notes"), &remarks),
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
            second_phone: data.second_phone,
            address: data.address,
            area: data.area,
            email: data.email,
            place: data.coordinates,
            plan: owned("plan"),
            status,
            nik: data.nik.and_then(full_nik),
            odp: data.odp,
            notes: text("notes").and_then(|notes| normalize(notes, TextForm::Prose).ok()),
            remarks,
        }),
        _ => Err(faults),
    }
}

/// Fields of which a damaged value is left out with a warning.
const OPTIONAL_TEXTS: [&str; 6] = ["second_phone", "email", "area", "plan", "nik", "odp"];

/// What the spreadsheet program has done to a text: rounded its digits or turned it into a date.
fn damage(columns: &Columns, row: SheetRow<'_>, field: &str) -> Option<ErrorCode> {
    if columns.is_date(row, field) {
        return Some(ErrorCode::CellIsDate);
    }
    let rounded = matches!(field, "number" | "nik" | "odp" | "second_phone")
        && columns.text(row, field).is_some_and(|text| is_scientific_notation(&plain_code(text)));
    rounded.then_some(ErrorCode::DigitsLost)
}

/// The position of a row: in one column, or in two, which may be exchanged.
fn parse_place(
    columns: &Columns,
    row: SheetRow<'_>,
) -> std::result::Result<Option<Coordinates>, (&'static str, ErrorCode)> {
    if let Some(text) = columns.text(row, "coordinates") {
        return Coordinates::parse(text).map_err(|code| ("coordinates", code));
    }
    let degrees = |field: &'static str| match columns.text(row, field) {
        None => Ok(None),
        Some(text) => parse_decimal(text).map(Some).ok_or((field, ErrorCode::WrongType)),
    };
    match (degrees("latitude")?, degrees("longitude")?) {
        (None, None) | (Some(0.0), None) | (None, Some(0.0)) => Ok(None),
        (Some(_), None) => Err(("longitude", ErrorCode::Required)),
        (None, Some(_)) => Err(("latitude", ErrorCode::Required)),
        (Some(first), Some(second)) => {
            let wrong = if (-90.0..=90.0).contains(&first) { "longitude" } else { "latitude" };
            Coordinates::from_pair(first, second).map_err(|code| (wrong, code))
        }
    }
}

/// Drops masked numbers: they come from a list exported by this system and carry nothing new.
fn full_nik(nik: NikInput) -> Option<Nik> {
    match nik {
        NikInput::Full(nik) => Some(nik),
        NikInput::Masked(_) => None,
    }
}

pub(super) fn parse_status(text: &str) -> Option<CustomerStatus> {
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

/// The word for a status in files; [`parse_status`] understands it.
pub(super) const fn status_word(status: CustomerStatus) -> Localized {
    match status {
        CustomerStatus::Active => Localized { id: "aktif", en: "active" },
        CustomerStatus::Suspended => Localized { id: "isolir", en: "suspended" },
        CustomerStatus::Terminated => Localized { id: "berhenti", en: "terminated" },
        CustomerStatus::Prospect => Localized { id: "calon", en: "prospect" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_from_its_word() {
        for &status in CustomerStatus::ALL {
            let word = status_word(status);
            assert_eq!([word.id, word.en].map(parse_status), [Some(status); 2]);
            assert!(ACCEPTED_STATUSES.id.contains(word.id));
        }
    }
}
