//! Serial numbers from the barcodes of a modem's label.

use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use shared::serial_number::is_gpon;
use shared::{MacAddress, parse_serial_number};

/// The barcode formats on labels of network equipment.
const FORMATS: [BarcodeFormat; 6] = [
    BarcodeFormat::CODE_128,
    BarcodeFormat::CODE_39,
    BarcodeFormat::CODE_93,
    BarcodeFormat::QR_CODE,
    BarcodeFormat::DATA_MATRIX,
    BarcodeFormat::ITF,
];
/// Longest edge of the picture that is searched, in pixels.
const LONGEST_EDGE: u32 = 1_600;
/// Serial numbers of one picture that are returned.
const MAX_SERIALS: usize = 4;

/// Reads the barcodes of a picture and returns what may be a serial number, the likeliest first. An
/// unreadable picture has none.
pub fn serial_numbers(jpeg: &[u8]) -> Vec<String> {
    let Ok(picture) = image::load_from_memory(jpeg) else { return Vec::new() };
    // A label fills most of the picture, so more pixels only take longer.
    let grey = match picture.width().max(picture.height()) > LONGEST_EDGE {
        true => picture.thumbnail(LONGEST_EDGE, LONGEST_EDGE).into_luma8(),
        false => picture.into_luma8(),
    };
    let (width, height) = grey.dimensions();
    let mut hints = DecodeHints {
        PossibleFormats: Some(FORMATS.into_iter().collect()),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let found = detect_multiple_in_luma_with_hints(grey.into_raw(), width, height, &mut hints);
    let texts = found.unwrap_or_default();
    rank_serials(texts.iter().map(|code| code.getText()))
}

fn rank_serials<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<(u8, String)> = Vec::new();
    for text in texts {
        for word in text.split(|sign: char| !sign.is_ascii_alphanumeric()) {
            let rank = rank(&word.to_uppercase());
            let word = parse_serial_number(word).unwrap_or_default();
            if rank > 0 && !found.iter().any(|(_, known)| *known == word) {
                found.push((rank, word));
            }
        }
    }
    found.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    found.into_iter().take(MAX_SERIALS).map(|(_, serial)| serial).collect()
}

/// How much a word looks like the serial number of an ONT. GPON serial numbers (ITU-T G.984.3) have four
/// letters for the maker and eight hexadecimal digits; twelve hexadecimal digits are a MAC address,
/// which is printed beside it.
fn rank(word: &str) -> u8 {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    match word.len() {
        _ if MacAddress::parse(word).is_some() => 0,
        _ if parse_serial_number(word).is_ok_and(|serial| is_gpon(&serial)) => 3,
        8..=24 if digits >= 3 => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Luma};
    use rxing::{BarcodeFormat, MultiFormatWriter, Writer};
    use std::io::Cursor;

    fn label(text: &str, format: BarcodeFormat, (width, height): (i32, i32)) -> Vec<u8> {
        let code = MultiFormatWriter.encode(text, &format, width, height).unwrap();
        let (width, height) = (code.width() + 80, code.height() + 80);
        let picture = image::GrayImage::from_fn(width, height, |x, y| {
            let inside = (40..width - 40).contains(&x) && (40..height - 40).contains(&y);
            Luma([if inside && code.get(x - 40, y - 40) { 0 } else { 255 }])
        });
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn serial_numbers_on_labels_are_read() {
        let line = label("ZTEGC8A1B2C3", BarcodeFormat::CODE_128, (600, 120));
        assert_eq!(serial_numbers(&line), ["ZTEGC8A1B2C3"]);
        let square = label("SN:HWTC12345678;MAC:001122AABBCC", BarcodeFormat::QR_CODE, (300, 300));
        assert_eq!(serial_numbers(&square), ["HWTC12345678"]);
    }

    #[test]
    fn a_picture_without_a_barcode_has_no_serial_number() {
        assert!(serial_numbers(b"no picture").is_empty());
        let mut bytes = Cursor::new(Vec::new());
        image::GrayImage::new(64, 64).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        assert!(serial_numbers(&bytes.into_inner()).is_empty());
    }

    #[test]
    fn gpon_serials_come_first_and_mac_addresses_are_ignored() {
        let texts = [
            "001122AABBCC",
            "FCECDA0A1B2C",
            "F670LV9.0",
            "48575443A1B2C3D4",
            "ZTEGC8A1B2C3",
            "2026",
        ];
        assert_eq!(rank_serials(texts.into_iter()), ["HWTCA1B2C3D4", "ZTEGC8A1B2C3"]);
    }
}
