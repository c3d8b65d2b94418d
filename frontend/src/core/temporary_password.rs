//! Generated passwords to hand over.

use crate::browser::random;

/// Characters that cannot be mistaken for another one on paper.
const SMALL: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
const LARGE: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";

/// Returns a password that can be read out over the phone: `Tkm4-wqf7-bxn3-hdr8`. It has upper case, lower case and
/// digits. `None` where the browser has no secure random source.
pub fn temporary_password() -> Option<String> {
    const GROUPS: usize = 4;
    const GROUP: usize = 4;
    let bytes = random::bytes::<{ GROUPS * GROUP }>()?;
    let mut text = String::with_capacity(GROUPS * (GROUP + 1));
    for (index, byte) in bytes.into_iter().enumerate() {
        if index > 0 && index.is_multiple_of(GROUP) {
            text.push('-');
        }
        let letters = match index {
            0 => LARGE,
            _ if index % GROUP == GROUP - 1 => DIGITS,
            _ => SMALL,
        };
        text.push(char::from(letters[usize::from(byte) % letters.len()]));
    }
    Some(text)
}
