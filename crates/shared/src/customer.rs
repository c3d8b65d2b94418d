//! Customers (*pelanggan*).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::geo::Coordinates;
use crate::ids::{CustomerId, PlanId};
use crate::nik::{Nik, NikInput};
use crate::pagination::CommaList;
use crate::phone::PhoneNumber;
use crate::validate::{FieldFault, Validator};

crate::text_enum! {
    /// Status of a customer.
    CustomerStatus {
        Prospect => "prospect",
        Active => "active",
        /// *Isolir*: disconnected, usually because of an unpaid bill.
        Suspended => "suspended",
        Terminated => "terminated",
    }
}

/// A customer with the fields that the caller may read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Customer {
    pub id: CustomerId,
    /// `C-000001`, or the number from the imported system.
    pub number: String,
    pub name: String,
    /// E.164; the middle is masked for managers.
    pub phone: String,
    /// E.164; masked like `phone`.
    pub second_phone: Option<String>,
    /// Null for managers.
    pub email: Option<String>,
    pub address: String,
    /// Village or district (*wilayah*).
    pub area: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub plan_id: Option<PlanId>,
    pub plan_code: Option<String>,
    pub status: CustomerStatus,
    /// Last four digits only; see `GET /api/customers/{id}/nik`.
    pub nik: Option<String>,
    /// Whether there is a photo of the identity card.
    pub identity_photo: bool,
    /// Name of the distribution point (ODP) that the customer is connected to.
    pub odp: Option<String>,
    pub notes: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// `POST /api/customers`, `PUT /api/customers/{id}`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomerInput {
    pub name: String,
    /// Any usual format: `0812…`, `+62812…`, with spaces or dashes.
    pub phone: String,
    /// Another number of the customer.
    #[serde(default)]
    pub second_phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    pub address: String,
    /// Village or district (*wilayah*).
    #[serde(default)]
    pub area: Option<String>,
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub longitude: Option<f64>,
    #[serde(default)]
    pub plan_id: Option<PlanId>,
    /// `prospect` when absent.
    #[serde(default)]
    pub status: Option<CustomerStatus>,
    /// Stored encrypted. On PUT, an absent or null NIK, or the masked NIK as it was returned, keeps
    /// the stored one.
    #[serde(default)]
    pub nik: Option<String>,
    #[serde(default)]
    pub odp: Option<String>,
    #[serde(default)]
    pub notes: Option<String>,
}

/// Validated [`CustomerInput`].
#[derive(Debug, Clone)]
pub struct CustomerData {
    pub name: String,
    pub phone: PhoneNumber,
    pub second_phone: Option<PhoneNumber>,
    pub email: Option<String>,
    pub address: String,
    pub area: Option<String>,
    pub coordinates: Option<Coordinates>,
    pub plan_id: Option<PlanId>,
    pub status: CustomerStatus,
    pub nik: Option<NikInput>,
    pub odp: Option<String>,
    pub notes: Option<String>,
}

impl CustomerInput {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<CustomerData, Vec<FieldFault>> {
        let mut check = Validator::default();
        let name = check.name("name", &self.name, 120);
        let phone = if self.phone.trim().is_empty() {
            check.fail("phone", ErrorCode::Required)
        } else {
            check.accept("phone", PhoneNumber::parse(&self.phone))
        };
        let second_phone = self
            .second_phone
            .as_deref()
            .filter(|text| !text.trim().is_empty())
            .and_then(|text| check.accept("second_phone", PhoneNumber::parse(text)));
        let email = check
            .optional_name("email", self.email.as_deref(), 254)
            .and_then(|email| check.accept("email", parse_email(email)));
        let address = check.line("address", &self.address, 300);
        let area = check.optional_name("area", self.area.as_deref(), 60);
        let coordinates = Coordinates::check(&mut check, self.latitude, self.longitude);
        let nik = check
            .optional_name("nik", self.nik.as_deref(), 40)
            .and_then(|nik| check.accept("nik", NikInput::parse(&nik)));
        let odp = check.optional_name("odp", self.odp.as_deref(), 60);
        let notes = check.optional_prose("notes", self.notes.as_deref(), 2_000);
        let data = name.zip(phone).zip(address).map(|((name, phone), address)| CustomerData {
            name,
            phone,
            second_phone,
            email,
            address,
            area,
            coordinates,
            plan_id: self.plan_id,
            status: self.status.unwrap_or(CustomerStatus::Prospect),
            nik,
            odp,
            notes,
        });
        check.finish(data)
    }
}

crate::text_enum! {
    /// Why a customer looks like the one that is being typed.
    SimilarityReason {
        /// One of the phone numbers is the same.
        Phone => "phone",
        Nik => "nik",
        NameAndAddress => "name_and_address",
    }
}

/// `POST /api/customers/similar`. What is given is compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SimilarCustomerQuery {
    /// In any usual format; compared with both numbers of a customer.
    pub phone: Option<String>,
    pub second_phone: Option<String>,
    /// The whole identity number; compared for callers who may change customers.
    pub nik: Option<String>,
    /// Compared together with the address, in upper or lower case.
    pub name: Option<String>,
    pub address: Option<String>,
}

/// Validated [`SimilarCustomerQuery`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SimilarCustomerInput {
    pub phones: Vec<PhoneNumber>,
    pub nik: Option<Nik>,
    pub name_and_address: Option<(String, String)>,
}

impl SimilarCustomerQuery {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<SimilarCustomerInput, Vec<FieldFault>> {
        let mut check = Validator::default();
        let typed = [("phone", &self.phone), ("second_phone", &self.second_phone)];
        let typed = typed.into_iter().filter_map(|(field, text)| Some((field, text.as_deref()?)));
        let phones = typed
            .filter(|(_, text)| !text.trim().is_empty())
            .filter_map(|(field, text)| check.accept(field, PhoneNumber::parse(text)))
            .collect();
        let nik = self.nik.as_deref().filter(|text| !text.trim().is_empty());
        let nik = nik.and_then(|text| check.accept("nik", Nik::parse(text)));
        let name = check.optional_name("name", self.name.as_deref(), 120);
        let address = check.optional_line("address", self.address.as_deref(), 300);
        check.finish(Some(SimilarCustomerInput {
            phones,
            nik,
            name_and_address: name.zip(address),
        }))
    }
}

/// One entry of the answer of `POST /api/customers/similar`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimilarCustomer {
    #[serde(flatten)]
    pub customer: Customer,
    pub reason: SimilarityReason,
}

fn parse_email(email: String) -> Result<String, ErrorCode> {
    let valid = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    if valid && !email.contains(char::is_whitespace) && email.matches('@').count() == 1 {
        Ok(email.to_lowercase())
    } else {
        Err(ErrorCode::InvalidEmail)
    }
}

crate::text_enum! {
    /// Sort order of the list of customers.
    CustomerSort {
        NewestFirst => "-created_at",
        OldestFirst => "created_at",
        Name => "name",
        NameDescending => "-name",
        Number => "number",
        NumberDescending => "-number",
    }
}

/// `GET /api/customers`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct CustomerQuery {
    /// Part of the name, number, phone number, address, area or ODP, or of the serial number of an installed device.
    pub q: Option<String>,
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub status: Option<CommaList<CustomerStatus>>,
    pub plan_id: Option<PlanId>,
    /// The whole name of the area, in upper or lower case.
    pub area: Option<String>,
    /// Only customers without coordinates.
    pub without_coordinates: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<CustomerSort>,
    pub with_total: Option<bool>,
}
