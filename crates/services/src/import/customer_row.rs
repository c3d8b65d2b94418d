//! Rows of an import of customers.

use db::tables::customers::CustomerValues;
use shared::customer::{CustomerInput, CustomerStatus};
use shared::import::ACCEPTED_STATUSES;
use shared::text::{TextForm, normalize};
use shared::{Coordinates, ErrorCode, Nik, NikInput, PhoneNumber, PlanId};

use super::cell_parser;
use super::columns::{ColumnSpec, Columns};
use super::report::RowFault;
use crate::spreadsheet::SheetRow;

/// Columns of a file of customers.
pub(super) const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec {
        field: "number",
        required: false,
        headings: &[
            "No Pelanggan",
            "Nomor Pelanggan",
            "ID Pelanggan",
            "Kode Pelanggan",
            "No Plg",
            "ID Plg",
            "IDPel",
            "Customer Number",
            "Customer No",
            "Customer ID",
            "Customer Code",
            "Number",
            "Nomor",
            "Account Number",
        ],
    },
    ColumnSpec {
        field: "name",
        required: true,
        headings: &[
            "Nama",
            "Nama Pelanggan",
            "Nama Lengkap",
            "Name",
            "Full Name",
            "Customer Name",
            "Customer",
        ],
    },
    ColumnSpec {
        field: "phone",
        required: true,
        headings: &[
            "No HP",
            "Nomor HP",
            "HP",
            "Telepon",
            "Telp",
            "No Telp",
            "Nomor Telp",
            "No Telepon",
            "Nomor Telepon",
            "Handphone",
            "No Handphone",
            "Nomor Handphone",
            "No WA",
            "Nomor WA",
            "WA",
            "WhatsApp",
            "No WhatsApp",
            "Nomor WhatsApp",
            "Kontak",
            "Phone",
            "Phone Number",
            "Mobile",
            "Mobile Number",
            "Mobile Phone",
            "Telephone",
            "Contact",
            "Contact Number",
        ],
    },
    ColumnSpec {
        field: "address",
        required: true,
        headings: &[
            "Alamat",
            "Alamat Lengkap",
            "Alamat Pemasangan",
            "Alamat Pelanggan",
            "Address",
            "Full Address",
            "Installation Address",
            "Street Address",
        ],
    },
    ColumnSpec {
        field: "email",
        required: false,
        headings: &["Email", "Alamat Email", "Surel", "Email Address"],
    },
    ColumnSpec {
        field: "area",
        required: false,
        headings: &[
            "Wilayah",
            "Area",
            "Desa",
            "Kelurahan",
            "Desa/Kelurahan",
            "Kecamatan",
            "Dusun",
            "Coverage Area",
            "Village",
            "District",
        ],
    },
    ColumnSpec {
        field: "latitude",
        required: false,
        headings: &["Lintang", "Garis Lintang", "Latitude", "Lat"],
    },
    ColumnSpec {
        field: "longitude",
        required: false,
        headings: &["Bujur", "Garis Bujur", "Longitude", "Long", "Lng", "Lon"],
    },
    ColumnSpec {
        field: "plan",
        required: false,
        headings: &[
            "Paket",
            "Kode Paket",
            "Paket Internet",
            "Layanan",
            "Plan",
            "Plan Code",
            "Package",
            "Product",
        ],
    },
    ColumnSpec {
        field: "status",
        required: false,
        headings: &["Status", "Status Pelanggan", "Customer Status", "State"],
    },
    ColumnSpec {
        field: "nik",
        required: false,
        headings: &[
            "NIK",
            "No KTP",
            "Nomor KTP",
            "KTP",
            "No Identitas",
            "Nomor Identitas",
            "Identity Number",
            "National ID",
            "ID Number",
        ],
    },
    ColumnSpec {
        field: "odp",
        required: false,
        headings: &["ODP", "Nama ODP", "Kode ODP", "Titik ODP", "ODP Name", "ODP Code"],
    },
    ColumnSpec {
        field: "notes",
        required: false,
        headings: &["Catatan", "Keterangan", "Ket", "Notes", "Note", "Remarks", "Comment"],
    },
];

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
    pub area: Option<String>,
    pub email: Option<String>,
    pub place: Option<Coordinates>,
    /// As written in the file.
    pub plan: Option<String>,
    pub status: Option<CustomerStatus>,
    pub nik: Option<Nik>,
    pub odp: Option<String>,
    pub notes: Option<String>,
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
            email: self.email.clone().or_else(|| kept(|s| &s.email)),
            address: self.address.clone(),
            area: self.area.clone().or_else(|| kept(|s| &s.area)),
            latitude,
            longitude,
            plan_id: plan_id.or(stored.and_then(|s| s.plan_id)),
            // A customer in an operator's list without a status is an active one.
            status: self.status.or(stored.map(|s| s.status)).unwrap_or(CustomerStatus::Active),
            odp: self.odp.clone().or_else(|| kept(|s| &s.odp)),
            notes: self.notes.clone().or_else(|| kept(|s| &s.notes)),
        }
    }
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
        area: owned("area"),
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
            area: data.area,
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
