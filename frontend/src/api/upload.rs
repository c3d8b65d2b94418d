//! Sending files, with progress. `fetch` can not tell how far an upload is; `XMLHttpRequest` can.

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

use super::client;
use super::error::{ApiError, ApiResult};
use super::idempotency;
use crate::core::{i18n, session};

/// Sends a file with the given text fields before it; `progress` hears 0 to 1.
pub async fn file<T: DeserializeOwned>(
    path: &str,
    fields: &[(&str, &str)],
    file: &File,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<T> {
    let request =
        format!("{path} {fields:?} {} {} {}", file.name(), file.size(), file.last_modified());
    let key = idempotency::key_for(&request);
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    let mut answer = send(path, fields, file, &key, &progress).await;
    if matches!(answer, Ok((401, _))) && client::refresh().await {
        answer = send(path, fields, file, &key, &progress).await;
    }
    match answer {
        Ok((200..=299, text)) => {
            idempotency::answered(&request);
            client::decode(&text)
        }
        Ok((_, text)) => {
            idempotency::answered(&request);
            Err(client::problem(&text))
        }
        Err(error) => {
            idempotency::unanswered(request, key);
            Err(error)
        }
    }
}

async fn send(
    path: &str,
    fields: &[(&str, &str)],
    file: &File,
    key: &str,
    progress: &Closure<dyn Fn(ProgressEvent)>,
) -> ApiResult<(u16, String)> {
    let request = open(path, key, progress).map_err(|_| ApiError::Offline)?;
    let form = form(fields, file).map_err(|_| ApiError::Unreadable)?;
    let ended = Promise::new(&mut |resolve, _| {
        request.set_onloadend(Some(&resolve));
    });
    request.send_with_opt_form_data(Some(&form)).map_err(|_| ApiError::Offline)?;
    // Whether it went well stands in the request itself.
    let _ = JsFuture::from(ended).await;
    match request.status() {
        Ok(0) | Err(_) => Err(ApiError::Offline),
        Ok(status) => Ok((status, request.response_text().ok().flatten().unwrap_or_default())),
    }
}

fn form(fields: &[(&str, &str)], file: &File) -> Result<FormData, JsValue> {
    let form = FormData::new()?;
    for (name, value) in fields {
        form.append_with_str(name, value)?;
    }
    form.append_with_blob_and_filename("file", file, &file.name())?;
    Ok(form)
}

fn open(
    path: &str,
    key: &str,
    progress: &Closure<dyn Fn(ProgressEvent)>,
) -> Result<XmlHttpRequest, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open_with_async("POST", &format!("/api/{path}"), true)?;
    request.set_request_header("Accept-Language", i18n::lang_untracked().as_str())?;
    request.set_request_header("Idempotency-Key", key)?;
    if let Some(token) = session::token() {
        request.set_request_header("Authorization", &format!("Bearer {token}"))?;
    }
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    Ok(request)
}
