//! JPEG: scaled while it is decoded, so that the memory depends on the size that is wanted.

mod colour;
mod memory;
mod structure;

use std::io::Read;

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};

use self::memory::Scale;
use self::structure::{Frame, Process, Structure};
use crate::{Refusal, Result, check_size};

/// Passes over a progressive picture at most: encoders make about ten, and each of them costs as much time.
const MAX_SCANS: usize = 64;
/// Marks the end of a picture.
const END: &[u8] = &[0xFF, 0xD9];
/// Continues a picture with bits that are all one, longer than any code.
const ONES: &[u8] = &[0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0xD9];

/// Decodes the first picture of a file, to `edge` pixels on its longer side or somewhat more.
pub fn decode(file: &[u8], edge: u32) -> Result<DynamicImage> {
    let structure = Structure::read(file);
    if structure.cut_in_header {
        return Err(Refusal::Incomplete);
    }
    let frame = structure.frame.as_ref().ok_or(Refusal::Unreadable)?;
    if let Process::Other(name) = frame.process {
        return Err(Refusal::Unsupported(name));
    }
    check_size(u32::from(frame.width), u32::from(frame.height), file)?;
    let scale = memory::choose_scale(frame, edge)?;
    check_scans(&structure, frame)?;
    let pixels = match structure.end {
        Some(end) => pixels(&file[..end], &[], &structure, scale)?,
        None => pixels_without_end(file, &structure, scale)?,
    };
    picture(pixels, &structure)
}

/// Checks that the scans make one picture, and not so many that they take forever.
fn check_scans(structure: &Structure, frame: &Frame) -> Result<()> {
    let most = match frame.process {
        Process::Progressive => MAX_SCANS,
        _ => frame.components.len(),
    };
    if structure.scans > most {
        return Err(Refusal::Unreadable);
    }
    if structure.is_refined() { Ok(()) } else { Err(Refusal::Incomplete) }
}

#[derive(PartialEq)]
struct Pixels {
    width: u32,
    height: u32,
    format: PixelFormat,
    bytes: Vec<u8>,
}

/// Decodes a file that is continued with these bytes.
fn pixels(file: &[u8], more: &[u8], structure: &Structure, scale: Scale) -> Result<Pixels> {
    let mut decoder = Decoder::new(file.chain(more));
    let transform = colour::transform(structure);
    decoder.set_color_transform(transform);
    decoder.scale(scale.width, scale.height).map_err(refusal)?;
    let bytes = decoder.decode().map_err(refusal)?;
    let info = decoder.info().ok_or(Refusal::Unreadable)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    Ok(Pixels { width, height, format: info.pixel_format, bytes })
}

/// Decodes a file whose end is missing, if nothing else is: some programs do not write the mark. The
/// decoder continues such a file with zeros, so it would make something of any half of a picture; if all
/// pixels are there, it makes no difference with what the file is continued.
fn pixels_without_end(file: &[u8], structure: &Structure, scale: Scale) -> Result<Pixels> {
    let file = match file {
        [start @ .., 0xFF] => start,
        file => file,
    };
    let with = |more| pixels(file, more, structure, scale).map_err(|_| Refusal::Incomplete);
    let pixels = with(END)?;
    if pixels == with(ONES)? { Ok(pixels) } else { Err(Refusal::Incomplete) }
}

fn picture(pixels: Pixels, structure: &Structure) -> Result<DynamicImage> {
    let Pixels { width, height, format, bytes } = pixels;
    match format {
        PixelFormat::L8 => GrayImage::from_raw(width, height, bytes).map(Into::into),
        PixelFormat::RGB24 => RgbImage::from_raw(width, height, bytes).map(Into::into),
        PixelFormat::CMYK32 => {
            let rgb = colour::rgb_of_inks(&bytes, structure);
            RgbImage::from_raw(width, height, rgb).map(Into::into)
        }
        PixelFormat::L16 => None,
    }
    .ok_or(Refusal::Unreadable)
}

fn refusal(error: jpeg_decoder::Error) -> Refusal {
    match error {
        jpeg_decoder::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Refusal::Incomplete
        }
        _ => Refusal::Unreadable,
    }
}
