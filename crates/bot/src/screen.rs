//! What it takes to put something before the eyes of one person.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use notify::telegram::Button;
use shared::ChatId;

use crate::here::Shared;
use crate::press::Press;

/// A chat at one moment.
#[derive(Clone, Copy)]
pub struct Screen<'a> {
    pub shared: &'a Shared,
    pub chat: ChatId,
    pub now: DateTime<Utc>,
}

impl Screen<'_> {
    /// A button in this chat.
    pub fn button(&self, label: impl Into<String>, press: &Press) -> Button {
        Button::Press { label: label.into(), data: self.shared.buttons.data(self.chat, press) }
    }

    /// The organisation's time zone.
    pub fn zone(&self) -> Tz {
        self.shared.time_zone
    }
}
