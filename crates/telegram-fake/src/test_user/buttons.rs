//! Taps on buttons.

use super::TestUser;
use crate::chat::{ChatEvent, KeyAction};
use crate::state::PendingCallback;
use crate::types::{CallbackQuery, MaybeInaccessible, UpdateKind};

impl TestUser {
    /// Taps the newest button whose label contains `label`.
    ///
    /// # Panics
    /// There is none; it opens a link; it shares a phone number or a location, which
    /// [`Self::share_contact`] and [`Self::share_location`] do.
    pub fn tap(&self, label: &str) -> i64 {
        let chat = self.chat();
        if let Some((message, _)) = chat.button(label) {
            return self.tap_on(message.id, label);
        }
        match chat.key(label) {
            Some(key) if key.action == KeyAction::Text => self.send(&key.label),
            Some(key) => panic!("[{}] sends no text but a {:?}", key.label, key.action),
            None => panic!("there is no button [{label}]\n{}", chat.transcript()),
        }
    }

    /// Taps a button of one message.
    ///
    /// # Panics
    /// There is none, or it opens a link.
    pub fn tap_on(&self, message_id: i64, label: &str) -> i64 {
        let chat = self.chat();
        let buttons = chat.message(message_id).map(|it| it.buttons.iter().flatten());
        let button = buttons.and_then(|mut all| all.find(|button| button.label.contains(label)));
        let Some(button) = button else {
            panic!("there is no button [{label}]\n{}", chat.transcript());
        };
        match &button.data {
            Some(data) => self.press_button(message_id, data, &button.label, true),
            None => panic!("[{}] opens a page", button.label),
        }
    }

    /// Sends a callback query with `data`, whether the message has such a button or not.
    pub fn press(&self, message_id: i64, data: &str) -> i64 {
        self.press_button(message_id, data, "…", true)
    }

    /// As [`Self::press`], long before the bot gets it: Telegram takes no answer to it any more.
    pub fn press_long_ago(&self, message_id: i64, data: &str) -> i64 {
        self.press_button(message_id, data, "…", false)
    }

    fn press_button(&self, message_id: i64, data: &str, label: &str, awaited: bool) -> i64 {
        let mut state = self.shared.state();
        let id = state.next_query_id(self.id);
        let (query, data) = (id.clone(), data.to_owned());
        if awaited {
            let (query_id, user_id, data) = (query, self.id, data.clone());
            state.pending_callbacks.push(PendingCallback { query_id, user_id, data });
        }
        let chat = state.chat(self.id);
        chat.events.push(ChatEvent::User(format!("▸ {label}")));
        let there = chat.message(message_id).filter(|message| !message.deleted).cloned();
        let message = match there {
            Some(shown) => MaybeInaccessible::Message(Box::new(state.message(self.id, &shown))),
            None => MaybeInaccessible::Inaccessible {
                chat: state.private_chat(self.id),
                message_id,
                date: 0,
            },
        };
        let (from, chat_instance) = (state.user(self.id), self.id.to_string());
        let query = CallbackQuery { id, from, message, chat_instance, data };
        let id = state.queue.push(&UpdateKind::CallbackQuery(query));
        drop(state);
        self.shared.notify_change();
        id
    }
}
