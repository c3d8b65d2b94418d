//! Encoding as JPEG without metadata.

use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;

/// An encoded picture.
#[derive(Debug)]
pub struct Jpeg {
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

/// Encodes a picture; `quality` is 1 to 100. `None` if it has more pixels on a side than a JPEG can have.
pub fn encode(picture: &DynamicImage, quality: u8) -> Option<Jpeg> {
    // JPEG has no transparency: the background becomes white, not black.
    let rgb = flatten(picture);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&rgb).ok()?;
    Some(Jpeg { bytes, width: rgb.width(), height: rgb.height() })
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
