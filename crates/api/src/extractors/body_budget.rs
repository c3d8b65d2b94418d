//! Memory limits for request bodies that are being received.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_LENGTH;
use shared::ErrorCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::ApiError;

/// Size of one semaphore permit, in bytes.
const UNIT_BYTES: usize = 1024;
/// Memory for all uploads together, unless a single one may be larger than half of it.
const UPLOAD_BYTES: usize = 128 * 1024 * 1024;
/// Memory for all JSON bodies together.
const JSON_BYTES: usize = 64 * 1024 * 1024;
/// Memory for all JSON bodies of unauthenticated callers: they take nothing from authenticated
/// ones.
const ANONYMOUS_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of a form beside its file.
const FORM_OVERHEAD: usize = 256 * 1024;
/// Time that an upload waits for memory.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// `Retry-After` of a rejected request, in seconds.
const RETRY_AFTER_SECONDS: u32 = 5;

/// Memory of the process for request bodies.
pub struct BodyBudget {
    uploads: Arc<Semaphore>,
    json: Arc<Semaphore>,
    anonymous: Arc<Semaphore>,
    max_file_bytes: usize,
    /// Whether there was an upload since the last [`Self::take_upload_seen`].
    upload_seen: AtomicBool,
}

/// Memory that is reserved for a body; released when dropped.
#[derive(Debug)]
pub struct BodyMemory {
    budget: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    bytes: usize,
}

impl BodyBudget {
    /// Creates the budget for files of at most `max_file_bytes`.
    pub fn new(max_file_bytes: usize) -> Self {
        let uploads = UPLOAD_BYTES.max(2 * (max_file_bytes + FORM_OVERHEAD));
        let units = |bytes: usize| Arc::new(Semaphore::new(bytes / UNIT_BYTES));
        let upload_seen = AtomicBool::new(false);
        let (uploads, json, anonymous) =
            (units(uploads), units(JSON_BYTES), units(ANONYMOUS_BYTES));
        Self { uploads, json, anonymous, max_file_bytes, upload_seen }
    }

    /// Returns whether there was an upload since the last call.
    pub fn take_upload_seen(&self) -> bool {
        self.upload_seen.swap(false, Ordering::Relaxed)
    }

    /// Waits until there is memory for the whole upload: its `Content-Length`, at most the size
    /// that is accepted.
    ///
    /// # Errors
    /// [`ErrorCode::Unavailable`] after [`MAX_WAIT`].
    pub async fn reserve_upload(&self, request: &HttpRequest) -> Result<BodyMemory, ApiError> {
        self.upload_seen.store(true, Ordering::Relaxed);
        let most = self.max_file_bytes + FORM_OVERHEAD;
        let length = request.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
        let length = length.and_then(|it| it.parse::<usize>().ok()).unwrap_or(most);
        let bytes = length.min(most);
        let units = u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.uploads).acquire_many_owned(units);
        let permit = tokio::time::timeout(MAX_WAIT, permit).await.map_err(|_| busy())?;
        let permit = Some(permit.map_err(|_| busy())?);
        Ok(BodyMemory { budget: Arc::clone(&self.uploads), permit, bytes })
    }

    /// Creates an empty reservation for a JSON body.
    pub fn empty_json(&self) -> BodyMemory {
        BodyMemory { budget: Arc::clone(&self.json), permit: None, bytes: 0 }
    }

    /// Creates an empty reservation for a JSON body of an unauthenticated caller.
    pub fn empty_anonymous(&self) -> BodyMemory {
        BodyMemory { budget: Arc::clone(&self.anonymous), permit: None, bytes: 0 }
    }
}

impl BodyMemory {
    /// Grows the reservation to `bytes` in total.
    ///
    /// # Errors
    /// [`ErrorCode::Unavailable`] if the budget is used up.
    pub fn reserve_up_to(&mut self, bytes: usize) -> Result<(), ApiError> {
        let more = bytes.div_ceil(UNIT_BYTES).saturating_sub(self.bytes.div_ceil(UNIT_BYTES));
        if more > 0 {
            let units = u32::try_from(more).unwrap_or(u32::MAX);
            let permit = Arc::clone(&self.budget).try_acquire_many_owned(units);
            let permit = permit.map_err(|_| busy())?;
            match &mut self.permit {
                Some(held) => held.merge(permit),
                None => self.permit = Some(permit),
            }
        }
        self.bytes = self.bytes.max(bytes);
        Ok(())
    }
}

fn busy() -> ApiError {
    ApiError::refuse_with(ErrorCode::Unavailable, RETRY_AFTER_SECONDS)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const FILE_BYTES: usize = 10 * 1024 * 1024;

    fn request(length: usize) -> HttpRequest {
        TestRequest::post().insert_header((CONTENT_LENGTH, length)).to_http_request()
    }

    #[tokio::test]
    async fn concurrent_uploads_stay_within_the_budget() {
        let budget = BodyBudget::new(FILE_BYTES);
        let large = request(50 * FILE_BYTES);
        let ask = || budget.reserve_upload(&large);
        let mut held = Vec::new();
        while let Ok(Ok(one)) = tokio::time::timeout(Duration::from_millis(1), ask()).await {
            held.push(one);
        }
        assert_eq!(held.len(), UPLOAD_BYTES / (FILE_BYTES + FORM_OVERHEAD));
        // A waiting upload continues as soon as another one is finished.
        let request = request(FILE_BYTES);
        let (next, ()) = tokio::join!(budget.reserve_upload(&request), async {
            held.pop();
        });
        next.unwrap();
    }

    #[test]
    fn small_chunks_are_counted_by_their_total_length() {
        let budget = BodyBudget::new(FILE_BYTES);
        let mut held = budget.empty_json();
        (1..=JSON_BYTES / 64).try_for_each(|piece| held.reserve_up_to(piece * 64)).unwrap();
        assert_eq!(held.reserve_up_to(JSON_BYTES + 1).unwrap_err().code(), ErrorCode::Unavailable);
        assert!(budget.empty_json().reserve_up_to(1).is_err());
        drop(held);
        budget.empty_json().reserve_up_to(JSON_BYTES).unwrap();
    }
}
