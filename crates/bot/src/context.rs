//! What a flow has at hand while it answers one update.

use std::sync::Arc;

use chrono_tz::Tz;
use services::encryption::Cipher;
use services::photos::{PendingPhoto, StoredPhoto};
use services::technician_registrations::ApplicantPhoto;
use services::{Actor, Error, Result, Tx};
use shared::{ChatId, ErrorCode, TechnicianId};

use crate::callback_data::CallbackSigner;
use crate::update::Sender;
use crate::view_context::ViewContext;

/// What every conversation shares.
pub struct BotState {
    pub callback_signer: CallbackSigner,
    pub cipher: Cipher,
    /// As people reach the server.
    pub public_url: String,
    /// The organisation's.
    pub time_zone: Tz,
}

/// A photo, cleaned and stored, and what the barcodes on it say.
#[derive(Debug, Clone)]
pub struct PrefetchedPhoto {
    pub stored: PendingPhoto<StoredPhoto>,
    pub barcodes: Vec<String>,
}

/// What was made ready before the transaction, because it takes long or asks the network.
#[derive(Debug, Clone, Default)]
pub enum Prefetched {
    #[default]
    Nothing,
    /// Photos for a job.
    JobPhotos(Vec<PrefetchedPhoto>),
    /// The photo of an applicant's identity card, sealed for this chat.
    ApplicantPhoto(PendingPhoto<ApplicantPhoto>),
    /// The picture is none, is too large, or could not be fetched.
    UnusablePhoto(ErrorCode, Option<String>),
    /// A first password and its hash.
    Password { plaintext: String, hash: String },
}

impl Prefetched {
    /// The transaction is committed: files of photos that it did not use are removed.
    pub fn commit(&self) {
        match self {
            Prefetched::JobPhotos(photos) => photos.iter().for_each(|photo| photo.stored.commit()),
            Prefetched::ApplicantPhoto(photo) => photo.commit(),
            Prefetched::Nothing | Prefetched::UnusablePhoto(..) | Prefetched::Password { .. } => {}
        }
    }

    /// The transaction changed nothing: the files of all photos are removed.
    pub fn roll_back(&self) {
        match self {
            Prefetched::JobPhotos(photos) => {
                photos.iter().for_each(|photo| photo.stored.roll_back());
            }
            Prefetched::ApplicantPhoto(photo) => photo.roll_back(),
            Prefetched::Nothing | Prefetched::UnusablePhoto(..) | Prefetched::Password { .. } => {}
        }
    }
}

/// One update in its transaction: who, where, and what is at hand.
pub struct UpdateContext<'here, 'conn> {
    pub tx: &'here mut Tx<'conn>,
    /// The number of the update that is answered.
    pub update_id: i64,
    pub state: &'here Arc<BotState>,
    pub chat: ChatId,
    pub sender: &'here Sender,
    /// The login that the chat belongs to, as it is at this moment.
    pub actor: Option<Actor>,
    pub prefetched: &'here Prefetched,
}

impl<'here> UpdateContext<'here, '_> {
    /// The chat at this moment.
    pub fn view_ctx(&self) -> ViewContext<'here> {
        ViewContext { state: self.state, chat: self.chat, now: self.tx.now() }
    }

    /// Who acts.
    ///
    /// # Errors
    /// [`ErrorCode::NotAuthenticated`] in a chat without a login.
    pub fn actor(&self) -> Result<Actor> {
        self.actor.clone().ok_or_else(|| Error::refuse(ErrorCode::NotAuthenticated))
    }

    /// Who acts, as a technician.
    ///
    /// # Errors
    /// [`ErrorCode::NotAuthenticated`] in a chat without a login, [`ErrorCode::Forbidden`] if it
    /// belongs to no active technician.
    pub fn technician(&self) -> Result<(Actor, TechnicianId)> {
        let actor = self.actor()?;
        let id = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
        Ok((actor, id))
    }
}
