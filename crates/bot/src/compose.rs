//! Notices in the words of a chat, as things stand when they are delivered.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::Conn;
use notify::telegram::{Addressee, Compose, Keyboard, Message};
use services::outbox::Notice;

use crate::here::Shared;
use crate::html::bold;

/// The bot's way of telling.
pub struct Composer {
    pub shared: Arc<Shared>,
}

impl Compose for Composer {
    fn compose(
        &self,
        _conn: &mut Conn,
        _now: DateTime<Utc>,
        _to: Addressee,
        notice: &Notice,
        replaces: Option<i32>,
    ) -> services::Result<Option<Message>> {
        let text = match notice {
            Notice::JobOffered { number, .. } => format!("🆕 Pekerjaan {}", bold(number)),
            Notice::OfferClosed { number, .. } => {
                format!("Pekerjaan {} sudah diambil.", bold(number))
            }
            _ => return Ok(None),
        };
        let keyboard = Keyboard::None;
        Ok(Some(match replaces {
            Some(message_id) => Message::Edit { message_id, text, keyboard },
            None => Message::Text { text, keyboard },
        }))
    }
}
