//! JPEG properties that the decoder does not report before decoding.

/// Whether the picture is progressive, so that the decoder keeps all its coefficients in memory.
pub fn is_progressive(file: &[u8]) -> bool {
    let mut rest = file.get(2..).unwrap_or_default();
    while let [0xFF, marker, after @ ..] = rest {
        match *marker {
            // Fill bytes, and markers without a length.
            0xFF => rest = &rest[1..],
            0x01 | 0xD0..=0xD8 => rest = after,
            // Progressive frames: Huffman or arithmetic, also differential ones.
            0xC2 | 0xC6 | 0xCA | 0xCE => return true,
            // The pixels begin.
            0xDA => return false,
            _ => {
                let [high, low, ..] = after else { return false };
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = after.get(length.max(2)..).unwrap_or_default();
            }
        }
    }
    // Not a valid sequence of segments: assume the worst.
    true
}

#[cfg(test)]
mod tests {
    use super::is_progressive;

    #[test]
    fn the_first_frame_tells() {
        let start: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0xFF, 0xC2, 0xFF];
        assert!(is_progressive(&[start, &[0xFF, 0xC2, 0, 2]].concat()));
        assert!(!is_progressive(&[start, &[0xFF, 0xC0, 0, 2, 0xFF, 0xDA, 0, 2]].concat()));
        assert!(is_progressive(b"\xFF\xD8 and no more"));
    }
}
