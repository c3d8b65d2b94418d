//! Content of a message.

use serde::Serialize;

use super::FormattedText;
use crate::html::Entity;

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
}

impl Content {
    pub fn text(words: FormattedText) -> Self {
        Self::Text { text: words.text, entities: words.entities }
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
    fn from(words: FormattedText) -> Self {
        let caption = (!words.text.is_empty()).then_some(words.text);
        Self { caption, caption_entities: words.entities }
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
    /// Duration of a live location in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_period: Option<i64>,
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
