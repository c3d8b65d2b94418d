//! Invisible characters and characters that change the display of others.

/// First and last of each range, after Unicode 17: `Default_Ignorable_Code_Point` (which includes
/// `Bidi_Control`), the general categories `Cc`, `Co`, `Zl` and `Zp`, and characters without a
/// glyph although no property says so: the annotation marks and the object replacement (FFF9–FFFC),
/// the empty Braille pattern (2800), the null note head (1D159) and the filler of the small Khitan
/// script (16FE4).
const INVISIBLE_RANGES: [(u32, u32); 25] = [
    (0x0000, 0x001f),
    (0x007f, 0x009f),
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x061c, 0x061c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xe000, 0xf8ff),
    (0xfdd0, 0xfdef),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffc),
    (0x16fe4, 0x16fe4),
    (0x1bca0, 0x1bca3),
    (0x1d159, 0x1d159),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
    (0xf0000, 0x10ffff),
];

/// Whether a character is invisible or changes the display of others: controls, direction marks,
/// zero-width spaces, fillers, selectors, private and reserved code points. Spaces with a width are
/// visible.
pub fn is_invisible(character: char) -> bool {
    let code = u32::from(character);
    // The last two code points of each plane are noncharacters.
    if code & 0xfffe == 0xfffe {
        return true;
    }
    let place = INVISIBLE_RANGES.partition_point(|&(_, last)| last < code);
    INVISIBLE_RANGES.get(place).is_some_and(|&(first, _)| first <= code)
}
