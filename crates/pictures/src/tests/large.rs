//! Pictures with many pixels.

use image::GenericImageView;

use super::{decode, encoded, picture};
use crate::samples::{camera_jpeg, colour_at};
use crate::{Refusal, samples};

#[test]
fn a_photo_of_a_phone_with_108_or_200_megapixels_is_decoded_at_the_size_that_is_kept() {
    for (width, height, expected) in [
        (16_384, 12_288, (2_560, 1_920)),
        (12_000, 9_000, (2_560, 1_920)),
        (9_000, 12_000, (1_920, 2_560)),
    ] {
        let decoded = decode(&camera_jpeg(width, height)).unwrap();
        assert_eq!(decoded.dimensions(), expected);
        let rgb = decoded.to_rgb8();
        let lines = expected.1;
        // In the middle of each band, where its colour stands at the left edge.
        for line in (0..8).map(|band| lines * (2 * band + 1) / 16) {
            let wanted = colour_at(line * height / lines, height);
            let found = rgb.get_pixel(2, line).0;
            let close = found.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) < 14);
            assert!(close, "line {line}: {found:?} instead of {wanted:?}");
            let right = rgb.get_pixel(expected.0 - 3, line).0;
            assert!(right[2].abs_diff(found[2]) > 80, "line {line}: {found:?} and {right:?}");
        }
    }
}

#[test]
fn more_pixels_than_any_phone_writes_are_refused() {
    let mut file = camera_jpeg(16_384, 64);
    let frame = file.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    file[frame + 5..frame + 7].copy_from_slice(&20_000u16.to_be_bytes());
    file.resize(4_000_000, 0);
    assert_eq!(decode(&file).err(), Some(Refusal::TooLarge { megapixels: 210 }));
}

#[test]
fn a_scaled_jpeg_shows_the_same_picture() {
    let whole = picture(5_200, 40);
    let file = encoded(&whole, image::ImageFormat::Jpeg);
    let (found, wanted) = (decode(&file).unwrap(), crate::shrink(whole, 2_560));
    assert_eq!(found.dimensions(), wanted.dimensions());
    let mean = |picture: &image::RgbImage| {
        picture.as_raw().iter().map(|&byte| u64::from(byte)).sum::<u64>() / picture.len() as u64
    };
    assert!(mean(&found.to_rgb8()).abs_diff(mean(&wanted.to_rgb8())) <= 2);
}

#[test]
fn a_large_png_is_averaged_strip_by_strip() {
    // 60 megapixels, more than a decoded picture may have.
    let (width, height) = (2_600, 23_077);
    let grey = image::GrayImage::from_fn(width, height, |x, y| {
        image::Luma([(y * 200 / height) as u8 + (x * 31 % 17) as u8])
    });
    let decoded = decode(&encoded(&grey.into(), image::ImageFormat::Png)).unwrap();
    assert_eq!(decoded.height(), 2_560);
    let luma = decoded.to_luma8();
    for y in [0, 1_280, 2_559] {
        let wanted = (y * 200 / 2_560 + 8) as u8;
        let found = luma.get_pixel(luma.width() / 2, y)[0];
        assert!(found.abs_diff(wanted) < 6, "line {y}: {found} instead of {wanted}");
    }
}

#[test]
fn samples_are_valid_at_any_size() {
    for (width, height) in [(1, 1), (9, 17), (64, 48), (1_000, 3)] {
        let file = samples::camera_jpeg(width, height);
        assert_eq!(decode(&file).unwrap().dimensions(), (width, height));
    }
}
