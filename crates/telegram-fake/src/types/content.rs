//! Content of a message.

use serde::Serialize;

use crate::html::{Entity, FormattedText};

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Content {
    Text {
        text: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        entities: Vec<Entity>,
    },
    Photo {
        photo: Vec<PhotoSize>,
        #[serde(flatten)]
        caption: Caption,
    },
    Document {
        document: Document,
        #[serde(flatten)]
        caption: Caption,
    },
    Venue {
        location: Location,
        venue: Venue,
    },
    Location {
        location: Location,
    },
    Contact {
        contact: Contact,
    },
    Sticker {
        sticker: Sticker,
    },
    Voice {
        voice: Voice,
    },
    /// A kind of message that no code looks into, as the fields of the Bot API.
    Other(serde_json::Value),
}

impl Content {
    pub fn text(formatted: FormattedText) -> Self {
        Self::Text { text: formatted.text, entities: formatted.entities }
    }

    /// Returns the caption, if the content can have one.
    pub fn caption_mut(&mut self) -> Option<&mut Caption> {
        match self {
            Self::Photo { caption, .. } | Self::Document { caption, .. } => Some(caption),
            _ => None,
        }
    }

    /// Returns the file for `getFile`: of a photo the largest size.
    pub fn file_id(&self) -> Option<&str> {
        match self {
            Self::Photo { photo, .. } => photo.last().map(|size| size.file_id.as_str()),
            Self::Document { document, .. } => Some(&document.file_id),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Caption {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub caption_entities: Vec<Entity>,
}

impl From<FormattedText> for Caption {
    fn from(formatted: FormattedText) -> Self {
        let caption = (!formatted.text.is_empty()).then_some(formatted.text);
        Self { caption, caption_entities: formatted.entities }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PhotoSize {
    pub file_id: String,
    pub file_unique_id: String,
    pub width: u32,
    pub height: u32,
    pub file_size: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Document {
    pub file_id: String,
    pub file_unique_id: String,
    pub file_name: String,
    pub mime_type: String,
    pub file_size: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Location {
    pub latitude: f64,
    pub longitude: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizontal_accuracy: Option<f64>,
    /// Direction of the movement of a live location, in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<u16>,
    /// Duration of a live location in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_period: Option<i64>,
}

/// Where a forwarded message comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum MessageOrigin {
    /// A person who hides their account from forwarded messages.
    HiddenUser { date: i64, sender_user_name: String },
}

/// A named place. Telegram sends its location twice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Venue {
    pub location: Location,
    pub title: String,
    pub address: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Contact {
    pub phone_number: String,
    pub first_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Sticker {
    pub file_id: String,
    pub file_unique_id: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub width: u32,
    pub height: u32,
    pub is_animated: bool,
    pub is_video: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Voice {
    pub file_id: String,
    pub file_unique_id: String,
    /// Seconds.
    pub duration: u32,
}
