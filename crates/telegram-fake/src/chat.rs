//! A private chat as the person's phone shows it.

use std::fmt::Write;

use serde_json::Value;

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    Person,
    Bot,
}

/// One button below a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    /// `callback_data`; none of a link.
    pub data: Option<String>,
    pub url: Option<String>,
}

/// A message as it stands now.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: i64,
    pub author: Author,
    /// As a person reads it, without tags.
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
    pub has_picture: bool,
    /// How often it was changed after it had been sent.
    pub edits: u32,
    pub deleted: bool,
}

/// The chat.
#[derive(Debug, Clone, Default)]
pub struct Chat {
    pub messages: Vec<Shown>,
    /// Labels in place of the keyboard.
    pub keyboard: Vec<Vec<String>>,
    /// Words that appeared over the chat after a press, in their order.
    pub toasts: Vec<String>,
    /// What happened, in the words of a transcript.
    pub(crate) story: Vec<Line>,
    pub(crate) started: bool,
    pub(crate) blocked: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Line {
    Person(String),
    Bot(String),
    /// The bot changed an earlier message: how it looks from then on.
    Edited(String),
    Toast(String),
}

impl Chat {
    /// The newest message of the bot.
    pub fn last(&self) -> Option<&Shown> {
        self.messages.iter().rev().find(|message| message.author == Author::Bot && !message.deleted)
    }

    /// The newest message of the bot that contains the text.
    pub fn find(&self, text: &str) -> Option<&Shown> {
        let of_bot = |message: &&Shown| message.author == Author::Bot && !message.deleted;
        self.messages.iter().rev().filter(of_bot).find(|message| message.text.contains(text))
    }

    /// A message by its number.
    pub fn message(&self, id: i64) -> Option<&Shown> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// The newest message with a button whose label contains `label`, and that button.
    pub fn button(&self, label: &str) -> Option<(&Shown, &Button)> {
        self.messages.iter().rev().filter(|message| !message.deleted).find_map(|message| {
            let button = message.buttons.iter().flatten().find(|b| b.label.contains(label))?;
            Some((message, button))
        })
    }

    /// Every text that the bot's messages show now.
    pub fn texts(&self) -> Vec<&str> {
        let shown = self.messages.iter().filter(|m| m.author == Author::Bot && !m.deleted);
        shown.map(|message| message.text.as_str()).collect()
    }

    /// The chat as a text: who said what, which buttons there were, what was changed.
    pub fn transcript(&self) -> String {
        let mut text = String::new();
        for line in &self.story {
            let _ = match line {
                Line::Person(said) => write_said(&mut text, "Orang", said),
                Line::Bot(said) => write_said(&mut text, "Bot", said),
                Line::Edited(now) => write_said(&mut text, "Bot ✎", now),
                Line::Toast(toast) => writeln!(text, "        ({toast})"),
            };
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
pub(crate) fn render(message: &Shown) -> String {
    let picture = if message.has_picture { "🖼 " } else { "" };
    let mut text = format!("{picture}{}", message.text);
    for row in &message.buttons {
        let row: Vec<String> = row.iter().map(|button| format!("[{}]", button.label)).collect();
        text.push('\n');
        text.push_str(&row.join(" "));
    }
    text
}

/// Reads `inline_keyboard`.
///
/// # Errors
/// Telegram's words for a button that it refuses.
pub(crate) fn inline(markup: &Value) -> Result<Vec<Vec<Button>>, String> {
    let Some(rows) = markup.get("inline_keyboard").and_then(Value::as_array) else {
        return Ok(Vec::new());
    };
    let button = |value: &Value| -> Result<Button, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let label = text("text").filter(|label| !label.is_empty()).ok_or("BUTTON_TEXT_INVALID")?;
        let (data, url) = (text("callback_data"), text("url"));
        if data.as_ref().is_some_and(|data| data.is_empty() || data.len() > 64) {
            return Err("BUTTON_DATA_INVALID".into());
        }
        let known = ["http://", "https://", "tg://"];
        if url.as_ref().is_some_and(|url| !known.iter().any(|start| url.starts_with(start))) {
            return Err("BUTTON_URL_INVALID".into());
        }
        if data.is_none() && url.is_none() {
            return Err("BUTTON_TYPE_INVALID".into());
        }
        Ok(Button { label, data, url })
    };
    rows.iter()
        .map(|row| row.as_array().into_iter().flatten().map(button).collect())
        .filter(|row: &Result<Vec<Button>, String>| !matches!(row, Ok(row) if row.is_empty()))
        .collect()
}

/// Reads `keyboard`: the labels of the buttons in place of the phone's keyboard.
pub(crate) fn reply_keyboard(markup: &Value) -> Option<Vec<Vec<String>>> {
    if markup.get("remove_keyboard").and_then(Value::as_bool) == Some(true) {
        return Some(Vec::new());
    }
    let label = |value: &Value| {
        let text = value.as_str().or_else(|| value.get("text").and_then(Value::as_str));
        text.unwrap_or_default().to_owned()
    };
    let rows = markup.get("keyboard")?.as_array()?;
    Some(rows.iter().map(|row| row.as_array().into_iter().flatten().map(label).collect()).collect())
}
