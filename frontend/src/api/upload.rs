//! File uploads with progress. `fetch` cannot report the progress of an upload; `XMLHttpRequest` can.

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, FormData, ProgressEvent, Url, XmlHttpRequest, XmlHttpRequestResponseType,
};

use super::client;
use super::context::context;
use super::error::{ApiError, ApiResult};
use super::idempotency;

/// A file to send.
struct Upload<'a> {
    method: &'static str,
    path: &'a str,
    fields: &'a [(&'a str, &'a str)],
    file: &'a Blob,
    name: &'a str,
    key: String,
}

/// A photo with the key that names its upload, so that it is stored once however often it is sent.
#[derive(Debug, Clone)]
pub struct OutgoingPhoto {
    pub file: Blob,
    /// Name of the chosen file.
    pub name: String,
    pub key: String,
}

/// Sends a file by `POST` with text fields before it; `progress` receives 0 to 1.
pub async fn file<T: DeserializeOwned>(
    path: &str,
    fields: &[(&str, &str)],
    file: &File,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<T> {
    let request =
        format!("{path} {fields:?} {} {} {}", file.name(), file.size(), file.last_modified());
    let key = idempotency::key_for(&request);
    let name = file.name();
    let upload = Upload { method: "POST", path, fields, file, name: &name, key: key.clone() };
    let outcome = send_authorized(&upload, progress).await;
    match &outcome {
        Err(ApiError::Offline) => idempotency::remember(request, key),
        _ => idempotency::forget(&request),
    }
    client::decode(&outcome?)
}

/// Adds a photo by `POST`, with text fields before it; `progress` receives 0 to 1.
pub async fn add_photo<T: DeserializeOwned>(
    path: &str,
    fields: &[(&str, &str)],
    photo: &OutgoingPhoto,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<T> {
    send_photo("POST", path, fields, photo, progress).await
}

/// Sends a photo by `PUT`, replacing an earlier one; `progress` receives 0 to 1.
pub async fn replace_photo<T: DeserializeOwned>(
    path: &str,
    photo: &OutgoingPhoto,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<T> {
    send_photo("PUT", path, &[], photo, progress).await
}

async fn send_photo<T: DeserializeOwned>(
    method: &'static str,
    path: &str,
    fields: &[(&str, &str)],
    photo: &OutgoingPhoto,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<T> {
    let OutgoingPhoto { file, name, key } = photo;
    let upload = Upload { method, path, fields, file, name, key: key.clone() };
    client::decode(&send_authorized(&upload, progress).await?)
}

/// Sends the upload and refreshes the access token if it has expired; returns the text of the response.
async fn send_authorized(
    upload: &Upload<'_>,
    progress: impl Fn(f64) + 'static,
) -> ApiResult<String> {
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    let mut response = send(upload, &progress).await?;
    if response.0 == 401 && client::refresh().await {
        response = send(upload, &progress).await?;
    }
    match response {
        (200..=299, text) => Ok(text),
        (_, text) => Err(client::parse_problem(&text, None)),
    }
}

async fn send(
    upload: &Upload<'_>,
    progress: &Closure<dyn Fn(ProgressEvent)>,
) -> ApiResult<(u16, String)> {
    let request = open(upload).map_err(|_| ApiError::Offline)?;
    if let Ok(sending) = request.upload() {
        sending.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    }
    let status = send_and_wait(&request, upload).await?;
    Ok((status, request.response_text().ok().flatten().unwrap_or_default()))
}

/// Sends a file by `POST` with text fields before it and returns the file of the response as an object URL.
pub async fn converted(path: &str, fields: &[(&str, &str)], file: &File) -> ApiResult<String> {
    let (key, name) = (idempotency::new_key(), file.name());
    let upload = Upload { method: "POST", path, fields, file, name: &name, key };
    let mut response = send_for_file(&upload).await?;
    if response.0 == 401 && client::refresh().await {
        response = send_for_file(&upload).await?;
    }
    let (status, body) = response;
    if (200..=299).contains(&status) {
        return Url::create_object_url_with_blob(&body).map_err(|_| ApiError::InvalidResponse);
    }
    let text = JsFuture::from(body.text()).await.ok().and_then(|text| text.as_string());
    Err(client::parse_problem(&text.unwrap_or_default(), None))
}

async fn send_for_file(upload: &Upload<'_>) -> ApiResult<(u16, Blob)> {
    let request = open(upload).map_err(|_| ApiError::Offline)?;
    request.set_response_type(XmlHttpRequestResponseType::Blob);
    let status = send_and_wait(&request, upload).await?;
    let body = request.response().ok().and_then(|body| body.dyn_into::<Blob>().ok());
    Ok((status, body.ok_or(ApiError::InvalidResponse)?))
}

/// Returns the status of the response.
async fn send_and_wait(request: &XmlHttpRequest, upload: &Upload<'_>) -> ApiResult<u16> {
    let form = form(upload).map_err(|_| ApiError::InvalidResponse)?;
    let ended = Promise::new(&mut |resolve, _| {
        request.set_onloadend(Some(&resolve));
    });
    request.send_with_opt_form_data(Some(&form)).map_err(|_| ApiError::Offline)?;
    // The request itself tells whether it succeeded.
    let _ = JsFuture::from(ended).await;
    match request.status() {
        Ok(0) | Err(_) => Err(ApiError::Offline),
        Ok(status) => Ok(status),
    }
}

fn form(upload: &Upload<'_>) -> Result<FormData, JsValue> {
    let form = FormData::new()?;
    for (name, value) in upload.fields {
        form.append_with_str(name, value)?;
    }
    form.append_with_blob_and_filename("file", upload.file, upload.name)?;
    Ok(form)
}

fn open(upload: &Upload<'_>) -> Result<XmlHttpRequest, JsValue> {
    let context = context();
    let request = XmlHttpRequest::new()?;
    request.open_with_async(upload.method, &format!("/api/{}", upload.path), true)?;
    request.set_request_header("Accept-Language", context.lang().as_str())?;
    request.set_request_header("Idempotency-Key", &upload.key)?;
    if let Some(token) = context.access_token() {
        request.set_request_header("Authorization", &format!("Bearer {token}"))?;
    }
    Ok(request)
}
