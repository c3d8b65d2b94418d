//! Pictures as phones and other programs write them.

mod files;
mod hostile;
mod large;

use std::path::Path;

use image::DynamicImage;

use crate::{Format, MAX_EDGE, Recognised, Result};

/// A picture of `tests/files`, which other programs have written.
fn foreign(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    std::fs::read(folder.join(name)).unwrap()
}

fn format(file: &[u8]) -> Format {
    match crate::recognise(file) {
        Recognised::Picture(format) => format,
        other => panic!("{other:?}"),
    }
}

fn decode(file: &[u8]) -> Result<DynamicImage> {
    crate::decode(file, format(file), MAX_EDGE)
}

/// Something to see: a flat picture would hide what a decoder does wrong.
fn picture(width: u32, height: u32) -> DynamicImage {
    image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]))
        .into()
}

fn encoded(picture: &DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}
