//! Generated pictures for tests: as large as those of phones, and quick to make.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// Bands of different colours, from top to bottom.
const BANDS: u32 = 8;
/// Lines of a block.
const BLOCK: u32 = 8;
const QUALITY: u8 = 60;

/// The colour at the left edge of the picture in this line, before it is compressed. To the right it
/// becomes brighter.
pub fn colour_at(y: u32, height: u32) -> [u8; 3] {
    band_colour(y / BLOCK * BANDS / height.div_ceil(BLOCK))
}

fn band_colour(band: u32) -> [u8; 3] {
    let step = band as u8 * 20;
    [step, 140 - step, 40]
}

/// A baseline JPEG of this size. Each band is encoded once as a strip of blocks and repeated, with a
/// restart marker between the strips.
///
/// # Panics
/// `width` or `height` is zero or larger than a JPEG can be.
pub fn camera_jpeg(width: u32, height: u32) -> Vec<u8> {
    let rows = height.div_ceil(BLOCK);
    let strips: Vec<(Vec<u8>, Vec<u8>)> =
        (0..BANDS).map(|band| encode_strip(width, band_colour(band))).collect();
    let mut file = strips[0].0.clone();
    let frame = position(&file, &[0xFF, 0xC0]);
    let lines = u16::try_from(height).unwrap_or(u16::MAX).to_be_bytes();
    file[frame + 5..frame + 7].copy_from_slice(&lines);
    let interval = u16::try_from(width.div_ceil(BLOCK)).unwrap_or(u16::MAX).to_be_bytes();
    let scan = position(&file, &[0xFF, 0xDA]);
    file.splice(scan..scan, [0xFF, 0xDD, 0, 4, interval[0], interval[1]]);
    for row in 0..rows {
        file.extend(&strips[(row * BANDS / rows) as usize].1);
        let restart = 0xD0 + (row % 8) as u8;
        file.extend([0xFF, if row + 1 == rows { 0xD9 } else { restart }]);
    }
    file
}

/// Encodes one row of blocks; returns the header and the pixels of the file.
fn encode_strip(width: u32, colour: [u8; 3]) -> (Vec<u8>, Vec<u8>) {
    let strip = RgbImage::from_fn(width, BLOCK, |x, y| {
        let light = (x * 100 / width + x * 7 % 5 + y) as u8;
        Rgb(colour.map(|channel| channel.saturating_add(light)))
    });
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
    encoder.encode_image(&strip).expect("a strip can be encoded");
    let scan = position(&file, &[0xFF, 0xDA]);
    let length = usize::from(u16::from_be_bytes([file[scan + 2], file[scan + 3]]));
    let pixels = file.split_off(scan + 2 + length);
    (file, pixels[..pixels.len() - 2].to_vec())
}

fn position(file: &[u8], marker: &[u8; 2]) -> usize {
    file.windows(2).position(|two| two == marker).expect("the encoder writes this marker")
}
