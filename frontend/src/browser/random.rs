//! Chance that nobody can foresee.

/// Random bytes. `randomUUID` is missing on plain-HTTP addresses of a local network; this is not.
/// `None` where the browser has no such source.
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0_u8; N];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}
