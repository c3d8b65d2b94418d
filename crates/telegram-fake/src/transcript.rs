//! A chat as a text that a test can hold.

use std::fmt::Write;

use crate::chat::{Author, Chat, Keyboard, Shown};

/// Something that happened in a chat.
#[derive(Debug, Clone)]
pub(crate) enum Line {
    Person(String),
    Bot(String),
    /// The bot changed an earlier message: how it looks from then on.
    Edited(String),
    /// The bot took a message away.
    Deleted(String),
    Toast(String),
}

impl Chat {
    /// The chat as a text: who said what, which buttons there were, what was changed.
    pub fn transcript(&self) -> String {
        let mut text = String::new();
        for line in &self.story {
            let _ = match line {
                Line::Person(said) => write_said(&mut text, "Orang", said),
                Line::Bot(said) => write_said(&mut text, "Bot", said),
                Line::Edited(now) => write_said(&mut text, "Bot ✎", now),
                Line::Deleted(was) => write_said(&mut text, "Bot ✗", was),
                Line::Toast(toast) => writeln!(text, "        ({toast})"),
            };
        }
        text
    }

    /// The chat as the phone shows it now: each message once, as it stands, with its buttons.
    pub fn screen(&self) -> String {
        let mut text = String::new();
        for message in self.messages.iter().filter(|message| !message.deleted) {
            let who = if message.author == Author::Bot { "Bot" } else { "Orang" };
            let _ = write_said(&mut text, who, &rendered(message));
        }
        let keys = keys(&self.keyboard);
        if !keys.is_empty() {
            let _ = write_said(&mut text, "", &keys.join("\n"));
        }
        text
    }
}

fn write_said(text: &mut String, who: &str, said: &str) -> std::fmt::Result {
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

/// Text and buttons of a message.
pub(crate) fn rendered(message: &Shown) -> String {
    let of_bot = message.author == Author::Bot;
    let picture = if of_bot && message.has_picture { "🖼 " } else { "" };
    let mut text = format!("{picture}{}", message.text);
    for row in &message.buttons {
        let row: Vec<String> = row.iter().map(|button| format!("[{}]", button.label)).collect();
        text.push('\n');
        text.push_str(&row.join(" "));
    }
    text
}

/// The rows of buttons in place of the keyboard.
pub(crate) fn keys(keyboard: &Keyboard) -> Vec<String> {
    let row = |row: &Vec<crate::chat::Key>| -> String {
        let row: Vec<String> = row.iter().map(|key| format!("⌨[{}]", key.label)).collect();
        row.join(" ")
    };
    keyboard.rows.iter().map(row).collect()
}
