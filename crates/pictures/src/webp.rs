//! WebP: the whole picture is decoded, so it is bounded by its header.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, Limits};

use crate::{MAX_ALLOCATION, Refusal, Result, check_size, fitting_megapixels};

/// Bytes per pixel that the decoder keeps beside the picture: its planes.
const PLANES: u64 = 5;

/// Decodes a still picture.
pub fn decode(file: &[u8]) -> Result<DynamicImage> {
    if is_cut_off(file) {
        return Err(Refusal::Incomplete);
    }
    if is_animated(file) {
        return Err(Refusal::Animated);
    }
    let decoder = WebPDecoder::new(Cursor::new(file));
    let mut decoder = decoder.map_err(|_| Refusal::Unreadable)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, file)?;
    let pixels = u64::from(width) * u64::from(height);
    let bytes = decoder.total_bytes().saturating_add(pixels * PLANES);
    if bytes > MAX_ALLOCATION {
        return Err(Refusal::TooLarge { megapixels: fitting_megapixels(pixels, bytes) });
    }
    if !frame_size_matches_header(file, width, height) {
        return Err(Refusal::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATION);
    decoder.set_limits(limits).map_err(|_| Refusal::Unreadable)?;
    DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Unreadable)
}

/// Whether the file is shorter than its own header says. The last byte may be padding.
fn is_cut_off(file: &[u8]) -> bool {
    let length = file.get(4..8).map(|length| <[u8; 4]>::try_from(length).unwrap_or_default());
    length.is_none_or(|length| file.len() as u64 <= u64::from(u32::from_le_bytes(length)) + 6)
}

/// Flag in the first byte of the extended header.
const ANIMATED: u8 = 0b10;

/// Whether the file has frames, or says so.
fn is_animated(file: &[u8]) -> bool {
    chunks(file).any(|(kind, body)| match kind {
        b"ANIM" | b"ANMF" => true,
        b"VP8X" => body.first().is_some_and(|flags| flags & ANIMATED != 0),
        _ => false,
    })
}

/// Whether the frame has the size that the file header gives. Limits are checked against the header; a
/// frame with a larger size would be decoded first and compared later.
fn frame_size_matches_header(file: &[u8], width: u32, height: u32) -> bool {
    chunks(file).all(|(kind, body)| match kind {
        b"VP8 " => size(body).is_none_or(|size| size == (width, height)),
        _ => true,
    })
}

/// Name and content of each chunk of the file; the last may be truncated.
fn chunks(file: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = file.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (kind, after) = rest.split_at_checked(4)?;
        let (length, after) = after.split_at_checked(4)?;
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let body = &after[..length.min(after.len())];
        rest = after.get(length + length % 2..).unwrap_or_default();
        Some((kind, body))
    })
}

/// Width and height of a lossy picture.
fn size(body: &[u8]) -> Option<(u32, u32)> {
    let header = body.get(..10)?;
    let number = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    Some((number(header[6], header[7]), number(header[8], header[9])))
}
