//! View context: what rendering a message for one chat depends on.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use notify::telegram::Button;
use shared::{ChatId, Lang};

use crate::bot_state::BotState;
use crate::callback_data::CallbackData;

/// A chat at one moment, and its language.
#[derive(Clone, Copy)]
pub struct ViewContext<'a> {
    pub state: &'a BotState,
    pub chat: ChatId,
    pub lang: Lang,
    pub now: DateTime<Utc>,
}

impl ViewContext<'_> {
    /// A button that works in this chat only.
    pub fn button(&self, label: impl Into<String>, callback: impl Into<CallbackData>) -> Button {
        let data = self.state.callback_signer.sign(self.chat, &callback.into());
        Button::Press { label: label.into(), data }
    }

    /// A row with a link to a page of the browser application. Telegram accepts `https` links only,
    /// so there is none on a server without a certificate.
    pub fn web_page_button(&self, label: &str, path: &str) -> Vec<Vec<Button>> {
        let base = self.state.public_url.trim_end_matches('/');
        if !base.starts_with("https://") {
            return Vec::new();
        }
        vec![vec![Button::Link { label: label.to_owned(), url: format!("{base}/{path}") }]]
    }

    /// The time zone of the organisation.
    pub fn zone(&self) -> Tz {
        self.state.time_zone
    }
}
