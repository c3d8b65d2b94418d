//! Message view: a text and its buttons, before it becomes a new message or an edit.

use notify::telegram::{Button, Keyboard, Message};

/// The text of a message and the buttons below it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MessageView {
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
}

impl MessageView {
    /// A text without buttons.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), buttons: Vec::new() }
    }

    /// The message itself: an edit of the message `replaces`, or a new one.
    pub fn into_message(self, replaces: Option<i32>) -> Message {
        let Self { text, buttons } = self;
        match replaces {
            Some(message_id) => {
                Message::Edit { message_id, text, keyboard: Keyboard::Inline(buttons) }
            }
            None if buttons.is_empty() => Message::Text { text, keyboard: Keyboard::None },
            None => Message::Text { text, keyboard: Keyboard::Inline(buttons) },
        }
    }
}
