//! Uploaded files: `multipart/form-data` with one `file` and a few short texts beside it.

use std::collections::BTreeMap;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};
use shared::ErrorCode;
use shared::validate::FieldFault;

use crate::body::ChangeMeta;
use crate::problem::ApiError;
use crate::state::App;

/// Longest text beside the file.
const MAX_TEXT: usize = 8 * 1024;
/// Longest name of a file that is kept, in characters.
const MAX_NAME: usize = 120;
/// Most texts beside the file.
const MAX_TEXTS: usize = 20;
/// What is read and thrown away of a file that is too large, before it is refused: a client that
/// still sends would never see the answer.
const MAX_DISCARDED: usize = 128 * 1024 * 1024;

/// An uploaded file with the texts that came beside it, and the request's headers that belong to
/// a change. At most `max_file_bytes` of the configuration are held in memory.
#[derive(Debug)]
pub struct Upload {
    pub file: Bytes,
    pub file_name: String,
    pub fields: BTreeMap<String, String>,
    pub meta: ChangeMeta,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = request.app_data::<App>();
            let app = app.ok_or_else(|| ApiError::Internal("no state".into()))?;
            Ok(read(&request, payload, app.config.max_file_bytes).await?)
        })
    }
}

/// Reads the form, with at most `max_file_bytes` of the file.
///
/// # Errors
/// No form; no `file` in it; the file or a text is too large.
pub async fn read(
    request: &HttpRequest,
    payload: Payload,
    max_file_bytes: usize,
) -> Result<Upload, ApiError> {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = header.and_then(|value| value.split(';').next()).map(str::trim);
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case("multipart/form-data")) {
        return Err(ApiError::refuse_with(ErrorCode::UnsupportedMediaType, "multipart/form-data"));
    }
    let mut form = Multipart::new(request.headers(), payload);
    let mut reader = Reader::new(max_file_bytes);
    while let Some(field) = form.next().await {
        let read = match field {
            Ok(field) => reader.field(field).await,
            Err(error) => Err(malformed(&error)),
        };
        if let Err(refusal) = read {
            discard(&mut form).await;
            return Err(refusal);
        }
    }
    reader.finish(request)
}

struct FilePart {
    bytes: Bytes,
    name: String,
}

struct Reader {
    max_file_bytes: usize,
    file: Option<FilePart>,
    fields: BTreeMap<String, String>,
}

impl Reader {
    fn new(max_file_bytes: usize) -> Self {
        Self { max_file_bytes, file: None, fields: BTreeMap::new() }
    }

    async fn field(&mut self, mut field: Field) -> Result<(), ApiError> {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            if self.file.is_some() {
                return Err(fault("file", ErrorCode::TooMany, Some("1")));
            }
            let disposition = field.content_disposition();
            let file_name = disposition.and_then(|it| it.get_filename()).unwrap_or_default();
            let file_name = harmless(file_name);
            let bytes = collect(&mut field, self.max_file_bytes).await?.ok_or_else(|| {
                let limit = size_in_words(self.max_file_bytes);
                ApiError::refuse_with(ErrorCode::PayloadTooLarge, limit)
            })?;
            self.file = Some(FilePart { bytes, name: file_name });
            return Ok(());
        }
        let limit = MAX_TEXT.to_string();
        if self.fields.len() == MAX_TEXTS {
            return Err(fault(&name, ErrorCode::UnknownField, None));
        }
        let bytes = collect(&mut field, MAX_TEXT).await?;
        let bytes = bytes.ok_or_else(|| fault(&name, ErrorCode::TooLong, Some(&limit)))?;
        let text = String::from_utf8(bytes.into())
            .map_err(|_| fault(&name, ErrorCode::InvalidText, None))?;
        self.fields.insert(name, text);
        Ok(())
    }

    fn finish(self, request: &HttpRequest) -> Result<Upload, ApiError> {
        let file = self.file.ok_or_else(|| fault("file", ErrorCode::Required, None))?;
        // The boundary differs from try to try, so the raw body can not tell whether a request is
        // the same as an earlier one.
        let mut hash = Sha256::new();
        for (name, text) in &self.fields {
            for part in [name.as_bytes(), text.as_bytes()] {
                hash.update(part.len().to_be_bytes());
                hash.update(part);
            }
        }
        hash.update(&file.bytes);
        let meta = ChangeMeta::read(request, &hash.finalize())?;
        Ok(Upload { file: file.bytes, file_name: file.name, fields: self.fields, meta })
    }
}

/// A name as it may be shown to a person later: without folders, control characters or great length.
/// No file is ever called so.
fn harmless(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()
}

/// Reads one part; `None` if it is larger than `limit`.
async fn collect(field: &mut Field, limit: usize) -> Result<Option<Bytes>, ApiError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| malformed(&error))?;
        if bytes.len() + chunk.len() > limit {
            discard_field(field, MAX_DISCARDED).await;
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

async fn discard(form: &mut Multipart) {
    let mut left = MAX_DISCARDED;
    while let Some(Ok(mut field)) = form.next().await {
        left = discard_field(&mut field, left).await;
        if left == 0 {
            return;
        }
    }
}

async fn discard_field(field: &mut Field, mut left: usize) -> usize {
    while left > 0
        && let Some(Ok(chunk)) = field.next().await
    {
        left = left.saturating_sub(chunk.len().max(1));
    }
    left
}

fn fault(field: &str, code: ErrorCode, param: Option<&str>) -> ApiError {
    let param = param.map(str::to_owned);
    services::Error::from(vec![FieldFault { field: field.to_owned(), code, param }]).into()
}

fn malformed(error: &actix_multipart::MultipartError) -> ApiError {
    ApiError::refuse_with(ErrorCode::MalformedRequest, error)
}

fn size_in_words(bytes: usize) -> String {
    match bytes {
        small if small < 1024 * 1024 => format!("{} KB", small / 1024),
        large => format!("{} MB", large / (1024 * 1024)),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_name_is_only_a_name() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\siti\\ktp.jpg", "ktp.jpg"),
            ("a\r\nSet-Cookie: x\0.jpg", "aSet-Cookie: x.jpg"),
            ("..", ".."),
            ("foto rumah.jpg", "foto rumah.jpg"),
        ] {
            assert_eq!(harmless(sent), kept);
        }
        assert_eq!(harmless(&"é".repeat(5_000)).chars().count(), 120);
    }
}
