//! QR codes.

use qrcode::QrCode;
use qrcode::render::svg;

use crate::error::{Error, Result};

/// Minimum side length in pixels.
const MIN_SIZE_PX: u32 = 220;

/// Encodes a text as a QR code: a complete SVG document.
pub fn svg(text: &str) -> Result<String> {
    let picture =
        QrCode::new(text).map_err(|error| Error::Internal(format!("QR code: {error}")))?;
    Ok(picture.render::<svg::Color<'_>>().min_dimensions(MIN_SIZE_PX, MIN_SIZE_PX).build())
}
