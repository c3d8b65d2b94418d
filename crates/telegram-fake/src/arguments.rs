//! Arguments of a request: query, JSON, form or multipart form.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use futures_util::stream;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api_error::ApiError;

/// An uploaded file.
#[derive(Debug)]
pub(crate) struct Upload {
    pub name: String,
    pub mime: Option<String>,
    pub bytes: Bytes,
}

/// The arguments and uploaded files of one request.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    values: HashMap<String, Value>,
    pub files: HashMap<String, Upload>,
}

impl Arguments {
    /// Reads the arguments from query and body.
    ///
    /// # Errors
    /// The body does not match its content type.
    pub async fn read(
        query: &HashMap<String, String>,
        request: &HttpRequest,
        body: Bytes,
    ) -> Result<Self, ApiError> {
        let mut arguments = Self::default();
        arguments.insert_texts(query.iter().map(|(name, value)| (name.clone(), value.clone())));
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default();
        if kind.starts_with("application/json") {
            match serde_json::from_slice(&body) {
                Ok(Value::Object(object)) => arguments.values.extend(object),
                _ => return Err(ApiError::bad_request("can't parse JSON object")),
            }
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
                .map_err(|_| ApiError::bad_request("can't parse the form"))?;
            arguments.insert_texts(pairs);
        } else if let Ok(boundary) = multer::parse_boundary(kind) {
            arguments.read_form(body, boundary).await?;
        }
        Ok(arguments)
    }

    fn insert_texts(&mut self, pairs: impl IntoIterator<Item = (String, String)>) {
        self.values.extend(pairs.into_iter().map(|(name, value)| (name, Value::String(value))));
    }

    async fn read_form(&mut self, body: Bytes, boundary: String) -> Result<(), ApiError> {
        let broken = |_| ApiError::bad_request("can't parse the multipart form");
        let whole = stream::iter([Ok::<_, std::io::Error>(body)]);
        let mut form = multer::Multipart::new(whole, boundary);
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(str::to_owned);
            let mime = field.content_type().map(ToString::to_string);
            let bytes = field.bytes().await.map_err(broken)?;
            if let Some(file) = file {
                self.files.insert(name, Upload { name: file, mime, bytes });
            } else {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                self.values.insert(name, Value::String(text));
            }
        }
        Ok(())
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// Returns a text unless it is empty.
    pub fn non_empty_text(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        let value = self.values.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    pub fn float(&self, name: &str) -> Option<f64> {
        let value = self.values.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    pub fn flag(&self, name: &str) -> bool {
        let set = |text: &str| matches!(text, "1" | "true" | "True" | "yes");
        match self.values.get(name) {
            Some(Value::Bool(set)) => *set,
            Some(Value::String(text)) => set(text),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// Parses a value that comes as JSON or as a text of JSON.
    ///
    /// # Errors
    /// The value has another form.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let parsed = match self.values.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text),
            Some(value) => serde_json::from_value(value.clone()),
        };
        parsed
            .map(Some)
            .map_err(|error| ApiError::bad_request(format!("can't parse {name}: {error}")))
    }
}
