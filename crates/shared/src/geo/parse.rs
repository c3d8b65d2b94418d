//! Coordinates as people, maps and spreadsheets write them.

use super::Coordinates;
use crate::error::ErrorCode;
use crate::number::parse_decimal;
use crate::text::plain_code;

/// Marks of the pair of coordinates in the address of a map, the most exact first: a pin comes before the
/// centre of what the map shows.
const LINK_MARKS: [&str; 11] = [
    "!3d",
    "query=",
    "destination=",
    "daddr=",
    "q=",
    "ll=",
    "mlat=",
    "center=",
    "/place/",
    "geo:",
    "@",
];

impl Coordinates {
    /// Parses a position: decimal degrees with points or commas, degrees, minutes and seconds, or the
    /// address of a map that contains the position. Exchanged latitude and longitude are put right where
    /// only one order is on earth. Empty signs and `0, 0`, which programs write for "nothing", are `None`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidCoordinates`], also for shortened map links, which contain no position.
    pub fn parse(text: &str) -> Result<Option<Self>, ErrorCode> {
        let plain = plain_code(text);
        let text = plain.trim_matches(['(', ')', '[', ']', ' ']);
        let is_empty_sign = |sign: char| matches!(sign, '0' | '.' | ',' | ';' | ' ' | '-' | '?');
        if text.chars().all(is_empty_sign) {
            return Ok(None);
        }
        let pair = match text.contains("://") || text.starts_with("geo:") || text.contains("maps.")
        {
            true => pair_of_link(text),
            false => pair_of_angles(text).or_else(|| pair_of_decimals(text)),
        };
        match pair {
            None => Err(ErrorCode::InvalidCoordinates),
            Some((first, second)) => Self::from_pair(first, second),
        }
    }

    /// The position of two numbers, by which order is on earth. Two zeros are `None`: nobody lives in the
    /// Gulf of Guinea.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidCoordinates`]
    pub fn from_pair(first: f64, second: f64) -> Result<Option<Self>, ErrorCode> {
        if first == 0.0 && second == 0.0 {
            return Ok(None);
        }
        let found = Self::new(first, second).or_else(|| Self::new(second, first));
        found.map(Some).ok_or(ErrorCode::InvalidCoordinates)
    }
}

/// `-7.7101, 110.4075`, `-7,7101; 110,4075`, `-7,7101 110,4075`.
fn pair_of_decimals(text: &str) -> Option<(f64, f64)> {
    let text = text.replace(['°', '\''], " ");
    for separator in [";", "|", "/", ", ", " "] {
        let parts: Vec<&str> =
            text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
        if let [first, second] = parts[..] {
            return Some((degrees(first)?, degrees(second)?));
        }
    }
    // Without a blank the comma could be a decimal mark: both halves need a point of their own.
    let (first, second) = text.split_once(',')?;
    let both = first.contains('.') && second.contains('.');
    both.then(|| Some((degrees(first)?, degrees(second)?))).flatten()
}

/// A number of degrees; thousands are no degrees.
fn degrees(text: &str) -> Option<f64> {
    let text = text.trim_end_matches(',').trim();
    let marks = text.matches(['.', ',']).count();
    (marks <= 1).then(|| parse_decimal(text)).flatten()
}

/// `7°42'36.4"S 110°24'27.0"E`, with `LS`, `LU`, `BT`, `BB` in Indonesian.
fn pair_of_angles(text: &str) -> Option<(f64, f64)> {
    let upper = text.to_uppercase().replace("''", "\"");
    let (mut latitude, mut longitude) = (None, None);
    let mut rest = upper.as_str();
    while let Some(end) = rest.find(|sign: char| sign.is_ascii_alphabetic()) {
        let word_end = rest[end..]
            .find(|sign: char| !sign.is_ascii_alphabetic())
            .map_or(rest.len(), |at| end + at);
        let value = angle(&rest[..end])?;
        let (slot, sign) = match &rest[end..word_end] {
            "S" | "LS" => (&mut latitude, -1.0),
            "N" | "U" | "LU" => (&mut latitude, 1.0),
            "E" | "T" | "BT" => (&mut longitude, 1.0),
            "W" | "B" | "BB" => (&mut longitude, -1.0),
            _ => return None,
        };
        if slot.replace(sign * value).is_some() {
            return None;
        }
        rest = rest[word_end..].trim_start_matches([',', ';', ' ']);
    }
    rest.trim().is_empty().then_some(())?;
    latitude.zip(longitude)
}

/// Degrees, minutes and seconds without a sign; minutes and seconds are optional.
fn angle(text: &str) -> Option<f64> {
    let parts: Vec<f64> = text
        .split(['°', '\'', '"', ' ', ':'])
        .map(|part| part.trim().trim_matches(','))
        .filter(|part| !part.is_empty())
        .map(degrees)
        .collect::<Option<_>>()?;
    let below_sixty = parts.iter().skip(1).all(|part| (0.0..60.0).contains(part));
    let whole = parts.first().copied().filter(|degrees| *degrees >= 0.0 && below_sixty)?;
    match parts[..] {
        [_] => Some(whole),
        [_, minutes] => Some(whole + minutes / 60.0),
        [_, minutes, seconds] => Some(whole + minutes / 60.0 + seconds / 3_600.0),
        _ => None,
    }
}

fn pair_of_link(link: &str) -> Option<(f64, f64)> {
    let link = link.replace("%2C", ",").replace("%2c", ",").replace("%20", " ").replace('+', " ");
    LINK_MARKS.iter().find_map(|mark| {
        link.match_indices(mark).find_map(|(start, _)| pair_after(&link[start + mark.len()..]))
    })
}

/// The two numbers at the beginning, between `,`, `!4d` or `&mlon=`.
fn pair_after(text: &str) -> Option<(f64, f64)> {
    let (first, rest) = leading_number(text.trim_start())?;
    let rest = [",", "!4d", "&mlon="].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let (second, _) = leading_number(rest.trim_start())?;
    Some((first, second))
}

fn leading_number(text: &str) -> Option<(f64, &str)> {
    let is_part = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | '-');
    let end = text.find(|sign| !is_part(sign)).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pair(text: &str) -> Option<(f64, f64)> {
        let found = Coordinates::parse(text).unwrap_or_else(|code| panic!("{text}: {code}"));
        let rounded = |degrees: f64| (degrees * 1e4).round() / 1e4;
        found.map(|place| (rounded(place.latitude()), rounded(place.longitude())))
    }

    #[test]
    fn a_position_is_parsed_in_every_usual_spelling() {
        for text in [
            "-7.7101, 110.4075",
            "-7.7101,110.4075",
            "-7,7101 110,4075",
            "-7,7101; 110,4075",
            "-7,7101, 110,4075",
            "(-7.7101, 110.4075)",
            "\u{2212}7.7101, 110.4075",
            "-7.7101° 110.4075°",
            "110.4075, -7.7101",
            "7°42'36.36\"S 110°24'27\"E",
            "7° 42' 36,36\" LS, 110° 24' 27\" BT",
            "7°42′36.36″S 110°24′27″E",
            "7.7101 S, 110.4075 E",
            "https://maps.google.com/?q=-7.7101,110.4075",
            "https://www.google.com/maps/@-7.5,110.5,15z/data=!3d-7.7101!4d110.4075",
            "https://www.google.com/maps/search/?api=1&query=-7.7101%2C110.4075",
            "https://www.google.com/maps/place/-7.7101,110.4075/@-7.5,110.1,17z",
            "https://www.openstreetmap.org/?mlat=-7.7101&mlon=110.4075#map=18/-7.7/110.4",
            "geo:-7.7101,110.4075?z=17",
        ] {
            assert_eq!(pair(text), Some((-7.7101, 110.4075)), "{text}");
        }
    }

    #[test]
    fn what_programs_write_for_nothing_is_no_position() {
        for text in ["", " ", "-", "0", "0,0", "0, 0", "0.0, 0.0", "0.000000,0.000000"] {
            assert_eq!(pair(text), None, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "Ngaglik",
            "-7.7101",
            "-77101, 1104075",
            "-7.710.1, 110.4",
            "-7,7101,110,4075",
            "https://maps.app.goo.gl/abcDEF123",
            "https://example.com/q=1",
            "7°72'36\"S 110°24'27\"E",
            "7°42'36\"S 110°24'27\"S",
            "200, 300",
        ] {
            assert_eq!(Coordinates::parse(text), Err(ErrorCode::InvalidCoordinates), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_position_parses_back_to_itself(
            latitude in -11.0..6.0_f64,
            longitude in 95.0..141.0_f64,
        ) {
            let printed = format!("{latitude:.6}, {longitude:.6}");
            let found = Coordinates::parse(&printed).unwrap().unwrap();
            prop_assert!((found.latitude() - latitude).abs() < 1e-5, "{}", printed);
            prop_assert!((found.longitude() - longitude).abs() < 1e-5, "{}", printed);
            let commas = printed.replace(", ", "; ").replace('.', ",");
            prop_assert_eq!(Coordinates::parse(&commas), Ok(Some(found)));
        }
    }
}
