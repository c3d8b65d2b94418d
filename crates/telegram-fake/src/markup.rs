//! Buttons: below a message, or in place of the phone's keyboard.

use serde::{Deserialize, Serialize};

use crate::arguments::Arguments;
use crate::chat::{Asks, Button, Key, Keyboard};
use crate::refusal::Refusal;

/// `reply_markup` as a bot sends it; which of the four it is, its fields say.
#[derive(Debug, Default, Deserialize)]
struct Sent {
    inline_keyboard: Option<Vec<Vec<InlineButton>>>,
    keyboard: Option<Vec<Vec<KeyboardButton>>>,
    #[serde(default)]
    one_time_keyboard: bool,
    #[serde(default)]
    remove_keyboard: bool,
    #[serde(default)]
    force_reply: bool,
}

/// A button below a message as it travels.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct InlineButton {
    #[serde(default)]
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback_data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Buttons below a message as they travel.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InlineMarkup {
    inline_keyboard: Vec<Vec<InlineButton>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum KeyboardButton {
    Label(String),
    Button {
        #[serde(default)]
        text: String,
        #[serde(default)]
        request_contact: bool,
        #[serde(default)]
        request_location: bool,
    },
}

/// What a message does to the buttons.
#[derive(Debug)]
pub(crate) enum Markup {
    Inline(Vec<Vec<Button>>),
    Keyboard(Keyboard),
    Remove,
    ForceReply,
}

impl Markup {
    /// Reads `reply_markup`.
    ///
    /// # Errors
    /// Telegram's words for what it refuses.
    pub fn read(arguments: &Arguments) -> Result<Option<Self>, Refusal> {
        let Some(sent) = arguments.json::<Sent>("reply_markup")? else { return Ok(None) };
        Ok(if let Some(rows) = sent.inline_keyboard {
            Some(Self::Inline(inline(rows)?))
        } else if let Some(rows) = sent.keyboard {
            Some(Self::Keyboard(keyboard(rows, sent.one_time_keyboard)?))
        } else if sent.remove_keyboard {
            Some(Self::Remove)
        } else if sent.force_reply {
            Some(Self::ForceReply)
        } else {
            None
        })
    }

    /// Reads `reply_markup` of an edit, where only buttons below the message may come.
    ///
    /// # Errors
    /// Telegram's words for what it refuses.
    pub fn read_inline(arguments: &Arguments) -> Result<Vec<Vec<Button>>, Refusal> {
        match Self::read(arguments)? {
            None => Ok(Vec::new()),
            Some(Self::Inline(rows)) => Ok(rows),
            Some(_) => Err(Refusal::bad("inline keyboard expected")),
        }
    }
}

impl InlineMarkup {
    /// As Telegram gives them back; nothing, if there are none.
    pub fn of(rows: &[Vec<Button>]) -> Option<Self> {
        let button = |button: &Button| InlineButton {
            text: button.label.clone(),
            callback_data: button.data.clone(),
            url: button.url.clone(),
        };
        let rows: Vec<Vec<InlineButton>> =
            rows.iter().map(|row| row.iter().map(button).collect()).collect();
        (!rows.is_empty()).then_some(Self { inline_keyboard: rows })
    }
}

fn inline(rows: Vec<Vec<InlineButton>>) -> Result<Vec<Vec<Button>>, Refusal> {
    let rows = rows.into_iter().filter(|row| !row.is_empty());
    rows.map(|row| row.into_iter().map(button).collect()).collect()
}

fn button(sent: InlineButton) -> Result<Button, Refusal> {
    let wrong = |why: &str| Refusal::bad(format!("can't parse inline keyboard button: {why}"));
    let InlineButton { text: label, callback_data: data, url } = sent;
    if label.trim().is_empty() {
        return Err(wrong("Field \"text\" must be non-empty"));
    }
    if data.as_ref().is_some_and(|data| data.is_empty() || data.len() > 64) {
        return Err(Refusal::bad("BUTTON_DATA_INVALID"));
    }
    let known = ["http://", "https://", "tg://"];
    if let Some(url) = url.as_ref().filter(|url| !known.iter().any(|it| url.starts_with(it))) {
        return Err(Refusal::bad(format!(
            "inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )));
    }
    if data.is_none() && url.is_none() {
        return Err(wrong("Text buttons are unallowed in the inline keyboard"));
    }
    Ok(Button { label, data, url })
}

fn keyboard(rows: Vec<Vec<KeyboardButton>>, one_time: bool) -> Result<Keyboard, Refusal> {
    let rows: Result<Vec<Vec<Key>>, Refusal> = rows
        .into_iter()
        .filter(|row| !row.is_empty())
        .map(|row| row.into_iter().map(key).collect())
        .collect();
    Ok(Keyboard { rows: rows?, one_time })
}

fn key(button: KeyboardButton) -> Result<Key, Refusal> {
    let (label, asks) = match button {
        KeyboardButton::Label(label) => (label, Asks::Text),
        KeyboardButton::Button { text, request_contact: true, .. } => (text, Asks::Contact),
        KeyboardButton::Button { text, request_location: true, .. } => (text, Asks::Location),
        KeyboardButton::Button { text, .. } => (text, Asks::Text),
    };
    if label.trim().is_empty() {
        return Err(Refusal::bad(
            "can't parse keyboard button: Field \"text\" must be of type String",
        ));
    }
    Ok(Key { label, asks })
}
