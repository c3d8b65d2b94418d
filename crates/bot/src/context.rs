//! Update context: what a flow has at hand while it answers one update.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use services::photos::{PendingPhoto, StoredPhoto};
use services::technician_registrations::ApplicantPhoto;
use services::{Actor, Error, Result, Tx};
use shared::{ChatId, ErrorCode, Lang, TechnicianId};

use crate::bot_state::BotState;
use crate::incoming_update::Sender;
use crate::view_context::ViewContext;

/// A stored photo and the serial numbers on its barcodes.
#[derive(Debug, Clone)]
pub struct PrefetchedPhoto {
    pub stored: PendingPhoto<StoredPhoto>,
    pub barcodes: Vec<String>,
}

/// What was made ready before the transaction, because it takes long or needs the network.
#[derive(Debug, Clone, Default)]
pub enum Prefetched {
    #[default]
    Nothing,
    /// Photos of a job.
    JobPhotos(Vec<PrefetchedPhoto>),
    /// The photo of an applicant's identity card, encrypted for this chat.
    ApplicantPhoto(PendingPhoto<ApplicantPhoto>),
    /// The photo is damaged or too large, or could not be downloaded.
    UnusablePhoto(ErrorCode, Option<String>),
    /// An initial password and its hash.
    Password { plaintext: String, hash: String },
}

impl Prefetched {
    /// Ends the use of photos after the commit: files that the transaction did not use are removed.
    pub fn commit(&self) {
        match self {
            Prefetched::JobPhotos(photos) => photos.iter().for_each(|photo| photo.stored.commit()),
            Prefetched::ApplicantPhoto(photo) => photo.commit(),
            Prefetched::Nothing | Prefetched::UnusablePhoto(..) | Prefetched::Password { .. } => {}
        }
    }

    /// Ends the use of photos after a rollback: all files are removed.
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

/// One update in its transaction.
pub struct UpdateContext<'ctx, 'conn> {
    pub tx: &'ctx mut Tx<'conn>,
    /// The number of the update.
    pub update_id: i64,
    pub state: &'ctx Arc<BotState>,
    pub chat: ChatId,
    pub sender: &'ctx Sender,
    /// The message that is answered; none for buttons.
    pub message_id: Option<i32>,
    /// When the message was sent; none for buttons.
    pub sent_at: Option<DateTime<Utc>>,
    /// The language of the chat.
    pub lang: Lang,
    /// The user of the chat, with the permissions of this moment.
    pub actor: Option<Actor>,
    pub prefetched: &'ctx Prefetched,
}

impl<'ctx> UpdateContext<'ctx, '_> {
    /// What rendering a message for this chat depends on.
    pub fn view_ctx(&self) -> ViewContext<'ctx> {
        ViewContext { state: self.state, chat: self.chat, lang: self.lang, now: self.tx.now() }
    }

    /// The user of the chat.
    ///
    /// # Errors
    /// `NotAuthenticated` in a chat without a user.
    pub fn actor(&self) -> Result<Actor> {
        self.actor.clone().ok_or_else(|| Error::refuse(ErrorCode::NotAuthenticated))
    }

    /// The user of the chat as a technician.
    ///
    /// # Errors
    /// `NotAuthenticated` in a chat without a user, `Forbidden` if the user is no active technician.
    pub fn technician(&self) -> Result<(Actor, TechnicianId)> {
        let actor = self.actor()?;
        let id = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
        Ok((actor, id))
    }
}
