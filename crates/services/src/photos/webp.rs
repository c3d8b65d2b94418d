//! WebP checks that the decoder does not make before decoding.

/// Whether the file is a still picture whose frame has the size that the file header gives. Limits are
/// checked against the header; a frame with a larger size would be decoded first and compared later.
pub fn frame_size_matches_header(bytes: &[u8], width: u32, height: u32) -> bool {
    chunks(bytes).all(|(kind, body)| match kind {
        b"ANIM" | b"ANMF" => false,
        b"VP8X" => body.first().is_none_or(|flags| flags & ANIMATED == 0),
        b"VP8 " => size(body).is_none_or(|size| size == (width, height)),
        _ => true,
    })
}

/// Flag in the first byte of the extended header.
const ANIMATED: u8 = 0b10;

/// Name and content of each chunk of the file; the last may be truncated.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (kind, after) = rest.split_at_checked(4)?;
        let (length, after) = after.split_at_checked(4)?;
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let body = &after[..length.min(after.len())];
        rest = after.get(length + length % 2..).unwrap_or_default();
        Some((kind, body))
    })
}

/// Width and height of a lossy picture.
fn size(body: &[u8]) -> Option<(u32, u32)> {
    let header = body.get(..10)?;
    let number = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    Some((number(header[6], header[7]), number(header[8], header[9])))
}
