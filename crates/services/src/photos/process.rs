//! Cleaning of uploaded pictures: decoding within limits, EXIF extraction, re-encoding as JPEG.

use std::io::Cursor;

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use exif::{Exif, In, Tag, Value};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use shared::{Coordinates, ErrorCode};

use crate::auth::jwt::hex;
use crate::error::{Error, Result};
use crate::photos::{FileTypes, jpeg, webp};

/// Larger pictures are rejected before they are decoded.
pub const MAX_MEGAPIXELS: u64 = 52;
/// Longest edge of the stored picture, in pixels: enough to read a serial number.
const MAX_EDGE: u32 = 2_560;
/// Longest edge of the thumbnail, in pixels.
const THUMBNAIL_EDGE: u32 = 320;
const QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 75;
/// Memory limit of the decoder, in bytes.
const MAX_ALLOCATION: u64 = 160 * 1024 * 1024;
/// Memory limit for decompressed metadata such as a colour profile, in bytes.
const MAX_METADATA: u64 = 4 * 1024 * 1024;
/// Pictures with more pixels have to have a plausible file size, against decompression bombs.
const LARGE_PIXELS: u64 = 16_000_000;
/// Pixels per byte of a large picture at most. Photos have less than twenty.
const MAX_PIXELS_PER_BYTE: u64 = 200;

/// A re-encoded photo, which contains no byte of the original file.
#[derive(Debug)]
pub struct ProcessedPhoto {
    pub jpeg: Vec<u8>,
    pub thumbnail: Vec<u8>,
    /// Of `jpeg`, in hex.
    pub sha256: String,
    /// Pixels.
    pub width: i32,
    pub height: i32,
    pub taken_at: Option<DateTime<Utc>>,
    pub place: Option<Coordinates>,
}

/// Decodes a picture of one of these formats, which is detected by content, rotates it upright, extracts
/// time and place, and encodes it as JPEG without metadata.
///
/// # Errors
/// `UnsupportedMediaType`; `UnreadableImage`, also for animations; `ImageTooLarge`.
pub fn process(bytes: &[u8], zone: Tz, types: FileTypes) -> Result<ProcessedPhoto> {
    let format = types
        .recognise(bytes)
        .ok_or_else(|| Error::refuse_with(ErrorCode::UnsupportedMediaType, types))?;
    let picture = decode(bytes, format)?;
    let full = encode(&picture, QUALITY)?;
    let thumbnail = encode(&shrink(picture, THUMBNAIL_EDGE), THUMBNAIL_QUALITY)?;
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok();
    Ok(ProcessedPhoto {
        sha256: hex(&Sha256::digest(&full.bytes)),
        width: full.width,
        height: full.height,
        jpeg: full.bytes,
        thumbnail: thumbnail.bytes,
        taken_at: exif.as_ref().and_then(|exif| taken_at(exif, zone)),
        place: exif.as_ref().and_then(place),
    })
}

fn unreadable() -> Error {
    Error::field("file", ErrorCode::UnreadableImage)
}

/// `ImageTooLarge`, with the megapixels that fit at so many bytes per pixel.
fn too_large(bytes_per_pixel: u64) -> Error {
    let fitting = MAX_ALLOCATION / bytes_per_pixel.max(1) / 1_000_000;
    let fault = shared::validate::FieldFault {
        field: "file".into(),
        code: ErrorCode::ImageTooLarge,
        param: Some(fitting.min(MAX_MEGAPIXELS).to_string()),
    };
    vec![fault].into()
}

/// Decodes a picture whose header stays within the limits and scales it to at most [`MAX_EDGE`].
fn decode(file: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let length = file.len() as u64;
    let mut decoder = open(file, format)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let bytes = decoder.total_bytes().saturating_add(pixels * extra_bytes_per_pixel(file, format));
    if pixels > MAX_MEGAPIXELS * 1_000_000
        || bytes > MAX_ALLOCATION
        || (pixels > LARGE_PIXELS && pixels / MAX_PIXELS_PER_BYTE > length)
    {
        return Err(too_large(bytes / pixels.max(1)));
    }
    if format == ImageFormat::WebP && !webp::frame_size_matches_header(file, width, height) {
        return Err(unreadable());
    }
    decoder.set_limits(limits(MAX_ALLOCATION)).map_err(|_| unreadable())?;
    let orientation = decoder.orientation().map_err(|_| unreadable())?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| unreadable())?;
    // Rotating needs a second buffer, so the picture is scaled first.
    let mut picture = shrink(picture, MAX_EDGE);
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Bytes per pixel that the decoder needs in addition to the picture: all coefficients of a progressive
/// JPEG, the planes of a WebP.
fn extra_bytes_per_pixel(file: &[u8], format: ImageFormat) -> u64 {
    match format {
        ImageFormat::Jpeg if jpeg::is_progressive(file) => 6,
        ImageFormat::WebP => 5,
        _ => 0,
    }
}

/// Reads the header; decompresses at most [`MAX_METADATA`] of metadata.
fn open(bytes: &[u8], format: ImageFormat) -> Result<impl ImageDecoder> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits(bytes.len() as u64 + MAX_METADATA));
    reader.into_decoder().map_err(|_| unreadable())
}

fn limits(allocation: u64) -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(allocation);
    limits
}

fn shrink(picture: DynamicImage, edge: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= edge {
        picture
    } else {
        // Averages pixels. The other filters need sixteen bytes per pixel meanwhile.
        picture.thumbnail(edge, edge)
    }
}

struct Encoded {
    bytes: Vec<u8>,
    width: i32,
    height: i32,
}

fn encode(picture: &DynamicImage, quality: u8) -> Result<Encoded> {
    // JPEG has no transparency: the background becomes white, not black.
    let rgb = flatten(picture);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(&rgb)
        .map_err(|_| unreadable())?;
    let size = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    Ok(Encoded { bytes, width: size(rgb.width()), height: size(rgb.height()) })
}

fn flatten(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0;
        let over = |channel: u8| {
            let alpha = u16::from(alpha);
            ((u16::from(channel) * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

/// Time of the photo. Cameras write local time, with an offset since EXIF 2.31.
fn taken_at(exif: &Exif, zone: Tz) -> Option<DateTime<Utc>> {
    let text = |tag| ascii(exif, tag);
    let written = text(Tag::DateTimeOriginal).or_else(|| text(Tag::DateTime))?;
    let local = NaiveDateTime::parse_from_str(&written, "%Y:%m:%d %H:%M:%S").ok()?;
    let offset = text(Tag::OffsetTimeOriginal).and_then(|text| text.parse::<FixedOffset>().ok());
    match offset {
        Some(offset) => Some(offset.from_local_datetime(&local).single()?.with_timezone(&Utc)),
        None => Some(zone.from_local_datetime(&local).earliest()?.with_timezone(&Utc)),
    }
}

fn ascii(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => String::from_utf8(lines.first()?.clone()).ok(),
        _ => None,
    }
}

fn place(exif: &Exif) -> Option<Coordinates> {
    let latitude = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?;
    let longitude = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?;
    // A phone without a position fix writes zeros.
    if latitude == 0.0 && longitude == 0.0 {
        return None;
    }
    Coordinates::new(latitude, longitude)
}

/// Converts degrees, minutes and seconds; negative if the reference tag equals `negative`.
fn degrees(exif: &Exif, tag: Tag, side: Tag, negative: &str) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.as_slice() else { return None };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3_600.0;
    let sign = if ascii(exif, side)?.trim() == negative { -1.0 } else { 1.0 };
    value.is_finite().then_some(sign * value)
}

#[cfg(test)]
mod tests;
