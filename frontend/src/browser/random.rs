//! Chance that nobody can foresee.

/// Random bytes. `randomUUID` is missing on plain-HTTP addresses of a local network; this is not.
/// `None` where the browser has no such source.
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0_u8; N];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// Nothing that looks like something else on paper.
const SMALL: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
const LARGE: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";

/// A password that one can read out over the phone: `Tkm4-wqf7-bxn3-hdr8`. It has upper case, lower case
/// and digits.
pub fn password() -> Option<String> {
    const GROUPS: usize = 4;
    const GROUP: usize = 4;
    let bytes = bytes::<{ GROUPS * GROUP }>()?;
    let mut text = String::with_capacity(GROUPS * (GROUP + 1));
    for (at, byte) in bytes.into_iter().enumerate() {
        if at > 0 && at.is_multiple_of(GROUP) {
            text.push('-');
        }
        let letters = match at {
            0 => LARGE,
            _ if at % GROUP == GROUP - 1 => DIGITS,
            _ => SMALL,
        };
        text.push(char::from(letters[usize::from(byte) % letters.len()]));
    }
    Some(text)
}
