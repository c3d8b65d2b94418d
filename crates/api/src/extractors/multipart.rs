//! Stream of the parts of a `multipart/form-data` body.
//!
//! Guards the parser of actix-multipart, which relies on complete forms: it waits for ever where a
//! body ends within a boundary, and panics at some lines before the first boundary if the boundary
//! is short.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use futures_util::{Stream, StreamExt};
use shared::ErrorCode;

use crate::extractors::body_pace::{MIN_PACE, PacedBody};
use crate::problem::ApiError;

/// Shortest accepted boundary, in characters. Generated clients use three, browsers and libraries
/// twenty and more.
const MIN_BOUNDARY_CHARS: usize = 3;
/// Shortest boundary before which the parser can read other lines: with a shorter one it panics at
/// a line `--`.
const MIN_BOUNDARY_CHARS_AFTER_PREAMBLE: usize = 4;

/// A form that is being read.
pub struct MultipartForm {
    parts: Multipart,
    /// The body has been read to its end: a parser that still waits would wait for ever.
    ended: Rc<Cell<bool>>,
}

/// One part of a form.
pub struct Part {
    field: Field,
    ended: Rc<Cell<bool>>,
}

impl MultipartForm {
    /// Opens the form in the body of a request.
    ///
    /// # Errors
    /// `UnsupportedMediaType`; `MalformedRequest` without a usable boundary.
    pub fn open(request: &HttpRequest, payload: Payload) -> Result<Self, ApiError> {
        let content_type = request.mime_type().ok().flatten();
        let content_type = content_type.filter(|it| it.essence_str() == "multipart/form-data");
        let content_type = content_type.ok_or_else(|| {
            ApiError::refuse_with(ErrorCode::UnsupportedMediaType, "multipart/form-data")
        })?;
        let boundary = content_type.get_param("boundary");
        let boundary = boundary.filter(|it| it.as_str().len() >= MIN_BOUNDARY_CHARS);
        let boundary = boundary
            .ok_or_else(|| ApiError::refuse_with(ErrorCode::MalformedRequest, "boundary"))?;
        let first_line = match boundary.as_str().len() {
            ..MIN_BOUNDARY_CHARS_AFTER_PREAMBLE => format!("--{boundary}\r\n").into_bytes(),
            _ => Vec::new(),
        };
        let ended = Rc::new(Cell::new(false));
        let end = Rc::clone(&ended);
        let last = futures_util::stream::poll_fn(move |_| {
            end.set(true);
            Poll::Ready(None)
        });
        let body = require_prefix(PacedBody::new(payload, MIN_PACE), first_line);
        Ok(Self { parts: Multipart::new(request.headers(), body.chain(last)), ended })
    }

    /// Returns the next part; `None` after the last one.
    ///
    /// # Errors
    /// `MalformedRequest`. After a malformed part the remaining parts can not be located.
    pub async fn next(&mut self) -> Result<Option<Part>, ApiError> {
        let field = next(&mut self.parts, &self.ended).await?;
        Ok(field.map(|field| Part { field, ended: Rc::clone(&self.ended) }))
    }
}

impl Part {
    /// Returns the name of the field.
    pub fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// Returns the file name that the sender claims.
    pub fn file_name(&self) -> &str {
        self.field.content_disposition().and_then(|it| it.get_filename()).unwrap_or_default()
    }

    /// Returns the next chunk of the content; `None` at its end.
    ///
    /// # Errors
    /// `MalformedRequest`.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        next(&mut self.field, &self.ended).await
    }
}

/// Fails at the first chunk of a body that does not continue `prefix`.
fn require_prefix(
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
    prefix: Vec<u8>,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let mut rest = prefix;
    body.map(move |chunk| {
        let chunk = chunk?;
        let length = chunk.len().min(rest.len());
        if chunk[..length] != rest[..length] {
            return Err(PayloadError::EncodingCorrupted);
        }
        rest.drain(..length);
        Ok(chunk)
    })
}

async fn next<T>(
    stream: &mut (impl Stream<Item = Result<T, MultipartError>> + Unpin),
    ended: &Cell<bool>,
) -> Result<Option<T>, ApiError> {
    let polled = poll_fn(|context| match stream.poll_next_unpin(context) {
        Poll::Pending if ended.get() => Poll::Ready(Some(Err(MultipartError::Incomplete))),
        polled => polled,
    });
    let malformed = |error| ApiError::refuse_with(ErrorCode::MalformedRequest, error);
    polled.await.transpose().map_err(malformed)
}
