//! Uploaded pictures: processing, and removal of files that no row names.

use services::photos::{PendingPhoto, PhotoFiles, PhotoStore, ProcessedPhoto};

use crate::extractors::upload::Upload;
use crate::problem::ApiError;
use crate::state::App;

/// Cleans an uploaded picture and lets `store` write its files.
///
/// # Errors
/// `UnsupportedMediaType`, `UnreadableImage`, `ImageTooLarge`; the disk fails.
pub async fn process<P: PhotoFiles + Send + Sync + 'static>(
    app: &App,
    upload: &Upload,
    store: impl FnOnce(&PhotoStore, &ProcessedPhoto) -> services::Result<P> + Send + 'static,
) -> Result<PendingPhoto<P>, ApiError> {
    let file = upload.file.clone();
    let stored = app
        .photo_processor
        .process(file, move |folder, photo| Ok(PendingPhoto::new(folder, store(folder, photo)?)));
    Ok(stored.await?)
}

/// Ends the use of a photo after the request's transaction: its files stay or go.
pub fn settle<P: PhotoFiles, T>(photo: &PendingPhoto<P>, outcome: &Result<T, ApiError>) {
    match outcome {
        Ok(_) => photo.commit(),
        Err(error) if error.is_outcome_unknown() => {}
        Err(_) => photo.roll_back(),
    }
}
