//! What it takes to put something before the eyes of one person.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use notify::telegram::Button;
use shared::ChatId;

use crate::callback_data::CallbackData;
use crate::context::BotState;

/// A chat at one moment.
#[derive(Clone, Copy)]
pub struct ViewContext<'a> {
    pub state: &'a BotState,
    pub chat: ChatId,
    pub now: DateTime<Utc>,
}

impl ViewContext<'_> {
    /// A button in this chat.
    pub fn button(&self, label: impl Into<String>, press: &CallbackData) -> Button {
        Button::Press {
            label: label.into(),
            data: self.state.callback_signer.sign(self.chat, press),
        }
    }

    /// A way to a page of the browser application. Telegram takes no address without a certificate.
    pub fn web_page_button(&self, label: &str, path: &str) -> Vec<Vec<Button>> {
        let base = self.state.public_url.trim_end_matches('/');
        if !base.starts_with("https://") {
            return Vec::new();
        }
        vec![vec![Button::Link { label: label.to_owned(), url: format!("{base}/{path}") }]]
    }

    /// The organisation's time zone.
    pub fn zone(&self) -> Tz {
        self.state.time_zone
    }
}
