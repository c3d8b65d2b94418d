//! What the bot answers to one thing that a person did.

use notify::telegram::{Button, Keyboard, Message};

use crate::cards::Card;
use crate::dialogue::Dialogue;

/// What becomes of the conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Next {
    /// It stays where it is.
    #[default]
    Stay,
    /// It goes on here.
    Go(Dialogue),
    /// Nothing is going on any more.
    End,
}

/// Messages, the next step of the conversation, and the short word that a pressed button shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    pub messages: Vec<Message>,
    pub next: Next,
    /// Shown over the chat for a moment; only after a press.
    pub toast: Option<String>,
    /// The first message takes the place of the first answer to this earlier update.
    pub over: Option<i64>,
    /// What was made ready for this update belongs to nobody.
    pub unused: bool,
    /// Files of the upload folder that belong to nobody after the commit.
    pub leftovers: Vec<String>,
    /// Photos of applicants find their place after the commit.
    pub settles_photos: bool,
}

impl Answer {
    /// A plain line.
    pub fn text(text: impl Into<String>) -> Self {
        Self::with(text, Keyboard::None)
    }

    /// A text with buttons.
    pub fn with(text: impl Into<String>, keyboard: Keyboard) -> Self {
        Self::message(Message::Text { text: text.into(), keyboard })
    }

    /// Another text and other buttons in place of a message that stands in the chat.
    pub fn edit(message_id: i32, text: impl Into<String>, buttons: Vec<Vec<Button>>) -> Self {
        let keyboard = Keyboard::Inline(buttons);
        Self::message(Message::Edit { message_id, text: text.into(), keyboard })
    }

    /// A card at the end of the chat.
    pub fn card(card: Card) -> Self {
        let keyboard = match card.buttons.is_empty() {
            true => Keyboard::None,
            false => Keyboard::Inline(card.buttons),
        };
        Self::with(card.text, keyboard)
    }

    /// A card in place of a message that stands in the chat.
    pub fn redraw(message_id: i32, card: Card) -> Self {
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
    pub fn saying(mut self, toast: impl Into<String>) -> Self {
        self.toast = Some(toast.into());
        self
    }

    /// In place of the first answer to an earlier update.
    #[must_use]
    pub fn over(mut self, update_id: Option<i64>) -> Self {
        self.over = update_id;
        self
    }

    /// What was made ready is needed by nobody.
    #[must_use]
    pub fn unused(mut self) -> Self {
        self.unused = true;
        self
    }

    /// A file of the upload folder belongs to nobody any more.
    #[must_use]
    pub fn leaving(mut self, file: Option<String>) -> Self {
        self.leftovers.extend(file);
        self
    }

    /// A registration was decided.
    #[must_use]
    pub fn settling_photos(mut self) -> Self {
        self.settles_photos = true;
        self
    }

    /// With one more message.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.messages.extend(other.messages);
        self.toast = other.toast.or(self.toast);
        self.unused |= other.unused;
        self.leftovers.extend(other.leftovers);
        self.settles_photos |= other.settles_photos;
        if other.next != Next::Stay {
            self.next = other.next;
        }
        self
    }

    /// The conversation goes on at `dialogue`.
    #[must_use]
    pub fn go(mut self, dialogue: Dialogue) -> Self {
        self.next = Next::Go(dialogue);
        self
    }

    /// The conversation is over.
    #[must_use]
    pub fn end(mut self) -> Self {
        self.next = Next::End;
        self
    }
}
