//! Bot response: what one update is answered with.

use notify::telegram::{Button, Keyboard, Message};

use crate::dialogue::Dialogue;
use crate::message_view::MessageView;

/// What becomes of the dialogue.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum DialogueChange {
    #[default]
    Unchanged,
    /// It continues in this state.
    Set(Box<Dialogue>),
    /// It ends.
    Cleared,
}

/// Messages, the next state of the dialogue, and the toast of a pressed button.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BotResponse {
    pub messages: Vec<Message>,
    pub dialogue: DialogueChange,
    /// Shown over the chat for a moment; only after a pressed button.
    pub toast: Option<String>,
    /// The first message replaces the first response to this earlier update.
    pub replaces_update: Option<i64>,
    /// Files of the upload folder that nothing refers to after the commit.
    pub orphaned_files: Vec<String>,
    /// Photos of applicants have to be moved or deleted after the commit.
    pub applicant_photos_decided: bool,
}

impl BotResponse {
    /// A text without buttons.
    pub fn text(text: impl Into<String>) -> Self {
        Self::with_keyboard(text, Keyboard::None)
    }

    /// A text with a keyboard.
    pub fn with_keyboard(text: impl Into<String>, keyboard: Keyboard) -> Self {
        Self::message(Message::Text { text: text.into(), keyboard })
    }

    /// A new text and new buttons of an existing message.
    pub fn edit(message_id: i32, text: impl Into<String>, buttons: Vec<Vec<Button>>) -> Self {
        Self::edit_view(message_id, MessageView { text: text.into(), buttons })
    }

    /// A view as a new message.
    pub fn view(view: MessageView) -> Self {
        Self::show_view(None, view)
    }

    /// A view in an existing message.
    pub fn edit_view(message_id: i32, view: MessageView) -> Self {
        Self::show_view(Some(message_id), view)
    }

    /// A view in the existing message `replaces`, or as a new one.
    pub fn show_view(replaces: Option<i32>, view: MessageView) -> Self {
        Self::message(view.into_message(replaces))
    }

    /// One message.
    pub fn message(message: Message) -> Self {
        Self { messages: vec![message], ..Self::default() }
    }

    /// A toast only.
    pub fn toast(text: impl Into<String>) -> Self {
        Self { toast: Some(text.into()), ..Self::default() }
    }

    /// Adds a toast.
    #[must_use]
    pub fn with_toast(mut self, toast: impl Into<String>) -> Self {
        self.toast = Some(toast.into());
        self
    }

    /// Replaces the first response to an earlier update.
    #[must_use]
    pub fn replacing(mut self, update_id: Option<i64>) -> Self {
        self.replaces_update = update_id;
        self
    }

    /// Adds a file of the upload folder that nothing refers to any more.
    #[must_use]
    pub fn orphaning(mut self, file: Option<String>) -> Self {
        self.orphaned_files.extend(file);
        self
    }

    /// Marks that an application was decided.
    #[must_use]
    pub fn deciding_applicant_photos(mut self) -> Self {
        self.applicant_photos_decided = true;
        self
    }

    /// Appends another response; its toast and its dialogue take precedence.
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

    /// Puts a line before the first message.
    #[must_use]
    pub fn after_line(mut self, line: &str) -> Self {
        match self.messages.first_mut() {
            Some(Message::Text { text, .. }) => *text = format!("{line}\n{text}"),
            _ => self.messages.insert(0, Message::text(line)),
        }
        self
    }

    /// Continues the dialogue in this state.
    #[must_use]
    pub fn with_dialogue(mut self, dialogue: impl Into<Dialogue>) -> Self {
        self.dialogue = DialogueChange::Set(Box::new(dialogue.into()));
        self
    }

    /// Ends the dialogue.
    #[must_use]
    pub fn ending_dialogue(mut self) -> Self {
        self.dialogue = DialogueChange::Cleared;
        self
    }
}
