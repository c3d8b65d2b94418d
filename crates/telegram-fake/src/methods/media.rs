//! Photos and files that the bot sends.

use serde::Deserialize;

use super::compose::{Role, words};
use crate::arguments::{Arguments, Upload};
use crate::files::FileKind;
use crate::html::Entity;
use crate::refusal::Refusal;
use crate::state::State;
use crate::wire::{Content, Words};

/// Where a file comes from.
pub(super) enum Source<'a> {
    Upload {
        kind: FileKind,
        upload: &'a Upload,
    },
    /// Sent before.
    Known {
        kind: FileKind,
        id: String,
    },
}

/// Looks for the file of a request: uploaded, attached, or sent before.
///
/// # Errors
/// There is none, it is too large, or it was of another kind.
pub(super) fn source<'a>(
    state: &State,
    arguments: &'a Arguments,
    kind: FileKind,
    given: Option<&str>,
) -> Result<Source<'a>, Refusal> {
    let field = kind.field();
    let upload = match given {
        None => arguments.files.get(field),
        Some(given) => given.strip_prefix("attach://").and_then(|name| arguments.files.get(name)),
    };
    if let Some(upload) = upload {
        if upload.bytes.len() > kind.largest() {
            return Err(Refusal::too_large());
        }
        if upload.bytes.is_empty() {
            return Err(Refusal::bad("file must be non-empty"));
        }
        return Ok(Source::Upload { kind, upload });
    }
    let Some(id) = given else {
        return Err(Refusal::bad(format!("there is no {field} in the request")));
    };
    if id.starts_with("http://") || id.starts_with("https://") {
        return Err(Refusal::bad("failed to get HTTP URL content"));
    }
    match state.files.get(id) {
        Some(stored) if stored.kind == kind => Ok(Source::Known { kind, id: id.to_owned() }),
        Some(stored) => Err(Refusal::bad(format!(
            "can't use file of type {} as {}",
            stored.kind.name(),
            kind.name()
        ))),
        None => Err(Refusal::bad("wrong file identifier/HTTP URL specified")),
    }
}

/// Keeps the file; gives what the message carries.
pub(super) fn content(state: &mut State, source: Source<'_>, words: Words) -> Content {
    let files = &mut state.files;
    let caption = words.into();
    match source {
        Source::Upload { kind: FileKind::Photo, upload } => {
            Content::Photo { photo: files.photo(upload.bytes.clone()), caption }
        }
        Source::Upload { kind: FileKind::Document, upload } => {
            let mime = upload.mime.clone().unwrap_or_else(|| "application/octet-stream".into());
            let document = files.document(upload.bytes.clone(), upload.name.clone(), mime);
            Content::Document { document, caption }
        }
        Source::Known { kind: FileKind::Photo, id } => {
            Content::Photo { photo: files.sizes(&id), caption }
        }
        Source::Known { kind: FileKind::Document, id } => {
            Content::Document { document: files.described(&id), caption }
        }
    }
}

/// A photo or a file in a list, or in place of another.
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

    /// The words below it.
    ///
    /// # Errors
    /// They are broken or too long.
    pub fn words(&self) -> Result<Words, Refusal> {
        let entities = self.caption_entities.clone();
        words(&self.caption, self.parse_mode.as_deref(), entities, Role::Caption)
    }

    /// Where it comes from.
    ///
    /// # Errors
    /// As [`source`].
    pub fn source<'a>(
        &self,
        state: &State,
        arguments: &'a Arguments,
    ) -> Result<Source<'a>, Refusal> {
        source(state, arguments, self.kind(), Some(&self.media))
    }
}
