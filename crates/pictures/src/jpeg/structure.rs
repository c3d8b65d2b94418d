//! The structure of a JPEG file: its frame, its scans and where it ends. Read without decoding.

use memchr::memchr;

/// How the pixels are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// One pass over the picture: baseline or extended.
    Sequential,
    /// Several passes, which refine the picture.
    Progressive,
    /// Not supported, by its name.
    Other(&'static str),
}

/// A colour channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    pub id: u8,
    /// Horizontal and vertical sampling factors, 1 to 4.
    pub horizontal: u8,
    pub vertical: u8,
    /// Which of the 64 coefficients the scans give exactly.
    known: u64,
}

/// The header of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub process: Process,
    pub width: u16,
    pub height: u16,
    pub components: Vec<Component>,
}

/// What a file consists of.
#[derive(Debug, Default)]
pub struct Structure {
    pub frame: Option<Frame>,
    pub scans: usize,
    /// Length up to the end of the first picture. A file may have more pictures or anything else behind.
    pub end: Option<usize>,
    /// The file ends within a segment of its header.
    pub cut_in_header: bool,
    pub is_jfif: bool,
    /// Colour transformation of an Adobe segment.
    pub adobe: Option<u8>,
}

impl Structure {
    /// Whether the scans give every coefficient of every channel.
    pub fn is_refined(&self) -> bool {
        self.frame.as_ref().is_some_and(|frame| {
            frame.components.iter().all(|component| component.known == u64::MAX)
        })
    }

    /// Reads the structure of the first picture in a file, as far as it is one.
    pub fn read(file: &[u8]) -> Self {
        let mut structure = Self::default();
        let mut at = 2;
        while let Some((marker, after)) = next_marker(file, at) {
            at = after;
            match marker {
                // Markers without a content.
                0x01 | 0xD0..=0xD8 => continue,
                0xD9 => {
                    structure.end = Some(at);
                    return structure;
                }
                _ => {}
            }
            let Some(segment) = segment(file, at) else {
                structure.cut_in_header = structure.scans == 0;
                return structure;
            };
            at += segment.len() + 2;
            structure.read_segment(marker, segment);
        }
        structure.cut_in_header = structure.scans == 0;
        structure
    }

    fn read_segment(&mut self, marker: u8, segment: &[u8]) {
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                self.frame = self.frame.take().or_else(|| frame(marker, segment));
            }
            0xDA => {
                self.scans += 1;
                if let Some(frame) = &mut self.frame {
                    record_scan(frame, segment);
                }
            }
            0xE0 if segment.starts_with(b"JFIF\0") => self.is_jfif = true,
            0xEE if segment.starts_with(b"Adobe") => self.adobe = segment.get(11).copied(),
            _ => {}
        }
    }
}

/// The next marker and the offset behind it. Between segments, and within the pixels, everything else is
/// skipped.
fn next_marker(file: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut at = from;
    loop {
        at += memchr(0xFF, file.get(at..)?)?;
        match *file.get(at + 1)? {
            // A byte of the pixels, or a marker that continues them.
            0x00 | 0xD0..=0xD7 => at += 2,
            // Fill bytes.
            0xFF => at += 1,
            marker => return Some((marker, at + 2)),
        }
    }
}

/// The content of a segment whose length stands at this offset.
fn segment(file: &[u8], at: usize) -> Option<&[u8]> {
    let [high, low] = *file.get(at..at + 2)? else { return None };
    let length = usize::from(u16::from_be_bytes([high, low])).max(2);
    file.get(at + 2..at + length)
}

fn frame(marker: u8, segment: &[u8]) -> Option<Frame> {
    let [precision, h1, h2, w1, w2, _count, components @ ..] = segment else { return None };
    let process = match marker {
        0xC0..=0xC2 if *precision == 12 => Process::Other("JPEG (12 bit)"),
        0xC0 | 0xC1 => Process::Sequential,
        0xC2 => Process::Progressive,
        0xC3 => Process::Other("JPEG (lossless)"),
        0xC9 | 0xCA => Process::Other("JPEG (arithmetic coding)"),
        _ => Process::Other("JPEG (hierarchical)"),
    };
    let component = |bytes: &[u8]| Component {
        id: bytes[0],
        horizontal: (bytes[1] >> 4).clamp(1, 4),
        vertical: (bytes[1] & 15).clamp(1, 4),
        known: 0,
    };
    Some(Frame {
        process,
        width: u16::from_be_bytes([*w1, *w2]),
        height: u16::from_be_bytes([*h1, *h2]),
        components: components.chunks_exact(3).map(component).collect(),
    })
}

/// Records which coefficients a scan completes.
fn record_scan(frame: &mut Frame, segment: &[u8]) {
    let count = usize::from(segment.first().copied().unwrap_or_default());
    let (Some(channels), Some(&[first, last, precision])) =
        (segment.get(1..1 + 2 * count), segment.get(1 + 2 * count..4 + 2 * count))
    else {
        return;
    };
    if precision & 15 != 0 || first > last || last > 63 {
        return;
    }
    let coefficients = (u64::MAX >> (63 - (last - first))) << first;
    for channel in channels.chunks_exact(2) {
        for component in frame.components.iter_mut().filter(|it| it.id == channel[0]) {
            component.known |= coefficients;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of 8 × 16 pixels in one channel, without tables, as far as its structure goes.
    fn file(scans: &[[u8; 3]]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC2, 0, 11, 8, 0, 16, 0, 8, 1, 7, 0x21, 0];
        for [first, last, precision] in scans {
            // A stuffed byte, a restart and a byte of data follow the header.
            bytes.extend([0xFF, 0xDA, 0, 8, 1, 7, 0, *first, *last, *precision]);
            bytes.extend([0xFF, 0, 0xFF, 0xD3, 42]);
        }
        bytes.extend([0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn the_structure_is_read_up_to_the_end_of_the_first_picture() {
        let mut bytes = file(&[[0, 0, 0], [1, 63, 0]]);
        let end = bytes.len();
        bytes.extend(file(&[[0, 63, 0]]));
        let structure = Structure::read(&bytes);
        assert_eq!((structure.scans, structure.end), (2, Some(end)));
        let frame = structure.frame.as_ref().unwrap();
        assert_eq!((frame.width, frame.height), (8, 16));
        assert_eq!(frame.process, Process::Progressive);
        assert_eq!((frame.components[0].horizontal, frame.components[0].vertical), (2, 1));
        assert!(structure.is_refined());
    }

    #[test]
    fn a_picture_is_refined_when_the_last_bit_of_every_coefficient_was_sent() {
        assert!(Structure::read(&file(&[[0, 63, 0]])).is_refined());
        assert!(!Structure::read(&file(&[[0, 0, 0], [1, 62, 0]])).is_refined());
        assert!(!Structure::read(&file(&[[0, 0, 0], [1, 63, 1]])).is_refined());
        assert!(Structure::read(&file(&[[0, 0, 0], [1, 63, 1], [1, 63, 0x10]])).is_refined());
    }

    #[test]
    fn a_file_without_its_end_differs_from_one_without_its_pixels() {
        let bytes = file(&[[0, 63, 0]]);
        for length in 0..bytes.len() {
            let structure = Structure::read(&bytes[..length]);
            assert_eq!(structure.end, None, "{length}");
            assert_eq!(structure.cut_in_header, length < 25, "{length}");
        }
    }
}
