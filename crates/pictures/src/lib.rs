//! Uploaded pictures: recognition by content, decoding within a memory limit, encoding as JPEG.
//!
//! A picture is never held in memory at its full size: a JPEG is scaled while it is decoded, a PNG is
//! averaged strip by strip. What cannot be decoded within [`MAX_ALLOCATION`] is refused before it is
//! decoded, by the numbers of its header.

mod encode;
mod format;
mod jpeg;
mod png;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
#[cfg(test)]
mod tests;
mod webp;

pub use encode::{Jpeg, encode};
pub use format::{ForeignFormat, Format, Recognised, recognise};
pub use image::DynamicImage;

/// Pictures with more pixels are refused: 16,384 × 12,288, as phones with 200 megapixels write, are less.
pub const MAX_MEGAPIXELS: u64 = 210;
/// Memory that decoding one picture may take, in bytes, without the file itself.
pub const MAX_ALLOCATION: u64 = 160 * 1024 * 1024;
/// Longest edge of a decoded picture that a caller may ask for, in pixels.
pub const MAX_EDGE: u32 = 2_560;
/// Longest side of a picture in its file, in pixels.
const MAX_SIDE: u32 = 65_000;
/// Pictures with more pixels have to have a plausible file size, against decompression bombs.
const LARGE_PIXELS: u64 = 16_000_000;
/// Pixels per byte of a large picture at most. Photos have less than twenty.
const MAX_PIXELS_PER_BYTE: u64 = 200;

/// Why a picture is not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Damaged, or against the rules of its format.
    Unreadable,
    /// The end of the file is missing.
    Incomplete,
    /// More pixels than fit into the limits, which are so many megapixels.
    TooLarge { megapixels: u64 },
    /// A JPEG that is stored in passes, all of which have to be kept in memory: at most so many megapixels.
    ProgressiveTooLarge { megapixels: u64 },
    /// An animation.
    Animated,
    /// A variant of the format that is not supported, by its name.
    Unsupported(&'static str),
}

type Result<T> = std::result::Result<T, Refusal>;

/// Decodes a picture to at most `edge` pixels on its longer side, not turned upright yet.
///
/// # Errors
/// See [`Refusal`].
pub fn decode(file: &[u8], format: Format, edge: u32) -> Result<DynamicImage> {
    let edge = edge.min(MAX_EDGE);
    let picture = match format {
        Format::Jpeg => jpeg::decode(file, edge)?,
        Format::Png => png::decode(file, edge)?,
        Format::WebP => webp::decode(file)?,
    };
    Ok(shrink(picture, edge))
}

/// Scales a picture down to at most `edge` pixels on its longer side. Averages pixels: the other filters
/// need sixteen bytes per pixel meanwhile.
pub fn shrink(picture: DynamicImage, edge: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= edge {
        picture
    } else {
        picture.thumbnail(edge, edge)
    }
}

/// Checks the size that a header gives, in pixels, before anything of that size is allocated.
fn check_size(width: u32, height: u32, file: &[u8]) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    let length = file.len() as u64;
    if pixels == 0 {
        return Err(Refusal::Unreadable);
    }
    if pixels > MAX_MEGAPIXELS * 1_000_000
        || width.max(height) > MAX_SIDE
        || (pixels > LARGE_PIXELS && pixels / MAX_PIXELS_PER_BYTE > length)
    {
        return Err(Refusal::TooLarge { megapixels: MAX_MEGAPIXELS });
    }
    Ok(())
}

/// The megapixels that fit into the memory if so many pixels take so many bytes.
fn fitting_megapixels(pixels: u64, bytes: u64) -> u64 {
    let fitting = u128::from(pixels) * u128::from(MAX_ALLOCATION) / u128::from(bytes.max(1));
    u64::try_from(fitting / 1_000_000).map_or(MAX_MEGAPIXELS, |fitting| fitting.min(MAX_MEGAPIXELS))
}
