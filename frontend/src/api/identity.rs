//! What identifies a person. The server notes every look at it.

use shared::identity::{CustomerNik, IdentityPhoto};
use shared::{CustomerId, RegistrationId, TechnicianId};

use super::{ApiResult, client, upload};

/// Whose identity card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Customer(CustomerId),
    Technician(TechnicianId),
    /// Of an applicant: it can only be looked at.
    Registration(RegistrationId),
}

impl Holder {
    fn photo(self) -> String {
        match self {
            Holder::Customer(id) => format!("customers/{id}/identity-photo"),
            Holder::Technician(id) => format!("technicians/{id}/identity-photo"),
            Holder::Registration(id) => format!("technician-registrations/{id}/identity-photo"),
        }
    }
}

/// The identity number of a customer in full.
pub async fn nik(id: CustomerId) -> ApiResult<CustomerNik> {
    client::get(&format!("customers/{id}/nik")).await
}

/// The photo of the card: its address in memory, to be revoked after use.
pub async fn photo(of: Holder) -> ApiResult<String> {
    client::object_url(&of.photo()).await
}

/// Keeps a photo of the card in the place of an earlier one.
pub async fn put_photo(
    of: Holder,
    file: &web_sys::File,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<IdentityPhoto> {
    upload::replace(&of.photo(), file, progress).await
}

/// Removes the photo of the card.
pub async fn remove_photo(of: Holder) -> ApiResult<()> {
    client::delete(&of.photo()).await
}
