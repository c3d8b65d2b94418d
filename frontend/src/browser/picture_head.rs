//! The beginning of a picture's file: its size, its metadata, and where the pixels start.

/// What the beginning of a file says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct PictureHead {
    /// Width and height of a JPEG in pixels, as they are stored.
    pub size: Option<(u32, u32)>,
    /// The segment of a JPEG with time and position, as a part of another JPEG whose pixels are upright.
    pub exif: Option<Vec<u8>>,
    /// Offset behind the header of the first scan of a JPEG.
    pub pixels_at: Option<usize>,
    /// HEIC, which some browsers can decode and the server cannot.
    pub is_heic: bool,
    /// Another format that has metadata, which would be lost.
    pub has_other_metadata: bool,
}

/// Tag of the directory entry that says how the camera was held.
const ORIENTATION: u16 = 0x0112;
const UPRIGHT: u16 = 1;

impl PictureHead {
    /// Reads the first bytes of a file.
    pub fn read(bytes: &[u8]) -> Self {
        match bytes {
            [0xFF, 0xD8, ..] => read_jpeg(bytes),
            [0x89, b'P', b'N', b'G', ..] => {
                let has_other_metadata = bytes.windows(4).any(|name| name == b"eXIf");
                Self { has_other_metadata, ..Self::default() }
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => {
                // A flag of the extended header, which stands first.
                let has_exif = |flags: &u8| flags & 0b1000 != 0;
                let has_other_metadata =
                    rest.starts_with(b"VP8X") && rest.get(8).is_some_and(has_exif);
                Self { has_other_metadata, ..Self::default() }
            }
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Self { is_heic: true, ..Self::default() },
            _ => Self::default(),
        }
    }
}

fn read_jpeg(bytes: &[u8]) -> PictureHead {
    let mut head = PictureHead::default();
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        let Some(segment) = bytes.get(at..end) else { break };
        match marker {
            0xE1 if segment[4..].starts_with(b"Exif\0\0") => {
                head.exif = head.exif.or_else(|| turned_upright(segment));
            }
            // The frames of all processes; the other markers between them are tables.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => head.size = size(segment),
            0xDA => {
                head.pixels_at = Some(end);
                break;
            }
            _ => {}
        }
        at = end;
    }
    head
}

fn size(frame: &[u8]) -> Option<(u32, u32)> {
    let [h1, h2, w1, w2] = *frame.get(5..9)? else { return None };
    let pixels = |high, low| u32::from(u16::from_be_bytes([high, low]));
    Some((pixels(w1, w2), pixels(h1, h2)))
}

/// Copies a segment of metadata and says in it that the picture is upright. `None` if it cannot be read.
fn turned_upright(segment: &[u8]) -> Option<Vec<u8>> {
    let mut copy = segment.to_vec();
    let tiff = copy.get_mut(10..)?;
    let is_big_endian = tiff.starts_with(b"MM");
    let short = |tiff: &[u8], at: usize| {
        let bytes = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let long: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let directory =
        if is_big_endian { u32::from_be_bytes(long) } else { u32::from_le_bytes(long) } as usize;
    for entry in 0..usize::from(short(tiff, directory)?) {
        let entry = directory + 2 + entry * 12;
        if short(tiff, entry)? == ORIENTATION {
            let upright = if is_big_endian { UPRIGHT.to_be_bytes() } else { UPRIGHT.to_le_bytes() };
            tiff.get_mut(entry + 8..entry + 10)?.copy_from_slice(&upright);
        }
    }
    Some(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/pictures/tests/files");

    fn foreign(name: &str) -> Vec<u8> {
        std::fs::read(std::path::Path::new(FOLDER).join(name)).expect("a picture")
    }

    /// The value of the entry, whose type and count stand before it.
    fn orientations(segment: &[u8]) -> Vec<u8> {
        let entries = segment.windows(12).filter(|entry| {
            matches!(entry, [0x12, 1, 3, 0, 1, 0, 0, 0, ..] | [1, 0x12, 0, 3, 0, 0, 0, 1, ..])
        });
        entries.map(|entry| entry[8] | entry[9]).collect()
    }

    #[test]
    fn the_metadata_of_a_photo_say_afterwards_that_it_is_upright() {
        for orientation in 1..=8 {
            let file = foreign(&format!("orientation-{orientation}.jpg"));
            let head = PictureHead::read(&file);
            let expected = if orientation < 5 { (64, 48) } else { (48, 64) };
            assert_eq!(head.size, Some(expected));
            let exif = head.exif.expect("metadata");
            assert_eq!(orientations(&file), [orientation]);
            assert_eq!(orientations(&exif), [1]);
            let length = u16::from_be_bytes([exif[2], exif[3]]);
            assert_eq!(usize::from(length), exif.len() - 2);
            assert!(exif.windows(19).any(|part| part == b"2026:11:23 10:15:00"));
        }
    }

    #[test]
    fn the_pixels_begin_behind_the_header_of_the_scan() {
        let file = foreign("chroma-420.jpg");
        let at = PictureHead::read(&file).pixels_at.expect("a scan");
        let scan = file.windows(2).position(|two| two == [0xFF, 0xDA]).expect("a scan");
        assert_eq!(at, scan + 14);
        assert_eq!(PictureHead::read(&file[..at - 1]).pixels_at, None);
    }

    #[test]
    fn another_format_is_recognised_by_its_content() {
        assert!(PictureHead::read(&foreign("iphone.heic")).is_heic);
        for (name, has_metadata) in
            [("exif.png", true), ("icc.png", false), ("lossy.webp", true), ("lossless.webp", false)]
        {
            assert_eq!(
                PictureHead::read(&foreign(name)).has_other_metadata,
                has_metadata,
                "{name}"
            );
        }
    }

    #[test]
    fn damaged_metadata_are_left_out() {
        let file = foreign("orientation-6.jpg");
        for length in 0..file.len() {
            let _ = PictureHead::read(&file[..length]);
        }
        let mut file = file;
        let tiff = file.windows(6).position(|part| part == b"Exif\0\0").expect("metadata") + 6;
        file[tiff + 4..tiff + 8].fill(0xFF);
        assert_eq!(PictureHead::read(&file).exif, None);
    }
}
