//! Recognition of a file by its content. Names and content types are ignored.

/// A format that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    WebP,
}

/// A format that is known by name and not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignFormat {
    /// HEIC or HEIF, as iPhones write it.
    Heic,
    Avif,
    Gif,
    Bmp,
    /// TIFF, also the raw formats that are based on it, such as DNG.
    Tiff,
    Svg,
    JpegXl,
    Jpeg2000,
    Pdf,
    /// A video in MP4 or MOV.
    Video,
}

impl ForeignFormat {
    /// The name of the format, which is the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Svg => "SVG",
            Self::JpegXl => "JPEG XL",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Pdf => "PDF",
            Self::Video => "MP4/MOV",
        }
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    Picture(Format),
    Foreign(ForeignFormat),
    /// The file has no content.
    Empty,
    Unknown,
}

/// Beginnings of files in formats of their own.
const FOREIGN: [(&[u8], ForeignFormat); 9] = [
    (b"GIF87a", ForeignFormat::Gif),
    (b"GIF89a", ForeignFormat::Gif),
    (b"BM", ForeignFormat::Bmp),
    (b"II*\0", ForeignFormat::Tiff),
    (b"MM\0*", ForeignFormat::Tiff),
    (b"\xFF\x0A", ForeignFormat::JpegXl),
    (b"\0\0\0\x0CJXL ", ForeignFormat::JpegXl),
    (b"\0\0\0\x0CjP  ", ForeignFormat::Jpeg2000),
    (b"%PDF-", ForeignFormat::Pdf),
];

/// Brands of the ISO base media format in which a file is HEIC. `mif1` and `msf1` are general ones, which
/// AVIF files name too.
const HEIC_BRANDS: [&[u8]; 10] =
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"];

/// Recognises a file by its first bytes.
pub fn recognise(file: &[u8]) -> Recognised {
    if file.is_empty() {
        return Recognised::Empty;
    }
    if let Some(format) = supported(file) {
        return Recognised::Picture(format);
    }
    let by_start = FOREIGN.iter().find(|(start, _)| file.starts_with(start));
    let foreign = by_start
        .map(|(_, format)| *format)
        .or_else(|| media_file(file))
        .or_else(|| is_svg(file).then_some(ForeignFormat::Svg));
    foreign.map_or(Recognised::Unknown, Recognised::Foreign)
}

fn supported(file: &[u8]) -> Option<Format> {
    match file {
        [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::WebP),
        _ => None,
    }
}

/// The kind of an ISO base media file: its first box names a brand, a version and compatible brands.
fn media_file(file: &[u8]) -> Option<ForeignFormat> {
    let [a, b, c, d, b'f', b't', b'y', b'p', ..] = file else { return None };
    let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
    let brands = file.get(8..length.min(file.len()))?;
    let has = |wanted: &[u8]| brands.chunks_exact(4).any(|brand| brand == wanted);
    Some(if has(b"avif") || has(b"avis") {
        ForeignFormat::Avif
    } else if HEIC_BRANDS.into_iter().any(has) {
        ForeignFormat::Heic
    } else {
        ForeignFormat::Video
    })
}

/// Whether a text begins like an SVG. Declarations and comments may stand before its element.
fn is_svg(file: &[u8]) -> bool {
    let start = &file[..file.len().min(1_024)];
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<svg")
        || (text.starts_with("<?xml") && text.contains("<svg"))
        || text.starts_with("<!DOCTYPE svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_file_is_named_by_its_brands() {
        let file = |brands: &[u8]| {
            let mut bytes = (8 + brands.len() as u32).to_be_bytes().to_vec();
            bytes.extend(b"ftyp");
            bytes.extend(brands);
            bytes.extend(b"\0\0\0\x08mdat");
            recognise(&bytes)
        };
        let heic = Recognised::Foreign(ForeignFormat::Heic);
        assert_eq!(file(b"heic\0\0\0\0heicmif1"), heic);
        assert_eq!(file(b"mif1\0\0\0\0mif1heic"), heic);
        assert_eq!(file(b"mif1\0\0\0\0mif1avif"), Recognised::Foreign(ForeignFormat::Avif));
        assert_eq!(file(b"isom\0\0\x02\0isomiso2mp41"), Recognised::Foreign(ForeignFormat::Video));
        // A box that says that it is longer than the file.
        assert_eq!(recognise(b"\xFF\xFF\xFF\xFFftypheic"), heic);
        assert_eq!(recognise(b"\0\0\0\0ftypheic"), Recognised::Unknown);
    }

    #[test]
    fn what_is_no_picture_is_unknown() {
        assert_eq!(recognise(b""), Recognised::Empty);
        for file in [&b"ini bukan foto"[..], b"<!doctype html><svg/>", b"<?xml version='1.0'?><a/>"]
        {
            assert_eq!(recognise(file), Recognised::Unknown);
        }
        let svg = Recognised::Foreign(ForeignFormat::Svg);
        assert_eq!(recognise("\u{feff} <svg/>".as_bytes()), svg);
        assert_eq!(recognise(b"<?xml version=\"1.0\"?>\n<!-- a --><svg/>"), svg);
    }
}
