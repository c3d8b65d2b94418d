//! Pictures that a phone reads.

use qrcode::QrCode;
use qrcode::render::svg;

use crate::error::{Error, Result};

/// Shortest side of a picture, in pixels.
const MIN_SIZE_PX: u32 = 220;

/// A text as a QR code: a complete SVG document.
///
/// # Errors
/// The text does not fit into a picture.
pub fn svg(text: &str) -> Result<String> {
    let picture =
        QrCode::new(text).map_err(|error| Error::Internal(format!("QR code: {error}")))?;
    Ok(picture.render::<svg::Color<'_>>().min_dimensions(MIN_SIZE_PX, MIN_SIZE_PX).build())
}
