//! Cryptographically secure random bytes.

/// Returns random bytes. Unlike `randomUUID` this works on plain-HTTP addresses of a local network. `None` where the
/// browser has no such source.
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0_u8; N];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}
