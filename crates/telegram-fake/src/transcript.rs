//! Transcripts: chats as text, for snapshots.

use std::fmt::Write;

use crate::chat::{Chat, ChatMessage, Keyboard, Sender};

/// One entry of a transcript.
#[derive(Debug, Clone)]
pub(crate) enum ChatEvent {
    User(String),
    Bot(String),
    /// The bot edited a message: its new state.
    Edited(String),
    /// The bot deleted a message.
    Deleted(String),
    Toast(String),
}

impl Chat {
    /// Returns the history of the chat: messages, buttons and edits.
    pub fn transcript(&self) -> String {
        let mut text = String::new();
        for line in &self.events {
            let _ = match line {
                ChatEvent::User(said) => write_entry(&mut text, "Orang", said),
                ChatEvent::Bot(said) => write_entry(&mut text, "Bot", said),
                ChatEvent::Edited(now) => write_entry(&mut text, "Bot ✎", now),
                ChatEvent::Deleted(was) => write_entry(&mut text, "Bot ✗", was),
                ChatEvent::Toast(toast) => writeln!(text, "        ({toast})"),
            };
        }
        text
    }

    /// Returns the chat as the phone shows it now: each message in its current state, with its buttons.
    pub fn screen(&self) -> String {
        let mut text = String::new();
        for message in self.messages.iter().filter(|message| !message.deleted) {
            let who = if message.sender == Sender::Bot { "Bot" } else { "Orang" };
            let _ = write_entry(&mut text, who, &render_message(message));
        }
        let keys = keyboard_rows(&self.keyboard);
        if !keys.is_empty() {
            let _ = write_entry(&mut text, "", &keys.join("\n"));
        }
        text
    }
}

fn write_entry(text: &mut String, who: &str, said: &str) -> std::fmt::Result {
    let mut lines = said.lines();
    writeln!(text, "{who:>6}: {}", lines.next().unwrap_or_default())?;
    for line in lines {
        if line.is_empty() {
            writeln!(text)?;
        } else {
            writeln!(text, "        {line}")?;
        }
    }
    Ok(())
}

/// Renders text and buttons of a message.
pub(crate) fn render_message(message: &ChatMessage) -> String {
    let of_bot = message.sender == Sender::Bot;
    let picture = if of_bot && message.has_photo { "🖼 " } else { "" };
    let mut text = format!("{picture}{}", message.text);
    for row in &message.buttons {
        let row: Vec<String> = row.iter().map(|button| format!("[{}]", button.label)).collect();
        text.push('\n');
        text.push_str(&row.join(" "));
    }
    text
}

/// Renders the rows of a reply keyboard.
pub(crate) fn keyboard_rows(keyboard: &Keyboard) -> Vec<String> {
    let row = |row: &Vec<crate::chat::Key>| -> String {
        let row: Vec<String> = row.iter().map(|key| format!("⌨[{}]", key.label)).collect();
        row.join(" ")
    };
    keyboard.rows.iter().map(row).collect()
}
