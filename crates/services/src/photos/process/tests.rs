use image::ImageFormat;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};

use super::*;

const ZONE: Tz = chrono_tz::Asia::Jakarta;

fn cleaned(bytes: &[u8]) -> Result<ProcessedPhoto> {
    process(bytes, ZONE, FileTypes::ALL)
}

fn code(error: Error) -> ErrorCode {
    match error {
        Error::Refused(refusal) => refusal.faults.first().map_or(refusal.code, |f| f.code),
        error => panic!("{error}"),
    }
}

fn refused(bytes: &[u8]) -> ErrorCode {
    code(cleaned(bytes).unwrap_err())
}

/// Something to see: a flat picture would hide what a decoder does wrong.
fn picture(width: u32, height: u32) -> DynamicImage {
    image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]))
        .into()
}

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture(width, height).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

fn png_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = (body.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(body);
    chunk.extend(crc32(&chunk[4..]).to_be_bytes());
    chunk
}

/// A PNG with more parts behind its header.
fn png_with(more: &[u8]) -> Vec<u8> {
    let plain = png(20, 10);
    let (header, rest) = plain.split_at(33);
    [header, more, rest].concat()
}

fn riff_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = kind.to_vec();
    chunk.extend((body.len() as u32).to_le_bytes());
    chunk.extend(body);
    if body.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = [b"WEBP".to_vec(), chunks.concat()].concat();
    riff_chunk(b"RIFF", &body)
}

/// The outside of an extended WebP.
fn vp8x(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let (width, height) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
    riff_chunk(b"VP8X", &[&[flags, 0, 0, 0], &width[..3], &height[..3]].concat())
}

/// The beginning of a lossy frame of this size; nothing follows.
fn vp8(width: u16, height: u16) -> Vec<u8> {
    let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
    riff_chunk(b"VP8 ", &[&[0x10, 0, 0, 0x9d, 0x01, 0x2a], &size[..], &[0; 64]].concat())
}

#[test]
fn a_large_picture_is_shrunk_and_gets_a_thumbnail() {
    let done = cleaned(&png(4_000, 2_000)).unwrap();
    assert_eq!((done.width, done.height), (2_560, 1_280));
    let thumbnail = image::load_from_memory(&done.thumbnail).unwrap();
    assert_eq!((thumbnail.width(), thumbnail.height()), (320, 160));
}

/// A picture that another program has written, see the README of its folder.
fn foreign(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../pictures/tests/files");
    std::fs::read(std::path::Path::new(folder).join(name)).unwrap()
}

#[test]
fn only_pictures_of_the_allowed_kinds_are_taken() {
    let others: [&[u8]; 3] =
        [b"ini bukan foto", b"<!doctype html><script>alert(1)</script>", &[0; 4_096]];
    for other in others {
        assert_eq!(refused(other), ErrorCode::UnsupportedMediaType);
    }
    let only_png: FileTypes = "png".parse().unwrap();
    assert!(process(&png(4, 4), ZONE, only_png).is_ok());
    let jpeg = encoded(4, 4, ImageFormat::Jpeg);
    let Error::Refused(refusal) = process(&jpeg, ZONE, only_png).unwrap_err() else { panic!() };
    assert_eq!(refusal.code, ErrorCode::UnsupportedMediaType);
    assert_eq!(refusal.param.as_deref(), Some("PNG"));
}

#[test]
fn another_format_is_refused_by_its_name_with_advice() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (file, name) in [
        (foreign("picture.avif"), "AVIF"),
        (foreign("picture.gif"), "GIF"),
        (foreign("picture.tiff"), "TIFF"),
        (svg.to_vec(), "SVG"),
        (b"%PDF-1.7\n".to_vec(), "PDF"),
    ] {
        let Error::Refused(refusal) = cleaned(&file).unwrap_err() else { panic!("{name}") };
        assert_eq!(refusal.code, ErrorCode::UnsupportedImageFormat, "{name}");
        assert_eq!(refusal.param.as_deref(), Some(name));
    }
    assert_eq!(refused(&foreign("iphone.heic")), ErrorCode::HeicImage);
    assert_eq!(refused(b""), ErrorCode::EmptyFile);
    assert_eq!(refused(&foreign("animated.webp")), ErrorCode::AnimatedImage);
}

#[test]
fn half_a_picture_is_refused() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
        let whole = encoded(200, 200, format);
        for length in [100, whole.len() / 2, whole.len() - 30] {
            assert_eq!(refused(&whole[..length]), ErrorCode::ImageIncomplete, "{format:?}");
        }
    }
}

/// Checks that a picture of the folder is upright: a red quarter, a green, a blue and a white one.
fn assert_upright(name: &str) -> ProcessedPhoto {
    let done = cleaned(&foreign(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let picture = image::load_from_memory(&done.jpeg).unwrap().to_rgb8();
    let (width, height) = picture.dimensions();
    let quarters = [(1, 1, [220, 30, 30]), (3, 1, [30, 200, 40]), (1, 3, [30, 40, 220])];
    for (x, y, colour) in quarters {
        let found = picture.get_pixel(width * x / 4, height * y / 4).0;
        let close = found.iter().zip(colour).all(|(found, wanted)| found.abs_diff(wanted) < 30);
        assert!(close, "{name} at {x}, {y} quarters: {found:?}");
    }
    done
}

#[test]
fn a_photo_is_upright_however_the_phone_was_held_and_keeps_its_time_and_place() {
    for orientation in 1..=8 {
        let name = format!("orientation-{orientation}.jpg");
        let done = assert_upright(&name);
        assert_eq!((done.width, done.height), (64, 48), "{name}");
        assert_eq!(done.taken_at.unwrap().to_rfc3339(), "2026-11-23T03:15:00+00:00", "{name}");
        assert!((done.place.unwrap().latitude() + 7.71).abs() < 1e-9, "{name}");
    }
    // These are upright as they are, and their metadata turn them clockwise.
    for name in ["exif.png", "lossy.webp"] {
        let done = cleaned(&foreign(name)).unwrap();
        assert_eq!((done.width, done.height), (48, 64), "{name}");
    }
}

#[test]
fn broken_metadata_do_not_spoil_what_is_readable_of_them() {
    let mut file = foreign("orientation-6.jpg");
    // The number of entries in the directory of the position.
    let place =
        file.windows(4).position(|part| part == [0x25, 0x88, 4, 0] || part == [0x88, 0x25, 0, 4]);
    let at = place.unwrap() + 8;
    file[at..at + 4].copy_from_slice(&[0x7F; 4]);
    let done = cleaned(&file).unwrap();
    assert_eq!((done.width, done.height, done.place), (64, 48, None));
    assert!(done.taken_at.is_some());
}

#[test]
fn inks_and_second_pictures_are_no_obstacle() {
    for name in ["cmyk.jpg", "ycck.jpg", "two-pictures.mpo", "sixteen-bit.png", "interlaced.png"] {
        assert_upright(name);
    }
}

#[test]
fn a_pixel_bomb_is_refused_before_it_is_decoded() {
    let mut in_png = png(1, 1);
    // Width and height stand at bytes 16..24 of a PNG; its checksum is renewed below.
    in_png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    in_png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let checksum = crc32(&in_png[12..29]);
    in_png[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(refused(&in_png), ErrorCode::ImageTooLarge);

    let mut in_jpeg = encoded(8, 8, ImageFormat::Jpeg);
    let frame = in_jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    in_jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(refused(&in_jpeg), ErrorCode::ImageTooLarge);

    assert_eq!(refused(&webp(&[vp8(16_383, 16_383)])), ErrorCode::ImageTooLarge);
    let extended = webp(&[vp8x(0, 20_000, 20_000), vp8(8, 8)]);
    assert_eq!(refused(&extended), ErrorCode::ImageTooLarge);
}

#[test]
fn a_webp_that_lies_about_the_size_of_its_frame_is_refused_before_it_is_decoded() {
    for lie in [vp8(16_383, 16_383), vp8(9, 8)] {
        assert_eq!(refused(&webp(&[vp8x(0, 8, 8), lie])), ErrorCode::UnreadableImage);
    }
}

#[test]
fn a_moving_webp_is_refused_and_of_a_moving_png_the_picture_for_the_old_is_taken() {
    let anim = riff_chunk(b"ANIM", &[0; 6]);
    let frame = riff_chunk(b"ANMF", &[&[0; 16][..], &vp8(8, 8)].concat());
    assert_eq!(refused(&webp(&[vp8x(2, 8, 8), anim, frame.clone()])), ErrorCode::AnimatedImage);
    // Also one that does not say so.
    let hidden = webp(&[vp8x(0, 8, 8), vp8(8, 8), frame]);
    assert_eq!(refused(&hidden), ErrorCode::AnimatedImage);

    let control = png_chunk(b"acTL", &[0, 0, 0, 50, 0, 0, 0, 0]);
    let done = cleaned(&png_with(&control)).unwrap();
    assert_eq!((done.width, done.height), (20, 10));
}

#[test]
fn a_small_file_that_unfolds_to_a_large_picture_is_refused() {
    let mut flat = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut flat, CompressionType::Best, PngFilter::NoFilter);
    DynamicImage::new_luma8(5_000, 5_000).write_with_encoder(encoder).unwrap();
    assert!(flat.len() < 125_000, "{}", flat.len());
    assert_eq!(refused(&flat), ErrorCode::ImageTooLarge);
}

#[test]
fn a_colour_profile_that_unfolds_without_end_does_not_take_the_memory() {
    let profile = |length| {
        let body = [&b"x\0\0\x78\x01"[..], &deflated_zeros(length)].concat();
        png_with(&png_chunk(b"iCCP", &body))
    };
    let bomb = profile(64 * 1024 * 1024);
    assert!(bomb.len() < 500_000, "{}", bomb.len());
    // The picture is as good without.
    assert_eq!(cleaned(&bomb).unwrap().width, 20);
}

/// Zeros in the format of deflate, with fixed codes: one literal, then copies of 258 in 13 bits.
fn deflated_zeros(count: usize) -> Vec<u8> {
    let (mut bytes, mut bit) = (vec![0u8], 0);
    let mut push = |value: u32, bits: u32, from_the_top: bool| {
        for index in 0..bits {
            let place = if from_the_top { bits - 1 - index } else { index };
            if bit == 8 {
                bytes.push(0);
                bit = 0;
            }
            let last = bytes.last_mut().unwrap();
            *last |= ((value >> place & 1) as u8) << bit;
            bit += 1;
        }
    };
    push(1, 1, false);
    push(1, 2, false);
    push(0x30, 8, true);
    for _ in 0..count / 258 {
        // Length 258 is code 285 without more bits, distance 1 is code 0.
        push(0b1100_0101, 8, true);
        push(0, 5, true);
    }
    push(0, 7, true);
    // Adler-32 of so many zeros.
    let length = 1 + count / 258 * 258;
    bytes.extend((((length % 65_521) << 16) as u32 | 1).to_be_bytes());
    bytes
}

/// Things that are two kinds of files at once, or carry a second one.
#[test]
fn nothing_of_the_original_is_left_but_the_pixels() {
    let script = b"<script>alert(document.domain)</script>";
    let pdf = b"%PDF-1.7 1 0 obj<</Type/Catalog>>endobj";
    let jpeg = encoded(64, 48, ImageFormat::Jpeg);
    let comment = [&[0xFF, 0xFE, 0, script.len() as u8 + 2][..], script].concat();
    let polyglots = [
        [&jpeg[..2], &comment[..], &jpeg[2..]].concat(),
        [&jpeg[..], &script[..]].concat(),
        [&jpeg[..], &pdf[..]].concat(),
        png_with(&png_chunk(b"tEXt", &[b"Comment\0", &script[..]].concat())),
        [png(20, 10), pdf.to_vec(), b"PK\x05\x06".to_vec()].concat(),
        webp(&[encoded(20, 10, ImageFormat::WebP)[12..].to_vec(), riff_chunk(b"XMP ", script)]),
    ];
    for (number, polyglot) in polyglots.iter().enumerate() {
        let done = cleaned(polyglot).unwrap();
        for file in [&done.jpeg, &done.thumbnail] {
            assert_eq!(&file[..3], [0xFF, 0xD8, 0xFF], "{number}");
            for trace in [&b"<script"[..], b"%PDF", b"PK\x05\x06", b"Exif", b"http://", b"ICC_"] {
                assert!(!file.windows(trace.len()).any(|part| part == trace), "{number}");
            }
            assert!(file.ends_with(&[0xFF, 0xD9]), "{number}");
        }
    }
}

/// A little-endian TIFF whose GPS directory says 7°42'36" S, 110°24'27" E.
fn exif_with_a_place() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let (tag, kind) = (tag.to_le_bytes(), kind.to_le_bytes());
        [&tag[..], &kind, &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let end = 0u32.to_le_bytes();
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    tiff.extend(entry(0x8825, 4, 1, 26));
    tiff.extend(end);
    tiff.extend(4u16.to_le_bytes());
    tiff.extend(entry(1, 2, 2, u32::from(b'S')));
    tiff.extend(entry(2, 5, 3, 80));
    tiff.extend(entry(3, 2, 2, u32::from(b'E')));
    tiff.extend(entry(4, 5, 3, 104));
    tiff.extend(end);
    for number in [7u32, 42, 36, 110, 24, 27] {
        tiff.extend(number.to_le_bytes());
        tiff.extend(1u32.to_le_bytes());
    }
    tiff
}

#[test]
fn the_place_of_a_photo_is_data_and_in_no_byte_of_a_file() {
    let tiff = exif_with_a_place();
    let block = [&b"Exif\0\0"[..], &tiff].concat();
    let length = (block.len() as u16 + 2).to_be_bytes();
    let jpeg = encoded(64, 48, ImageFormat::Jpeg);
    let in_jpeg = [&jpeg[..2], &[0xFF, 0xE1], &length, &block, &jpeg[2..]].concat();
    let in_png = png_with(&png_chunk(b"eXIf", &tiff));
    let plain = encoded(64, 48, ImageFormat::WebP);
    let in_webp = webp(&[vp8x(0b1000, 64, 48), plain[12..].to_vec(), riff_chunk(b"EXIF", &tiff)]);
    for sent in [in_jpeg, in_png, in_webp] {
        let done = cleaned(&sent).unwrap();
        let place = done.place.expect("the place is read");
        assert!(
            (place.latitude() + 7.71).abs() < 1e-9 && (place.longitude() - 110.4075).abs() < 1e-9
        );
        for file in [&done.jpeg, &done.thumbnail] {
            let coordinates = &tiff[80..];
            assert!(!file.windows(coordinates.len()).any(|part| part == coordinates));
            assert!(exif::Reader::new().read_from_container(&mut Cursor::new(file)).is_err());
        }
    }
}
