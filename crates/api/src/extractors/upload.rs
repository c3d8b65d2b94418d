//! Upload extractor: `multipart/form-data` with one `file` and a few short text fields.

use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};
use shared::ErrorCode;
use shared::text::strip_invisible;
use shared::validate::FieldFault;

use crate::extractors::body_budget::BodyMemory;
use crate::extractors::json_body::ChangeMeta;
use crate::extractors::multipart::{MultipartForm, Part};
use crate::problem::ApiError;
use crate::state;

/// Longest text field, in bytes.
const MAX_TEXT_BYTES: usize = 64 * 1024;
/// Longest stored file name, in characters.
const MAX_FILE_NAME_CHARS: usize = 120;
/// Largest number of text fields.
const MAX_TEXT_FIELDS: usize = 20;
/// Bytes that are read and discarded of a file that is too large, before it is rejected: a client
/// that still sends would never see the response.
const MAX_DISCARDED_BYTES: usize = 128 * 1024 * 1024;

/// An uploaded file with its text fields and the headers of a write request. At most
/// `max_file_bytes` of the configuration are held in memory.
#[derive(Debug)]
pub struct Upload {
    pub file: FileContent,
    pub file_name: String,
    pub fields: BTreeMap<String, String>,
    pub meta: ChangeMeta,
}

/// The content of a file. Its memory stays reserved until the last clone is dropped.
#[derive(Debug, Clone)]
pub struct FileContent {
    bytes: Bytes,
    _held: Arc<BodyMemory>,
}

impl AsRef<[u8]> for FileContent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// An upload whose body has not been read yet: a handler can refuse the request before it is.
pub struct UnreadUpload {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for UnreadUpload {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self { request: request.clone(), payload: payload.take() }))
    }
}

impl UnreadUpload {
    /// Reads the body.
    ///
    /// # Errors
    /// `Unavailable` if there is no memory for it within some seconds, and those of [`read`].
    pub async fn read(self) -> Result<Upload, ApiError> {
        let Self { request, payload } = self;
        let app = state::from_request(&request)?;
        let held = app.body_budget.reserve_upload(&request).await?;
        read(&request, payload, app.config.max_file_bytes, held).await
    }
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let unread = UnreadUpload { request: request.clone(), payload: payload.take() };
        Box::pin(async move { Ok(unread.read().await?) })
    }
}

/// Reads the form, with at most `max_file_bytes` of the file, into the reserved memory.
///
/// # Errors
/// `UnsupportedMediaType`, `MalformedRequest`, `PayloadTooLarge`; `InvalidFields` for a missing or
/// second `file` and for text fields that are too long or too many.
pub async fn read(
    request: &HttpRequest,
    payload: Payload,
    max_file_bytes: usize,
    held: BodyMemory,
) -> Result<Upload, ApiError> {
    let mut form = MultipartForm::open(request, payload)?;
    let mut reader = FormReader::new(max_file_bytes);
    while let Some(part) = form.next().await? {
        if let Err(refusal) = reader.read_part(part).await {
            discard(&mut form).await;
            return Err(refusal);
        }
    }
    reader.finish(request, held)
}

struct FilePart {
    bytes: Bytes,
    name: String,
}

struct FormReader {
    max_file_bytes: usize,
    file: Option<FilePart>,
    fields: BTreeMap<String, String>,
}

impl FormReader {
    fn new(max_file_bytes: usize) -> Self {
        Self { max_file_bytes, file: None, fields: BTreeMap::new() }
    }

    async fn read_part(&mut self, mut part: Part) -> Result<(), ApiError> {
        let name = part.name().to_owned();
        if name == "file" {
            if self.file.is_some() {
                return Err(fault("file", ErrorCode::TooMany, Some("1")));
            }
            let file_name = sanitize_file_name(part.file_name());
            let bytes = read_limited(&mut part, self.max_file_bytes).await?.ok_or_else(|| {
                let limit = format_size(self.max_file_bytes);
                ApiError::refuse_with(ErrorCode::PayloadTooLarge, limit)
            })?;
            self.file = Some(FilePart { bytes, name: file_name });
            return Ok(());
        }
        let limit = MAX_TEXT_BYTES.to_string();
        if self.fields.len() == MAX_TEXT_FIELDS {
            return Err(fault(&name, ErrorCode::UnknownField, None));
        }
        let bytes = read_limited(&mut part, MAX_TEXT_BYTES).await?;
        let bytes = bytes.ok_or_else(|| fault(&name, ErrorCode::TooLong, Some(&limit)))?;
        let text = String::from_utf8(bytes.into())
            .map_err(|_| fault(&name, ErrorCode::InvalidText, None))?;
        self.fields.insert(name, text);
        Ok(())
    }

    fn finish(self, request: &HttpRequest, held: BodyMemory) -> Result<Upload, ApiError> {
        let file = self.file.ok_or_else(|| fault("file", ErrorCode::Required, None))?;
        // The boundary differs between attempts, so the raw bodies of the same request differ.
        let mut hash = Sha256::new();
        for (name, text) in &self.fields {
            for part in [name.as_bytes(), text.as_bytes()] {
                hash.update(part.len().to_be_bytes());
                hash.update(part);
            }
        }
        hash.update(&file.bytes);
        let meta = ChangeMeta::read(request, &hash.finalize())?;
        let held = FileContent { bytes: file.bytes, _held: Arc::new(held) };
        Ok(Upload { file: held, file_name: file.name, fields: self.fields, meta })
    }
}

/// Returns a file name that is safe to show: without folders and control characters, and not too
/// long. No file is stored under it.
fn sanitize_file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    strip_invisible(name).chars().take(MAX_FILE_NAME_CHARS).collect()
}

/// Reads one part; `None` if it is larger than `limit` bytes.
async fn read_limited(part: &mut Part, limit: usize) -> Result<Option<Bytes>, ApiError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = part.next().await? {
        if bytes.len() + chunk.len() > limit {
            discard_part(part, MAX_DISCARDED_BYTES).await;
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

async fn discard(form: &mut MultipartForm) {
    let mut left = MAX_DISCARDED_BYTES;
    while let Ok(Some(mut part)) = form.next().await {
        left = discard_part(&mut part, left).await;
        if left == 0 {
            return;
        }
    }
}

async fn discard_part(part: &mut Part, mut left: usize) -> usize {
    while left > 0
        && let Ok(Some(chunk)) = part.next().await
    {
        left = left.saturating_sub(chunk.len().max(1));
    }
    left
}

fn fault(field: &str, code: ErrorCode, param: Option<&str>) -> ApiError {
    let param = param.map(str::to_owned);
    services::Error::from(vec![FieldFault { field: field.to_owned(), code, param }]).into()
}

fn format_size(bytes: usize) -> String {
    match bytes {
        small if small < 1024 * 1024 => format!("{} KB", small / 1024),
        large => format!("{} MB", large / (1024 * 1024)),
    }
}

#[cfg(test)]
mod tests {
    use super::sanitize_file_name;

    #[test]
    fn file_names_are_sanitized() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\siti\\ktp.jpg", "ktp.jpg"),
            ("a\r\nSet-Cookie: x\0.jpg", "a  Set-Cookie: x.jpg"),
            ("..", ".."),
            ("foto rumah.jpg", "foto rumah.jpg"),
        ] {
            assert_eq!(sanitize_file_name(sent), kept);
        }
        assert_eq!(sanitize_file_name(&"é".repeat(5_000)).chars().count(), 120);
    }
}
