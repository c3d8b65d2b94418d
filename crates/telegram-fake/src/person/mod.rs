//! A person with a phone.

mod buttons;
mod media;
mod wait;

use std::sync::Arc;

use crate::chat::{Chat, Shown};
use crate::html::{Entity, EntityKind};
use crate::state::now;
use crate::telegram::Core;
use crate::wire::{Contact, Content, Location, Member, MemberUpdate, UpdateKind, Words};

/// Seconds for which a moving place is shared.
const LIVE_PERIOD: i64 = 3_600;

/// Somebody who chats with the bot. What a method does is one update; it gives its number.
#[derive(Clone)]
pub struct Person {
    core: Arc<Core>,
    id: i64,
}

impl Person {
    pub(crate) fn new(core: Arc<Core>, id: i64) -> Self {
        Self { core, id }
    }

    /// The number of the person and of the chat.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Opens the chat without saying anything: from then on the bot may write there.
    pub fn open_chat(&self) {
        self.core.state().chat(self.id).started = true;
        self.core.changed();
    }

    fn does(&self, said: impl Into<String>, content: Content) -> i64 {
        let id = self.core.state().person_sends(self.id, said.into(), content, None);
        self.core.changed();
        id
    }

    /// Types a text.
    pub fn send(&self, text: &str) -> i64 {
        let entities = if text.starts_with('/') { vec![command(text)] } else { Vec::new() };
        self.does(text, Content::text(Words { text: text.to_owned(), entities }))
    }

    /// Shares the own phone number by the button.
    pub fn share_contact(&self, phone: &str) -> i64 {
        self.contact(phone, Some(self.id))
    }

    /// Sends the card of somebody else, who may have no Telegram.
    pub fn share_contact_of(&self, other: Option<i64>, phone: &str) -> i64 {
        self.contact(phone, other)
    }

    fn contact(&self, phone: &str, user_id: Option<i64>) -> i64 {
        let (phone_number, first_name) = (phone.to_owned(), "Kontak".to_owned());
        let contact = Contact { phone_number, first_name, user_id };
        self.does(format!("👤 {phone}"), Content::Contact { contact })
    }

    /// Sends a point on the map.
    pub fn share_location(&self, latitude: f64, longitude: f64) -> i64 {
        let location =
            Location { latitude, longitude, horizontal_accuracy: None, live_period: None };
        self.does(format!("📍 {latitude}, {longitude}"), Content::Location { location })
    }

    /// Shares the place while the phone moves.
    pub fn share_live_location(&self, latitude: f64, longitude: f64) -> i64 {
        self.does("📍 (langsung)", moving(latitude, longitude))
    }

    /// Whether the phone shares its place while it moves.
    pub(crate) fn shares_place(&self) -> bool {
        self.chat().messages.iter().any(is_live)
    }

    /// The phone has moved: the newest place that is shared changes.
    ///
    /// # Panics
    /// No place is shared.
    pub fn move_live_location(&self, latitude: f64, longitude: f64) -> i64 {
        let mut state = self.core.state();
        let mut newest_first = state.chat(self.id).messages.iter_mut().rev();
        let Some(shown) = newest_first.find(|message| is_live(message)) else {
            panic!("{} shares no place", self.id);
        };
        shown.sent.content = moving(latitude, longitude);
        shown.sent.edited = Some(now());
        shown.edits += 1;
        let shown = shown.clone();
        let message = state.message(self.id, &shown);
        let id = state.queue.tell(&UpdateKind::EditedMessage(message));
        drop(state);
        self.core.changed();
        id
    }

    /// Stops the bot.
    pub fn block_bot(&self) -> i64 {
        self.member(true)
    }

    /// Lets the bot speak again.
    pub fn unblock_bot(&self) -> i64 {
        self.member(false)
    }

    fn member(&self, blocked: bool) -> i64 {
        let mut state = self.core.state();
        state.chat(self.id).blocked = blocked;
        let update = MemberUpdate {
            chat: state.private(self.id),
            from: state.user(self.id),
            date: now(),
            old_chat_member: Member::bot(state.bot(), !blocked),
            new_chat_member: Member::bot(state.bot(), blocked),
        };
        let id = state.queue.tell(&UpdateKind::MyChatMember(update));
        drop(state);
        self.core.changed();
        id
    }

    /// The chat as the phone shows it now.
    pub fn chat(&self) -> Chat {
        self.core.state().chats.get(&self.id).cloned().unwrap_or_default()
    }

    /// The chat as a text that a snapshot can hold.
    pub fn transcript(&self) -> String {
        self.chat().transcript()
    }
}

fn is_live(message: &Shown) -> bool {
    matches!(&message.sent.content, Content::Location { location } if location.live_period.is_some())
}

fn moving(latitude: f64, longitude: f64) -> Content {
    let live_period = Some(LIVE_PERIOD);
    let location = Location { latitude, longitude, horizontal_accuracy: None, live_period };
    Content::Location { location }
}

fn command(text: &str) -> Entity {
    let name = text.split_whitespace().next().unwrap_or_default();
    let length = name.encode_utf16().count();
    Entity { kind: EntityKind::BotCommand, offset: 0, length }
}
