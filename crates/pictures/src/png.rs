//! PNG: decoded line by line and averaged strip by strip. Only an interlaced one is decoded whole.

use std::io::{Cursor, ErrorKind};

use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use png::{ColorType, Decoder, DecodingError, Limits, Reader, Transformations};

use crate::{MAX_ALLOCATION, Refusal, Result, check_size, fitting_megapixels};

/// Memory for the metadata and the state of the decoder, in bytes.
const DECODER_BYTES: usize = 64 * 1024 * 1024;

type PngReader<'a> = Reader<Cursor<&'a [u8]>>;

/// Decodes a picture to a size that is at most twice `edge`. Of an animation it is the still picture for
/// programs that show no animations.
pub fn decode(file: &[u8], edge: u32) -> Result<DynamicImage> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: DECODER_BYTES });
    // Palettes become colours, and 16 bits eight.
    decoder.set_transformations(Transformations::normalize_to_color8());
    // They are compressed, so they could unfold to anything.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let (width, height) = decoder.read_header_info().map_err(refusal)?.size();
    check_size(width, height, file)?;
    let mut reader = decoder.read_info().map_err(refusal)?;
    if reader.info().interlaced {
        return whole(&mut reader);
    }
    let factor = width.max(height) / edge;
    if factor < 2 { whole(&mut reader) } else { in_strips(&mut reader, factor) }
}

fn whole(reader: &mut PngReader<'_>) -> Result<DynamicImage> {
    let (width, height) = reader.info().size();
    let bytes = reader.output_buffer_size().ok_or(Refusal::Unreadable)?;
    if bytes as u64 > MAX_ALLOCATION {
        let pixels = u64::from(width) * u64::from(height);
        return Err(Refusal::TooLarge { megapixels: fitting_megapixels(pixels, bytes as u64) });
    }
    let mut pixels = vec![0; bytes];
    reader.next_frame(&mut pixels).map_err(refusal)?;
    picture(reader, width, height, pixels)
}

/// Decodes `factor` lines at a time and makes one line of them.
fn in_strips(reader: &mut PngReader<'_>, factor: u32) -> Result<DynamicImage> {
    let (width, height) = reader.info().size();
    let (new_width, new_height) = (width.div_ceil(factor), height.div_ceil(factor));
    let line = reader.output_line_size(width).ok_or(Refusal::Unreadable)?;
    let mut pixels = Vec::new();
    let mut remaining = height;
    while remaining > 0 {
        let lines = remaining.min(factor);
        let mut strip = vec![0; line * lines as usize];
        for row in strip.chunks_exact_mut(line) {
            reader.read_row(row).map_err(refusal)?.ok_or(Refusal::Incomplete)?;
        }
        let strip = picture(reader, width, lines, strip)?.thumbnail_exact(new_width, 1);
        pixels.extend_from_slice(strip.as_bytes());
        remaining -= lines;
    }
    picture(reader, new_width, new_height, pixels)
}

fn picture(
    reader: &PngReader<'_>,
    width: u32,
    height: u32,
    pixels: Vec<u8>,
) -> Result<DynamicImage> {
    match reader.output_color_type().0 {
        ColorType::Grayscale => GrayImage::from_raw(width, height, pixels).map(Into::into),
        ColorType::GrayscaleAlpha => {
            GrayAlphaImage::from_raw(width, height, pixels).map(Into::into)
        }
        ColorType::Rgb => RgbImage::from_raw(width, height, pixels).map(Into::into),
        ColorType::Rgba => RgbaImage::from_raw(width, height, pixels).map(Into::into),
        ColorType::Indexed => None,
    }
    .ok_or(Refusal::Unreadable)
}

fn refusal(error: DecodingError) -> Refusal {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Refusal::Incomplete
        }
        _ => Refusal::Unreadable,
    }
}
