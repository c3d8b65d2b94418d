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

    /// A way to a page of the browser application. Telegram takes no address without a certificate.
    pub fn page_link(&self, label: &str, path: &str) -> Vec<Vec<Button>> {
        let base = self.shared.public_url.trim_end_matches('/');
        if !base.starts_with("https://") {
            return Vec::new();
        }
        vec![vec![Button::Link { label: label.to_owned(), url: format!("{base}/{path}") }]]
    }

    /// The organisation's time zone.
    pub fn zone(&self) -> Tz {
        self.shared.time_zone
    }
}
