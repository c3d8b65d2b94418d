//! Photos and files of outgoing messages.

use serde::Deserialize;

use super::outgoing::{TextRole, parse_text};
use crate::api_error::ApiError;
use crate::arguments::{Arguments, Upload};
use crate::files::FileKind;
use crate::html::Entity;
use crate::state::State;
use crate::types::{Content, FormattedText};

/// The source of a file.
pub(super) enum FileSource<'a> {
    Upload {
        kind: FileKind,
        upload: &'a Upload,
    },
    /// A file that was sent before.
    Existing {
        kind: FileKind,
        id: String,
    },
}

/// Finds the file of a request: uploaded, attached, or sent before.
///
/// # Errors
/// There is none; it is too large; it was sent as another kind.
pub(super) fn find_source<'a>(
    state: &State,
    arguments: &'a Arguments,
    kind: FileKind,
    given: Option<&str>,
) -> Result<FileSource<'a>, ApiError> {
    let field = kind.field();
    let upload = match given {
        None => arguments.files.get(field),
        Some(given) => given.strip_prefix("attach://").and_then(|name| arguments.files.get(name)),
    };
    if let Some(upload) = upload {
        if upload.bytes.len() > kind.max_bytes() {
            return Err(ApiError::too_large());
        }
        if upload.bytes.is_empty() {
            return Err(ApiError::bad_request("file must be non-empty"));
        }
        return Ok(FileSource::Upload { kind, upload });
    }
    let Some(id) = given else {
        return Err(ApiError::bad_request(format!("there is no {field} in the request")));
    };
    if id.starts_with("http://") || id.starts_with("https://") {
        return Err(ApiError::bad_request("failed to get HTTP URL content"));
    }
    match state.files.get(id) {
        Some(stored) if stored.kind == kind => Ok(FileSource::Existing { kind, id: id.to_owned() }),
        Some(stored) => Err(ApiError::bad_request(format!(
            "can't use file of type {} as {}",
            stored.kind.name(),
            kind.name()
        ))),
        None => Err(ApiError::bad_request("wrong file identifier/HTTP URL specified")),
    }
}

/// Stores the file and returns the content of the message.
pub(super) fn store_file(
    state: &mut State,
    source: FileSource<'_>,
    words: FormattedText,
) -> Content {
    let files = &mut state.files;
    let caption = words.into();
    match source {
        FileSource::Upload { kind: FileKind::Photo, upload } => {
            Content::Photo { photo: files.add_photo(upload.bytes.clone()), caption }
        }
        FileSource::Upload { kind: FileKind::Document, upload } => {
            let mime = upload.mime.clone().unwrap_or_else(|| "application/octet-stream".into());
            let document = files.add_document(upload.bytes.clone(), upload.name.clone(), mime);
            Content::Document { document, caption }
        }
        FileSource::Existing { kind: FileKind::Photo, id } => {
            Content::Photo { photo: files.photo_sizes(&id), caption }
        }
        FileSource::Existing { kind: FileKind::Document, id } => {
            Content::Document { document: files.document_info(&id), caption }
        }
    }
}

/// `InputMedia` of an album or an edit.
#[derive(Debug, Deserialize)]
pub(super) struct InputMedia {
    #[serde(rename = "type")]
    kind: InputKind,
    media: String,
    #[serde(default)]
    caption: String,
    parse_mode: Option<String>,
    caption_entities: Option<Vec<Entity>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum InputKind {
    Photo,
    Document,
}

impl InputMedia {
    pub fn kind(&self) -> FileKind {
        match self.kind {
            InputKind::Photo => FileKind::Photo,
            InputKind::Document => FileKind::Document,
        }
    }

    /// Parses the caption.
    ///
    /// # Errors
    /// It is malformed or too long.
    pub fn parsed_caption(&self) -> Result<FormattedText, ApiError> {
        let entities = self.caption_entities.clone();
        parse_text(&self.caption, self.parse_mode.as_deref(), entities, TextRole::Caption)
    }

    /// Finds the file.
    ///
    /// # Errors
    /// As [`find_source`].
    pub fn source<'a>(
        &self,
        state: &State,
        arguments: &'a Arguments,
    ) -> Result<FileSource<'a>, ApiError> {
        find_source(state, arguments, self.kind(), Some(&self.media))
    }
}
