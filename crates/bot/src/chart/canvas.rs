//! Raster canvas with rectangles and text.

use image::{Rgb, RgbImage};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

const BACKGROUND: Rgb<u8> = Rgb([255, 255, 255]);

/// The size of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FontSize {
    Small,
    Large,
}

impl FontSize {
    const fn raster(self) -> (FontWeight, RasterHeight) {
        match self {
            FontSize::Small => (FontWeight::Regular, RasterHeight::Size16),
            FontSize::Large => (FontWeight::Bold, RasterHeight::Size24),
        }
    }
}

/// The width of a text in pixels.
pub fn text_width(text: &str, size: FontSize) -> u32 {
    let (weight, height) = size.raster();
    (text.chars().count() * get_raster_width(weight, height)) as u32
}

/// A white picture. What is drawn outside is cut off.
pub struct Canvas {
    picture: RgbImage,
}

impl Canvas {
    pub fn new(width: u32, height: u32) -> Self {
        Self { picture: RgbImage::from_pixel(width, height, BACKGROUND) }
    }

    /// Draws a filled rectangle.
    pub fn fill(&mut self, x: u32, y: u32, width: u32, height: u32, colour: Rgb<u8>) {
        for row in y..y + height {
            for column in x..x + width {
                if let Some(pixel) = self.picture.get_pixel_mut_checked(column, row) {
                    *pixel = colour;
                }
            }
        }
    }

    /// Draws a line of text with its upper left corner at (x, y). Only ASCII characters are drawn.
    pub fn text(&mut self, x: u32, y: u32, text: &str, size: FontSize, colour: Rgb<u8>) {
        let (weight, height) = size.raster();
        let mut left = x;
        for letter in text.chars() {
            if let Some(raster) = get_raster(letter, weight, height) {
                for (row, line) in (y..).zip(raster.rows()) {
                    for (column, &strength) in (left..).zip(line.iter()) {
                        self.blend(column, row, colour, strength);
                    }
                }
            }
            left += get_raster_width(weight, height) as u32;
        }
    }

    fn blend(&mut self, x: u32, y: u32, colour: Rgb<u8>, strength: u8) {
        let Some(pixel) = self.picture.get_pixel_mut_checked(x, y) else { return };
        for (now, wanted) in pixel.0.iter_mut().zip(colour.0) {
            let (now_weight, weight) = (255 - u16::from(strength), u16::from(strength));
            *now = ((u16::from(*now) * now_weight + u16::from(wanted) * weight) / 255) as u8;
        }
    }

    /// The finished picture.
    pub fn picture(&self) -> &RgbImage {
        &self.picture
    }
}
