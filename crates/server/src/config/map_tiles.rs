//! Configuration of the map tiles.

use api::MapTiles;

use super::{ConfigError, Environment};

const VARIABLE: &str = "MAP_TILE_URL";
const DEFAULT: &str = "https://tile.openstreetmap.org/{z}/{x}/{y}.png";
/// Maps show positions only.
const NO_TILES: &str = "none";

/// Reads the address of the tiles. By default they come from OpenStreetMap.
///
/// # Errors
/// It is no address with `{z}`, `{x}` and `{y}`.
pub(super) fn read(env: &Environment) -> Result<Option<MapTiles>, ConfigError> {
    let url = env.text(VARIABLE).unwrap_or_else(|| DEFAULT.into());
    if url == NO_TILES {
        return Ok(None);
    }
    let wrong = |why: &str| Err(ConfigError::new(VARIABLE, format!("`{url}` {why}")));
    let Some((scheme @ ("https" | "http"), rest)) = url.split_once("://") else {
        return wrong("begins with neither https:// nor http://");
    };
    let host = rest.split('/').next().unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_plain) {
        return wrong("has no host without placeholders");
    }
    if ["{z}", "{x}", "{y}"].iter().any(|part| !rest.contains(part)) {
        return wrong("contains not all of {z}, {x} and {y}");
    }
    Ok(Some(MapTiles { origin: format!("{scheme}://{host}"), url }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Option<MapTiles>, ConfigError> {
        read(&Environment::from_pairs([(VARIABLE.to_owned(), text.to_owned())]))
    }

    #[test]
    fn tiles_come_from_openstreetmap_unless_said_otherwise() {
        assert_eq!(of("").unwrap().unwrap().origin, "https://tile.openstreetmap.org");
        let own = of("http://10.0.0.5:8080/{z}/{x}/{y}.png?key=a").unwrap().unwrap();
        assert_eq!(own.origin, "http://10.0.0.5:8080");
        assert_eq!(of("none").unwrap(), None);
    }

    #[test]
    fn a_wrong_address_is_named_with_its_reason() {
        for wrong in [
            "tile.example.id/{z}/{x}/{y}",
            "ftp://a/{z}/{x}/{y}",
            "https://{s}.example.id/{z}/{x}/{y}",
            "https://example.id/{z}/{x}.png",
            "https://a b/{z}/{x}/{y}",
        ] {
            assert!(of(wrong).unwrap_err().to_string().contains(VARIABLE), "{wrong}");
        }
    }
}
