//! From whatever a phone sent to a file that is safe to keep and to show.

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

/// More pixels than this are refused before a single one is decoded.
pub const MAX_MEGAPIXELS: u64 = 52;
/// Longest edge of the stored picture, in pixels: enough to read a serial number.
const MAX_EDGE: u32 = 2_560;
/// Longest edge of the thumbnail, in pixels.
const THUMBNAIL_EDGE: u32 = 320;
const QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 75;
/// Bytes that a picture may take while it is decoded.
const MAX_ALLOCATION: u64 = 160 * 1024 * 1024;
/// Bytes beside the picture that a file may unfold, for instance a colour profile.
const MAX_METADATA: u64 = 4 * 1024 * 1024;
/// From this size on a picture has to be worth its pixels: no camera writes an empty wall.
const LARGE_PIXELS: u64 = 16_000_000;
/// Pixels that a byte of a large picture may stand for. Photos have less than twenty.
const MAX_PIXELS_PER_BYTE: u64 = 200;

/// A cleaned photo: no byte of the original file is left in it.
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

/// Reads a picture of one of these kinds by content (the name of the file means nothing), turns it
/// the right way up, keeps time and place as data, and encodes it anew without any metadata.
///
/// # Errors
/// Another kind of file; a broken one; one that moves; too many pixels.
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

/// The refusal of a picture each of whose pixels takes so many bytes.
fn too_large(bytes_per_pixel: u64) -> Error {
    let fitting = MAX_ALLOCATION / bytes_per_pixel.max(1) / 1_000_000;
    let fault = shared::validate::FieldFault {
        field: "file".into(),
        code: ErrorCode::ImageTooLarge,
        param: Some(fitting.min(MAX_MEGAPIXELS).to_string()),
    };
    vec![fault].into()
}

/// Decodes what its outside allows to decode, at most [`MAX_EDGE`] long.
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
    // Turning takes a second picture: better of the smaller one.
    let mut picture = shrink(picture, MAX_EDGE);
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Bytes for each pixel that the decoder needs beside the picture itself: all coefficients of a
/// progressive JPEG, the planes of a WebP.
fn extra_bytes_per_pixel(file: &[u8], format: ImageFormat) -> u64 {
    match format {
        ImageFormat::Jpeg if jpeg::is_progressive(file) => 6,
        ImageFormat::WebP => 5,
        _ => 0,
    }
}

/// Reads the header, and unfolds no more of what else is there than [`MAX_METADATA`].
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
        // The mean of the pixels. The other ways keep sixteen bytes for each pixel in between.
        picture.thumbnail(edge, edge)
    }
}

struct Encoded {
    bytes: Vec<u8>,
    width: i32,
    height: i32,
}

fn encode(picture: &DynamicImage, quality: u8) -> Result<Encoded> {
    // JPEG has no transparency: what shows through is white, not black.
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

/// When the photo was taken. Cameras write local time; with an offset since EXIF 2.31.
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
    // A phone without a fix writes zeros: a point in the Gulf of Guinea.
    if latitude == 0.0 && longitude == 0.0 {
        return None;
    }
    Coordinates::new(latitude, longitude)
}

/// Degrees, minutes and seconds as one number; negative on the given side.
fn degrees(exif: &Exif, tag: Tag, side: Tag, negative: &str) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.as_slice() else { return None };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3_600.0;
    let sign = if ascii(exif, side)?.trim() == negative { -1.0 } else { 1.0 };
    value.is_finite().then_some(sign * value)
}

#[cfg(test)]
mod tests;
