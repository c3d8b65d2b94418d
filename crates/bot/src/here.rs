//! What a flow has at hand while it answers one update.

use std::sync::Arc;

use db::Tx;
use notify::telegram::Button;
use services::photos::StoredPhoto;
use services::vault::Vault;
use services::{Actor, Error, Result};
use shared::{ChatId, ErrorCode, TechnicianId};

use crate::press::{Buttons, Press};
use crate::update::Sender;

/// What every conversation shares.
pub struct Shared {
    pub buttons: Buttons,
    pub vault: Vault,
    /// As people reach the server.
    pub public_url: String,
}

/// What was made ready before the transaction, because it takes long or asks the network.
#[derive(Debug, Clone, Default)]
pub enum Prepared {
    #[default]
    Nothing,
    /// A photo for a job, cleaned and stored, and the serial number of a barcode on it.
    Photo { stored: StoredPhoto, barcode: Option<String> },
    /// The picture is none, is too large, or could not be fetched.
    Unusable(ErrorCode, Option<String>),
    /// A first password and its hash.
    Password { clear: String, hash: String },
}

/// One update in its transaction: who, where, and what is at hand.
pub struct Here<'here, 'conn> {
    pub tx: &'here mut Tx<'conn>,
    pub shared: &'here Arc<Shared>,
    pub chat: ChatId,
    pub from: &'here Sender,
    /// The login that the chat belongs to, as it is at this moment.
    pub actor: Option<Actor>,
    pub prepared: &'here Prepared,
}

impl Here<'_, '_> {
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

    /// A button in this chat.
    pub fn button(&self, label: impl Into<String>, press: &Press) -> Button {
        Button::Press { label: label.into(), data: self.shared.buttons.data(self.chat, press) }
    }
}
