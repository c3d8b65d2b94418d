//! Pictures that other programs have written.

use image::GenericImageView;

use super::{decode, foreign, format};
use crate::{ForeignFormat, Format, Recognised, Refusal, recognise};

/// The colours of the quarters: red, green, blue, white.
const QUARTERS: [(u32, u32, [u8; 3]); 4] = [
    (16, 12, [220, 30, 30]),
    (48, 12, [30, 200, 40]),
    (16, 36, [30, 40, 220]),
    (48, 36, [250, 250, 250]),
];

fn assert_quarters(name: &str, difference: u8) {
    let picture = decode(&foreign(name)).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    assert_eq!(picture.dimensions(), (64, 48), "{name}");
    let rgb = picture.to_rgb8();
    for (x, y, colour) in QUARTERS {
        let found = rgb.get_pixel(x, y).0;
        for (found, wanted) in found.iter().zip(colour) {
            assert!(found.abs_diff(wanted) <= difference, "{name} at {x}, {y}: {found:?}");
        }
    }
}

#[test]
fn every_variant_of_jpeg_has_its_colours() {
    for name in [
        "orientation-1.jpg",
        "progressive.jpg",
        "chroma-420.jpg",
        "chroma-422-restart.jpg",
        "cmyk.jpg",
        "ycck.jpg",
        "rgb.jpg",
        "two-pictures.mpo",
    ] {
        assert_quarters(name, 12);
    }
    let grey = decode(&foreign("grey.jpg")).unwrap().to_luma8();
    assert!(grey.get_pixel(48, 36)[0] > 240 && grey.get_pixel(16, 36)[0] < 100);
}

#[test]
fn inks_without_the_marker_of_adobe_are_not_inverted() {
    let mut file = foreign("cmyk.jpg");
    let at = file.windows(5).position(|part| part == b"Adobe").unwrap();
    file[at..at + 5].copy_from_slice(b"Other");
    let red = decode(&file).unwrap().to_rgb8().get_pixel(16, 12).0;
    // The amounts of light and of ink have changed places.
    assert!(red[0] < 60, "{red:?}");
}

#[test]
fn every_variant_of_png_and_webp_has_its_colours() {
    for name in ["icc.png", "palette.png", "exif.png", "sixteen-bit.png", "interlaced.png"] {
        assert_quarters(name, 1);
    }
    assert_quarters("lossy.webp", 30);
    assert_quarters("lossless.webp", 0);
    for name in ["grey-alpha.png", "one-bit.png"] {
        assert!(decode(&foreign(name)).unwrap().to_luma8().get_pixel(48, 36)[0] > 240, "{name}");
    }
}

#[test]
fn other_formats_are_recognised_by_their_content() {
    for (name, expected) in [
        ("iphone.heic", ForeignFormat::Heic),
        ("picture.avif", ForeignFormat::Avif),
        ("picture.gif", ForeignFormat::Gif),
        ("picture.bmp", ForeignFormat::Bmp),
        ("picture.tiff", ForeignFormat::Tiff),
        ("picture.jxl", ForeignFormat::JpegXl),
        ("picture.jp2", ForeignFormat::Jpeg2000),
    ] {
        assert_eq!(recognise(&foreign(name)), Recognised::Foreign(expected), "{name}");
    }
    assert_eq!(format(&foreign("two-pictures.mpo")), Format::Jpeg);
    assert_eq!(decode(&foreign("animated.webp")).err(), Some(Refusal::Animated));
}

#[test]
fn what_follows_a_picture_does_not_matter() {
    for name in ["chroma-420.jpg", "icc.png", "lossless.webp"] {
        let whole = foreign(name);
        for more in [&b"\xFF\xD8\xFF\xC0 more"[..], &[0; 5_000]] {
            let file = [&whole[..], more].concat();
            assert!(decode(&file).unwrap() == decode(&whole).unwrap(), "{name}");
        }
    }
}

#[test]
fn a_jpeg_without_the_mark_of_its_end_is_complete() {
    for name in ["chroma-420.jpg", "grey.jpg", "progressive.jpg", "chroma-422-restart.jpg"] {
        let whole = foreign(name);
        for missing in [1, 2] {
            let cut = &whole[..whole.len() - missing];
            assert!(decode(cut) == decode(&whole), "{name} without {missing}");
        }
    }
}

#[test]
fn a_picture_without_more_than_that_is_incomplete() {
    for name in ["chroma-420.jpg", "chroma-422-restart.jpg", "progressive.jpg", "two-pictures.mpo"]
    {
        let whole = foreign(name);
        let first = match name {
            // The second picture may be missing.
            "two-pictures.mpo" => 800,
            _ => whole.len() - 6,
        };
        for length in (3..first).step_by(7) {
            let refused = decode(&whole[..length]).err();
            assert_eq!(refused, Some(Refusal::Incomplete), "{name}: {length} of {}", whole.len());
        }
    }
    for name in ["sixteen-bit.png", "interlaced.png", "palette.png", "lossy.webp", "lossless.webp"]
    {
        let whole = foreign(name);
        for length in [20, whole.len() / 2, whole.len() - 20] {
            let refused = decode(&whole[..length]).err();
            assert_eq!(refused, Some(Refusal::Incomplete), "{name}: {length} of {}", whole.len());
        }
    }
}

#[test]
fn rare_variants_of_jpeg_are_refused_by_name() {
    for (marker, precision, name) in [
        (0xC9, 8, "JPEG (arithmetic coding)"),
        (0xC3, 8, "JPEG (lossless)"),
        (0xC1, 12, "JPEG (12 bit)"),
        (0xC5, 8, "JPEG (hierarchical)"),
    ] {
        let mut file = foreign("chroma-420.jpg");
        let frame = file.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
        file[frame + 1] = marker;
        file[frame + 4] = precision;
        assert_eq!(decode(&file).err(), Some(Refusal::Unsupported(name)));
    }
}
