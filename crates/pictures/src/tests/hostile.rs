//! Files that are made to take memory or time.

use super::{decode, encoded, foreign, picture};
use crate::Refusal;

/// Replaces the size in the frame of a JPEG.
fn with_size(mut jpeg: Vec<u8>, frame: u8, width: u16, height: u16) -> Vec<u8> {
    let at = jpeg.windows(2).position(|two| two == [0xFF, frame]).unwrap();
    jpeg[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

#[test]
fn a_progressive_jpeg_is_refused_if_its_coefficients_do_not_fit() {
    // Behind the picture, a file may have anything.
    let of = |width, height| {
        let mut file = with_size(foreign("progressive.jpg"), 0xC2, width, height);
        file.resize(1_000_000, 0);
        decode(&file)
    };
    assert_eq!(of(12_000, 9_000).err(), Some(Refusal::ProgressiveTooLarge { megapixels: 54 }));
    assert!(!matches!(of(8_000, 6_000), Err(Refusal::ProgressiveTooLarge { .. })));
}

#[test]
fn a_jpeg_with_more_passes_than_encoders_make_is_refused() {
    let file = foreign("progressive.jpg");
    let scan = file.windows(2).rposition(|two| two == [0xFF, 0xDA]).unwrap();
    let (start, last) = (&file[..scan], &file[scan..file.len() - 2]);
    let repeated = |count| [start, &last.repeat(count), &file[file.len() - 2..]].concat();
    assert!(decode(&repeated(1)).is_ok());
    assert_eq!(decode(&repeated(60)).err(), Some(Refusal::Unreadable));
}

#[test]
fn a_small_file_with_many_pixels_is_refused() {
    let small = foreign("chroma-420.jpg");
    for size in [(65_500, 65_500), (65_500, 300), (8_000, 6_000)] {
        let file = with_size(small.clone(), 0xC0, size.0, size.1);
        assert_eq!(decode(&file).err(), Some(Refusal::TooLarge { megapixels: 210 }), "{size:?}");
    }
}

#[test]
fn damaged_pictures_are_decoded_or_refused_and_nothing_else() {
    // A generator of its own, so that a failure can be repeated.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let png = encoded(&picture(40, 30), image::ImageFormat::Png);
    let mut files = vec![png];
    files.extend(
        ["progressive.jpg", "chroma-422-restart.jpg", "cmyk.jpg", "interlaced.png", "lossy.webp"]
            .map(foreign),
    );
    let mut decoded = 0;
    for round in 0..3_000 {
        let mut file = files[round % files.len()].clone();
        for _ in 0..=random(4) {
            // The first bytes decide which decoder it is.
            let at = 12 + random(file.len() - 12);
            file[at] = random(256) as u8;
        }
        if random(4) == 0 {
            file.truncate(12 + random(file.len() - 12));
        }
        decoded += u32::from(decode(&file).is_ok());
    }
    assert!(decoded > 100, "{decoded}");
}
