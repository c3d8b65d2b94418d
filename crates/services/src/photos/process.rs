//! Cleaning of uploaded pictures: decoding within limits, EXIF extraction, re-encoding as JPEG.

use std::io::Cursor;

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use exif::{Exif, In, Tag, Value};
use image::metadata::Orientation;
use pictures::{DynamicImage, ForeignFormat, Format, Recognised, Refusal};
use sha2::{Digest, Sha256};
use shared::validate::FieldFault;
use shared::{Coordinates, ErrorCode};

use crate::auth::jwt::hex;
use crate::error::{Error, Result};
use crate::photos::FileTypes;

/// Longest edge of the stored picture, in pixels: enough to read a serial number.
const MAX_EDGE: u32 = 2_560;
/// Longest edge of the thumbnail, in pixels.
const THUMBNAIL_EDGE: u32 = 320;
const QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 75;

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
/// `UnsupportedMediaType`, `HeicImage`, `UnsupportedImageFormat`; `EmptyFile`, `UnreadableImage`,
/// `ImageIncomplete`, `AnimatedImage`, `ImageTooLarge`, `ProgressiveImageTooLarge`.
pub fn process(bytes: &[u8], zone: Tz, types: FileTypes) -> Result<ProcessedPhoto> {
    let format = recognise(bytes, types)?;
    let mut picture = pictures::decode(bytes, format, MAX_EDGE).map_err(refuse)?;
    let exif = read_exif(bytes);
    // Rotating needs a second buffer, so the picture has been scaled before.
    picture.apply_orientation(exif.as_ref().map_or(Orientation::NoTransforms, orientation));
    let full = encode(&picture, QUALITY)?;
    let thumbnail = encode(&pictures::shrink(picture, THUMBNAIL_EDGE), THUMBNAIL_QUALITY)?;
    Ok(ProcessedPhoto {
        sha256: hex(&Sha256::digest(&full.bytes)),
        width: side(full.width),
        height: side(full.height),
        jpeg: full.bytes,
        thumbnail: thumbnail.bytes,
        taken_at: exif.as_ref().and_then(|exif| taken_at(exif, zone)),
        place: exif.as_ref().and_then(place),
    })
}

fn recognise(bytes: &[u8], types: FileTypes) -> Result<Format> {
    match pictures::recognise(bytes) {
        Recognised::Picture(format) if types.accepts(format) => Ok(format),
        Recognised::Foreign(ForeignFormat::Heic) => Err(Error::refuse(ErrorCode::HeicImage)),
        Recognised::Foreign(format) => {
            Err(Error::refuse_with(ErrorCode::UnsupportedImageFormat, format.name()))
        }
        Recognised::Empty => Err(fault(ErrorCode::EmptyFile, None)),
        Recognised::Picture(_) | Recognised::Unknown => {
            Err(Error::refuse_with(ErrorCode::UnsupportedMediaType, types))
        }
    }
}

fn refuse(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unreadable => unreadable(),
        Refusal::Incomplete => fault(ErrorCode::ImageIncomplete, None),
        Refusal::Animated => fault(ErrorCode::AnimatedImage, None),
        Refusal::TooLarge { megapixels } => fault(ErrorCode::ImageTooLarge, Some(megapixels)),
        Refusal::ProgressiveTooLarge { megapixels } => {
            fault(ErrorCode::ProgressiveImageTooLarge, Some(megapixels))
        }
        Refusal::Unsupported(variant) => {
            Error::refuse_with(ErrorCode::UnsupportedImageFormat, variant)
        }
    }
}

/// A fault of the uploaded file, with a limit.
fn fault(code: ErrorCode, limit: Option<u64>) -> Error {
    let param = limit.map(|limit| limit.to_string());
    vec![FieldFault { field: "file".into(), code, param }].into()
}

fn unreadable() -> Error {
    fault(ErrorCode::UnreadableImage, None)
}

fn encode(picture: &DynamicImage, quality: u8) -> Result<pictures::Jpeg> {
    pictures::encode(picture, quality).ok_or_else(unreadable)
}

fn side(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX)
}

/// Reads the metadata of the camera, as far as it is readable.
fn read_exif(bytes: &[u8]) -> Option<Exif> {
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    match reader.read_from_container(&mut Cursor::new(bytes)) {
        Ok(exif) => Some(exif),
        Err(exif::Error::PartialResult(partial)) => Some(partial.into_inner().0),
        Err(_) => None,
    }
}

/// How the camera was held.
fn orientation(exif: &Exif) -> Orientation {
    let value = exif.get_field(Tag::Orientation, In::PRIMARY);
    value
        .and_then(|field| field.value.get_uint(0))
        .and_then(|value| u8::try_from(value).ok())
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms)
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
