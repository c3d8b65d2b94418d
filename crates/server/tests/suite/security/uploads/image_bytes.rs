//! Builders of JPEG, PNG and WebP files.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use crate::harness::sample_jpeg;
use crate::photos::exif_block;

/// Location in XMP.
pub const XMP_PLACE: &[u8] = b"exif:GPSLatitude=\"7,42.6S\"";

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbaImage::from_fn(width, height, |x, y| {
        image::Rgba([(x * 37 % 251) as u8, (y * 91 % 241) as u8, ((x * y) % 239) as u8, 255])
    });
    DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

pub fn webp(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::WebP)
}

/// Bytes 122 to the end of the EXIF block: degrees, minutes and seconds of both directions.
pub fn gps_directory() -> Vec<u8> {
    let exif = exif_block();
    exif[exif.len() - 48..].to_vec()
}

fn xmp() -> Vec<u8> {
    let place = String::from_utf8_lossy(XMP_PLACE);
    format!("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:Description {place}/></x:xmpmeta>").into()
}

/// The content of a PNG's `iTXt` chunk with XMP.
pub fn xmp_as_text() -> Vec<u8> {
    [b"XML:com.adobe.xmp\0\0\0\0\0".to_vec(), xmp()].concat()
}

/// Builds a JPEG with an additional segment after its start.
fn jpeg_with_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let picture = sample_jpeg();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&picture[..2], &[0xFF, marker], &length, content, &picture[2..]].concat()
}

pub fn jpeg_with_comment(text: &[u8]) -> Vec<u8> {
    jpeg_with_segment(0xFE, text)
}

pub fn jpeg_with_xmp() -> Vec<u8> {
    jpeg_with_segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0".to_vec(), xmp()].concat())
}

/// Builds a JPEG whose frame header claims this size.
pub fn jpeg_that_claims(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = sample_jpeg();
    let frame = bytes.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// Builds a valid grey JPEG with three bits per block of 64 pixels, sequential or progressive.
pub fn grey_jpeg(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], length.as_slice(), content].concat()
    };
    // One code of one bit: nothing changes, and the block ends.
    let codes = |class: u8| segment(0xC4, &[&[class, 1], [0; 15].as_slice(), &[0]].concat());
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    let colours = [1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
    let frame = [&[8], size.as_slice(), &[3], &colours].concat();
    let passes = [3, 1, 0, 2, 0, 3, 0, 0, if progressive { 0 } else { 63 }, 0];
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8) * 3;
    let bits = if progressive { 1 } else { 2 };
    // A large image needs a file of some size.
    let filler = vec![segment(0xFE, &[b' '; 60_000]); usize::from(width) / 1_000];
    [
        vec![0xFF, 0xD8],
        filler.concat(),
        segment(0xDB, &[&[0], [1; 64].as_slice()].concat()),
        segment(if progressive { 0xC2 } else { 0xC0 }, &frame),
        codes(0x00),
        codes(0x10),
        segment(0xDA, &passes),
        vec![0; blocks * bits / 8 + 1],
        vec![0xFF, 0xD9],
    ]
    .concat()
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [name.as_slice(), content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length, named.as_slice(), &crc32(&named).to_be_bytes()].concat()
}

pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// Builds a PNG with an additional chunk after its header.
pub fn png_with_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let picture = png(20, 10);
    let (head, rest) = picture.split_at(33);
    [head, &chunk(name, content), rest].concat()
}

pub fn png_with_exif() -> Vec<u8> {
    png_with_chunk(b"eXIf", &exif_block()[6..])
}

fn png_of(width: u32, height: u32, depth: u8, colour: u8, data: &[u8]) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let head = [size.as_slice(), &[depth, colour, 0, 0, 0]].concat();
    let start = b"\x89PNG\r\n\x1a\n".to_vec();
    [start, chunk(b"IHDR", &head), chunk(b"IDAT", data), chunk(b"IEND", b"")].concat()
}

/// Builds a PNG whose header claims more than it contains.
pub fn png_that_claims(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    png_of(width, height, depth, colour, &[0x78, 0x9C, 0x03, 0, 0, 0, 0, 1])
}

/// Builds a valid black PNG that is compressed to less than a hundredth.
pub fn black_png(width: u32, height: u32) -> Vec<u8> {
    // One bit per pixel, and one byte before each line.
    let line = width.div_ceil(8) as usize + 1;
    png_of(width, height, 1, 0, &deflated_zeros(line * height as usize))
}

/// Builds a zlib stream of this many zeros.
fn deflated_zeros(count: usize) -> Vec<u8> {
    // Adler-32 of zeros: the count in the upper half and one in the lower.
    let adler = (((count % 65_521) as u32) << 16) | 1;
    [vec![0x78, 0x9C], packed_zeros(count), adler.to_be_bytes().to_vec()].concat()
}

/// Encodes this many zeros with the fixed deflate codes: literals, and copies of the last 258.
pub fn packed_zeros(count: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with fixed codes.
    bits.code(0b1_1_0, 3);
    let (copies, singles) = ((count - 1) / 258, (count - 1) % 258 + 1);
    for _ in 0..singles {
        bits.code(0b0011_0000, 8);
    }
    for _ in 0..copies {
        // 258 bytes, from one byte back.
        bits.code(0b1100_0101, 8);
        bits.code(0, 5);
    }
    bits.code(0, 7);
    bits.bytes
}

/// Bit writer.
#[derive(Default)]
pub struct Bits {
    pub bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    /// Adds a code of `length` bits, its highest first.
    pub fn code(&mut self, code: u32, length: u32) {
        for place in (0..length).rev() {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.last_mut().unwrap();
            *last |= ((code >> place & 1) as u8) << (self.used % 8);
            self.used += 1;
        }
    }

    /// Adds the fixed code of a distance of deflate.
    pub fn distance(&mut self, distance: u32) {
        let before = distance - 1;
        if before < 4 {
            return self.code(before, 5);
        }
        let extra = before.ilog2() - 1;
        self.code(2 * extra + (before >> extra), 5);
        (0..extra).for_each(|place| self.code(before >> place & 1, 1));
    }
}

fn riff_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let filler: &[u8] = if content.len() % 2 == 1 { &[0] } else { &[] };
    [name.as_slice(), &length, content, filler].concat()
}

fn three_bytes(number: u32) -> [u8; 3] {
    let [a, b, c, _] = number.to_le_bytes();
    [a, b, c]
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let content = [b"WEBP".to_vec(), chunks.concat()].concat();
    riff_chunk(b"RIFF", &content)
}

/// Builds the header of an extended WebP with these flags.
fn vp8x(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let size = [three_bytes(width - 1), three_bytes(height - 1)].concat();
    riff_chunk(b"VP8X", &[&[flags, 0, 0, 0], size.as_slice()].concat())
}

/// Builds the pixel chunk of a simple WebP.
fn pixels(width: u32, height: u32) -> Vec<u8> {
    webp(width, height)[12..].to_vec()
}

pub fn webp_with_exif() -> Vec<u8> {
    riff(&[vp8x(0b0000_1000, 20, 10), pixels(20, 10), riff_chunk(b"EXIF", &exif_block()[6..])])
}

/// Builds a WebP whose header claims this size.
pub fn webp_that_claims(width: u32, height: u32) -> Vec<u8> {
    riff(&[vp8x(0, width, height), pixels(20, 10)])
}

/// Builds an animation of two frames.
pub fn moving_webp() -> Vec<u8> {
    let frame = |x: u32| {
        let numbers = [x, 0, 19, 9, 100].map(three_bytes).concat();
        riff_chunk(b"ANMF", &[numbers, vec![0], pixels(20, 10)].concat())
    };
    let animation = riff_chunk(b"ANIM", &[255, 255, 255, 255, 0, 0]);
    riff(&[vp8x(0b0000_0010, 20, 10), animation, frame(0), frame(0)])
}
