//! Identity numbers and photos of identity cards. The server records every read.

use shared::identity::{CustomerNik, IdentityPhoto};
use shared::{CustomerId, RegistrationId, TechnicianId};

use super::upload::{self, OutgoingPhoto};
use super::{ApiResult, client};

/// The holder of an identity card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityHolder {
    Customer(CustomerId),
    Technician(TechnicianId),
    /// An applicant, whose photo can only be viewed.
    Registration(RegistrationId),
}

impl IdentityHolder {
    /// Returns the path of the photo in the API.
    pub fn photo_path(self) -> String {
        match self {
            IdentityHolder::Customer(id) => format!("customers/{id}/identity-photo"),
            IdentityHolder::Technician(id) => format!("technicians/{id}/identity-photo"),
            IdentityHolder::Registration(id) => {
                format!("technician-registrations/{id}/identity-photo")
            }
        }
    }
}

/// Returns the unmasked identity number of a customer.
pub async fn nik(id: CustomerId) -> ApiResult<CustomerNik> {
    client::get(&format!("customers/{id}/nik")).await
}

/// Stores a photo of the card; replaces an earlier one.
pub async fn put_photo(
    holder: IdentityHolder,
    photo: &OutgoingPhoto,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<IdentityPhoto> {
    upload::replace_photo(&holder.photo_path(), photo, progress).await
}

/// Removes the photo of the card.
pub async fn remove_photo(holder: IdentityHolder) -> ApiResult<()> {
    client::delete(&holder.photo_path()).await
}
