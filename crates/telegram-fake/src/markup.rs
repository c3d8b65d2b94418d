//! Reply markup: inline buttons and keyboards.

use serde::{Deserialize, Serialize};

use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::chat::{Button, Key, KeyAction, Keyboard};

/// The JSON of `reply_markup`: one of four forms, told apart by their fields.
#[derive(Debug, Default, Deserialize)]
struct ReplyMarkupJson {
    inline_keyboard: Option<Vec<Vec<InlineButtonJson>>>,
    keyboard: Option<Vec<Vec<KeyboardButtonJson>>>,
    #[serde(default)]
    one_time_keyboard: bool,
    #[serde(default)]
    remove_keyboard: bool,
    #[serde(default)]
    force_reply: bool,
}

/// The JSON of an inline button.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct InlineButtonJson {
    #[serde(default)]
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback_data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The JSON of an inline keyboard.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InlineMarkupJson {
    inline_keyboard: Vec<Vec<InlineButtonJson>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum KeyboardButtonJson {
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

/// A parsed `reply_markup`.
#[derive(Debug)]
pub(crate) enum ReplyMarkup {
    Inline(Vec<Vec<Button>>),
    Keyboard(Keyboard),
    Remove,
    ForceReply,
}

impl ReplyMarkup {
    /// Parses `reply_markup`.
    ///
    /// # Errors
    /// The markup is invalid.
    pub fn read(arguments: &Arguments) -> Result<Option<Self>, ApiError> {
        let Some(sent) = arguments.json::<ReplyMarkupJson>("reply_markup")? else {
            return Ok(None);
        };
        Ok(if let Some(rows) = sent.inline_keyboard {
            Some(Self::Inline(parse_inline_rows(rows)?))
        } else if let Some(rows) = sent.keyboard {
            Some(Self::Keyboard(parse_keyboard(rows, sent.one_time_keyboard)?))
        } else if sent.remove_keyboard {
            Some(Self::Remove)
        } else if sent.force_reply {
            Some(Self::ForceReply)
        } else {
            None
        })
    }

    /// Parses `reply_markup` of an edit, which may hold inline buttons only.
    ///
    /// # Errors
    /// The markup is invalid.
    pub fn read_inline(arguments: &Arguments) -> Result<Vec<Vec<Button>>, ApiError> {
        match Self::read(arguments)? {
            None => Ok(Vec::new()),
            Some(Self::Inline(rows)) => Ok(rows),
            Some(_) => Err(ApiError::bad_request("inline keyboard expected")),
        }
    }
}

impl InlineMarkupJson {
    /// Returns the JSON of these buttons, if there are any.
    pub fn from_rows(rows: &[Vec<Button>]) -> Option<Self> {
        let button = |button: &Button| InlineButtonJson {
            text: button.label.clone(),
            callback_data: button.data.clone(),
            url: button.url.clone(),
        };
        let rows: Vec<Vec<InlineButtonJson>> =
            rows.iter().map(|row| row.iter().map(button).collect()).collect();
        (!rows.is_empty()).then_some(Self { inline_keyboard: rows })
    }
}

fn parse_inline_rows(rows: Vec<Vec<InlineButtonJson>>) -> Result<Vec<Vec<Button>>, ApiError> {
    let rows = rows.into_iter().filter(|row| !row.is_empty());
    rows.map(|row| row.into_iter().map(parse_inline_button).collect()).collect()
}

fn parse_inline_button(sent: InlineButtonJson) -> Result<Button, ApiError> {
    let wrong =
        |why: &str| ApiError::bad_request(format!("can't parse inline keyboard button: {why}"));
    let InlineButtonJson { text: label, callback_data: data, url } = sent;
    if label.trim().is_empty() {
        return Err(wrong("Field \"text\" must be non-empty"));
    }
    if data.as_ref().is_some_and(|data| data.is_empty() || data.len() > 64) {
        return Err(ApiError::bad_request("BUTTON_DATA_INVALID"));
    }
    let known = ["http://", "https://", "tg://"];
    if let Some(url) = url.as_ref().filter(|url| !known.iter().any(|it| url.starts_with(it))) {
        return Err(ApiError::bad_request(format!(
            "inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )));
    }
    if data.is_none() && url.is_none() {
        return Err(wrong("Text buttons are unallowed in the inline keyboard"));
    }
    Ok(Button { label, data, url })
}

fn parse_keyboard(
    rows: Vec<Vec<KeyboardButtonJson>>,
    one_time: bool,
) -> Result<Keyboard, ApiError> {
    let rows: Result<Vec<Vec<Key>>, ApiError> = rows
        .into_iter()
        .filter(|row| !row.is_empty())
        .map(|row| row.into_iter().map(parse_key).collect())
        .collect();
    Ok(Keyboard { rows: rows?, one_time })
}

fn parse_key(button: KeyboardButtonJson) -> Result<Key, ApiError> {
    let (label, asks) = match button {
        KeyboardButtonJson::Label(label) => (label, KeyAction::Text),
        KeyboardButtonJson::Button { text, request_contact: true, .. } => {
            (text, KeyAction::Contact)
        }
        KeyboardButtonJson::Button { text, request_location: true, .. } => {
            (text, KeyAction::Location)
        }
        KeyboardButtonJson::Button { text, .. } => (text, KeyAction::Text),
    };
    if label.trim().is_empty() {
        return Err(ApiError::bad_request(
            "can't parse keyboard button: Field \"text\" must be of type String",
        ));
    }
    Ok(Key { label, action: asks })
}
