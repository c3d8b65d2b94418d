//! Test user: a person with a phone who chats with the bot.

mod buttons;
mod media;
mod other;
mod wait;

pub use other::OtherKind;

use std::sync::Arc;

use crate::chat::{Chat, ChatMessage, Sender};
use crate::html::{Entity, EntityKind, FormattedText};
use crate::shared_state::SharedState;
use crate::state::SentAs;
use crate::types::{
    ChatMember, ChatMemberUpdated, Contact, Content, Location, MessageOrigin, UpdateKind, Venue,
};

/// Duration of a live location in seconds.
const LIVE_PERIOD: i64 = 3_600;

/// A user who chats with the bot. Each action makes one update and returns its number.
#[derive(Clone)]
pub struct TestUser {
    shared: Arc<SharedState>,
    id: i64,
    /// How the next messages are sent.
    how: SentAs,
}

impl TestUser {
    pub(crate) fn new(shared: Arc<SharedState>, id: i64) -> Self {
        Self { shared, id, how: SentAs::default() }
    }

    /// Returns the id of the user, which is that of the chat too.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Sets the language of the user's Telegram, such as `en-GB`; Indonesian without it.
    pub fn set_language(&self, tag: &'static str) {
        self.shared.state().languages.insert(self.id, tag);
    }

    /// The same user, who forwards what somebody else wrote.
    #[must_use]
    pub fn forwarding(&self) -> Self {
        let origin = MessageOrigin::HiddenUser {
            date: self.shared.state().now() - 3_600,
            sender_user_name: "Siti".to_owned(),
        };
        let how = SentAs { forwarded: Some(origin), ..self.how.clone() };
        Self { how, ..self.clone() }
    }

    /// The same user, whose messages Telegram got `seconds` ago and delivers only now.
    #[must_use]
    pub fn late(&self, seconds: i64) -> Self {
        let date = Some(self.shared.state().now() - seconds);
        Self { how: SentAs { date, ..self.how.clone() }, ..self.clone() }
    }

    /// Opens the chat without a message: from then on the bot may write to it.
    pub fn open_chat(&self) {
        self.shared.state().chat(self.id).started = true;
        self.shared.notify_change();
    }

    fn send_content(&self, said: impl Into<String>, content: Content) -> i64 {
        let how = self.how.clone();
        let id = self.shared.state().receive_from_user(self.id, said.into(), content, how);
        self.shared.notify_change();
        id
    }

    /// Sends a text.
    pub fn send(&self, text: &str) -> i64 {
        let entities = if text.starts_with('/') { vec![command_entity(text)] } else { Vec::new() };
        self.send_content(text, Content::text(FormattedText { text: text.to_owned(), entities }))
    }

    /// Shares the user's own phone number.
    pub fn share_contact(&self, phone: &str) -> i64 {
        self.send_contact(phone, Some(self.id))
    }

    /// Sends the contact of another person, who may have no Telegram account.
    pub fn share_contact_of(&self, other: Option<i64>, phone: &str) -> i64 {
        self.send_contact(phone, other)
    }

    fn send_contact(&self, phone: &str, user_id: Option<i64>) -> i64 {
        let (phone_number, first_name) = (phone.to_owned(), "Kontak".to_owned());
        let contact = Contact { phone_number, first_name, user_id };
        self.send_content(format!("👤 {phone}"), Content::Contact { contact })
    }

    /// Sends a location.
    pub fn share_location(&self, latitude: f64, longitude: f64) -> i64 {
        let location = pin(latitude, longitude);
        self.send_content(format!("📍 {latitude}, {longitude}"), Content::Location { location })
    }

    /// Sends a place with a name, chosen from the list that Telegram offers.
    pub fn share_venue(&self, latitude: f64, longitude: f64, title: &str) -> i64 {
        let location = pin(latitude, longitude);
        let (title, address) = (title.to_owned(), "Jl. Kaliurang".to_owned());
        let venue = Venue { location: location.clone(), title: title.clone(), address };
        self.send_content(format!("📍 {title}"), Content::Venue { location, venue })
    }

    /// Starts a live location.
    pub fn share_live_location(&self, latitude: f64, longitude: f64) -> i64 {
        self.send_content("📍 (langsung)", live_location(latitude, longitude))
    }

    /// Whether a live location is shared.
    pub(crate) fn shares_live_location(&self) -> bool {
        self.chat().messages.iter().any(is_live_location)
    }

    /// Moves the newest live location.
    ///
    /// # Panics
    /// There is no live location.
    pub fn move_live_location(&self, latitude: f64, longitude: f64) -> i64 {
        let chat = self.chat();
        let Some(shown) = chat.messages.iter().rev().find(|message| is_live_location(message))
        else {
            panic!("{} shares no place", self.id);
        };
        self.edit(shown.id, None, live_location(latitude, longitude))
    }

    /// Ends the newest live location: the message is edited and no longer names a period.
    ///
    /// # Panics
    /// There is no live location.
    pub fn stop_live_location(&self) -> i64 {
        let chat = self.chat();
        let Some(shown) = chat.messages.iter().rev().find(|message| is_live_location(message))
        else {
            panic!("{} shares no place", self.id);
        };
        let (latitude, longitude) = shown.location().unwrap_or_default();
        let location = pin(latitude, longitude);
        self.edit(shown.id, None, Content::Location { location })
    }

    /// Edits the newest message of the user with this text.
    ///
    /// # Panics
    /// The user has not sent such a text.
    pub fn edit_text(&self, old: &str, new: &str) -> i64 {
        let chat = self.chat();
        let mut newest_first = chat.messages.iter().rev();
        let Some(shown) =
            newest_first.find(|message| message.sender == Sender::User && message.text == old)
        else {
            panic!("{} has not sent {old:?}", self.id);
        };
        let content = Content::text(FormattedText { text: new.to_owned(), entities: Vec::new() });
        self.edit(shown.id, Some(new), content)
    }

    fn edit(&self, message_id: i64, text: Option<&str>, content: Content) -> i64 {
        let mut state = self.shared.state();
        let edited = self.how.date.unwrap_or_else(|| state.now());
        let mut messages = state.chat(self.id).messages.iter_mut();
        let Some(shown) = messages.find(|message| message.id == message_id) else {
            panic!("{} has no message {message_id}", self.id);
        };
        shown.data.content = content;
        shown.data.edited = Some(edited);
        shown.edits += 1;
        if let Some(text) = text {
            text.clone_into(&mut shown.text);
        }
        let shown = shown.clone();
        let message = state.message(self.id, &shown);
        let id = state.queue.push(&UpdateKind::EditedMessage(message));
        drop(state);
        self.shared.notify_change();
        id
    }

    /// Clears the chat: every message so far is gone, for the bot too.
    pub fn clear_chat(&self) {
        let mut state = self.shared.state();
        state.chat(self.id).messages.iter_mut().for_each(|message| message.deleted = true);
        drop(state);
        self.shared.notify_change();
    }

    /// Blocks the bot.
    pub fn block_bot(&self) -> i64 {
        self.set_blocked(true)
    }

    /// Unblocks the bot.
    pub fn unblock_bot(&self) -> i64 {
        self.set_blocked(false)
    }

    /// Blocks or unblocks the bot while it is away for so long that Telegram drops the update.
    pub fn set_blocked_unnoticed(&self, blocked: bool) {
        self.shared.state().chat(self.id).blocked = blocked;
        self.shared.notify_change();
    }

    fn set_blocked(&self, blocked: bool) -> i64 {
        let mut state = self.shared.state();
        state.chat(self.id).blocked = blocked;
        let update = ChatMemberUpdated {
            chat: state.private_chat(self.id),
            from: state.user(self.id),
            date: state.now(),
            old_chat_member: ChatMember::bot(state.bot(), !blocked),
            new_chat_member: ChatMember::bot(state.bot(), blocked),
        };
        let id = state.queue.push(&UpdateKind::MyChatMember(update));
        drop(state);
        self.shared.notify_change();
        id
    }

    /// Returns the chat as the phone shows it now.
    pub fn chat(&self) -> Chat {
        self.shared.state().chats.get(&self.id).cloned().unwrap_or_default()
    }

    /// Returns the chat as text.
    pub fn transcript(&self) -> String {
        self.chat().transcript()
    }
}

fn is_live_location(message: &ChatMessage) -> bool {
    matches!(&message.data.content, Content::Location { location } if location.live_period.is_some())
}

fn pin(latitude: f64, longitude: f64) -> Location {
    let (horizontal_accuracy, heading, live_period) = (None, None, None);
    Location { latitude, longitude, horizontal_accuracy, heading, live_period }
}

/// Phones name the accuracy and the direction of the movement of a live location.
fn live_location(latitude: f64, longitude: f64) -> Content {
    let location = Location {
        horizontal_accuracy: Some(12.5),
        heading: Some(270),
        live_period: Some(LIVE_PERIOD),
        ..pin(latitude, longitude)
    };
    Content::Location { location }
}

fn command_entity(text: &str) -> Entity {
    let name = text.split_whitespace().next().unwrap_or_default();
    let length = name.encode_utf16().count();
    Entity { kind: EntityKind::BotCommand, offset: 0, length }
}
