//! What the bot answers to one thing that a person did.

use notify::telegram::{Button, Keyboard, Message};

use crate::dialogue::Dialogue;
use crate::views::MessageView;

/// What becomes of the conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum DialogueChange {
    /// It stays where it is.
    #[default]
    Unchanged,
    /// It goes on here.
    Set(Dialogue),
    /// Nothing is going on any more.
    Cleared,
}

/// Messages, the next step of the conversation, and the short word that a pressed button shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BotResponse {
    pub messages: Vec<Message>,
    pub dialogue: DialogueChange,
    /// Shown over the chat for a moment; only after a press.
    pub toast: Option<String>,
    /// The first message takes the place of the first answer to this earlier update.
    pub replaces_update: Option<i64>,
    /// Files of the upload folder that belong to nobody after the commit.
    pub orphaned_files: Vec<String>,
    /// Photos of applicants find their place after the commit.
    pub applicant_photos_decided: bool,
}

impl BotResponse {
    /// A plain line.
    pub fn text(text: impl Into<String>) -> Self {
        Self::with_keyboard(text, Keyboard::None)
    }

    /// A text with buttons.
    pub fn with_keyboard(text: impl Into<String>, keyboard: Keyboard) -> Self {
        Self::message(Message::Text { text: text.into(), keyboard })
    }

    /// Another text and other buttons in place of a message that stands in the chat.
    pub fn edit(message_id: i32, text: impl Into<String>, buttons: Vec<Vec<Button>>) -> Self {
        let keyboard = Keyboard::Inline(buttons);
        Self::message(Message::Edit { message_id, text: text.into(), keyboard })
    }

    /// A card at the end of the chat.
    pub fn view(card: MessageView) -> Self {
        let keyboard = match card.buttons.is_empty() {
            true => Keyboard::None,
            false => Keyboard::Inline(card.buttons),
        };
        Self::with_keyboard(card.text, keyboard)
    }

    /// A card in place of a message that stands in the chat.
    pub fn edit_view(message_id: i32, card: MessageView) -> Self {
        Self::edit(message_id, card.text, card.buttons)
    }

    /// One message.
    pub fn message(message: Message) -> Self {
        Self { messages: vec![message], ..Self::default() }
    }

    /// Only a short word over the chat.
    pub fn toast(text: impl Into<String>) -> Self {
        Self { toast: Some(text.into()), ..Self::default() }
    }

    /// With a short word over the chat.
    #[must_use]
    pub fn with_toast(mut self, toast: impl Into<String>) -> Self {
        self.toast = Some(toast.into());
        self
    }

    /// In place of the first answer to an earlier update.
    #[must_use]
    pub fn replacing(mut self, update_id: Option<i64>) -> Self {
        self.replaces_update = update_id;
        self
    }

    /// A file of the upload folder belongs to nobody any more.
    #[must_use]
    pub fn orphaning(mut self, file: Option<String>) -> Self {
        self.orphaned_files.extend(file);
        self
    }

    /// A registration was decided.
    #[must_use]
    pub fn deciding_applicant_photos(mut self) -> Self {
        self.applicant_photos_decided = true;
        self
    }

    /// With one more message.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.messages.extend(other.messages);
        self.toast = other.toast.or(self.toast);
        self.orphaned_files.extend(other.orphaned_files);
        self.applicant_photos_decided |= other.applicant_photos_decided;
        if other.dialogue != DialogueChange::Unchanged {
            self.dialogue = other.dialogue;
        }
        self
    }

    /// The conversation goes on at `dialogue`.
    #[must_use]
    pub fn with_dialogue(mut self, dialogue: Dialogue) -> Self {
        self.dialogue = DialogueChange::Set(dialogue);
        self
    }

    /// The conversation is over.
    #[must_use]
    pub fn ending_dialogue(mut self) -> Self {
        self.dialogue = DialogueChange::Cleared;
        self
    }
}
