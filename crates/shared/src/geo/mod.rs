//! Coordinates.

mod parse;

use crate::error::ErrorCode;
use crate::validate::Validator;

/// Mean radius of the earth in kilometres (IUGG).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// A valid position in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinates {
    latitude: f64,
    longitude: f64,
}

impl Coordinates {
    /// `None` unless the latitude is in -90..=90 and the longitude in -180..=180 degrees.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        on_earth.then_some(Self { latitude, longitude })
    }

    /// Degrees north.
    pub fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    pub fn longitude(self) -> f64 {
        self.longitude
    }

    /// Great-circle distance in kilometres (haversine formula).
    pub fn distance_km(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_lat = (lat2 - lat1) / 2.0;
        let half_lon = (other.longitude - self.longitude).to_radians() / 2.0;
        let a = half_lat.sin().powi(2) + lat1.cos() * lat2.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_KM * a.sqrt().min(1.0).asin()
    }

    /// Validates the two optional fields of a request: both or neither, and within range.
    pub fn check(
        check: &mut Validator,
        latitude: Option<f64>,
        longitude: Option<f64>,
    ) -> Option<Self> {
        match (latitude, longitude) {
            (None, None) => None,
            (Some(_), None) => check.fail("longitude", ErrorCode::Required),
            (None, Some(_)) => check.fail("latitude", ErrorCode::Required),
            (Some(latitude), Some(longitude)) => {
                if !(-90.0..=90.0).contains(&latitude) {
                    check.fail("latitude", ErrorCode::InvalidCoordinates)
                } else if !(-180.0..=180.0).contains(&longitude) {
                    check.fail("longitude", ErrorCode::InvalidCoordinates)
                } else {
                    Self::new(latitude, longitude)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Coordinates;

    #[test]
    fn tugu_to_prambanan_is_about_fifteen_kilometres() {
        let tugu = Coordinates::new(-7.782_9, 110.367_1).unwrap();
        let prambanan = Coordinates::new(-7.752_0, 110.491_5).unwrap();
        let distance = tugu.distance_km(prambanan);
        assert!((13.0..15.5).contains(&distance), "{distance}");
    }

    #[test]
    fn coordinates_outside_the_earth_are_rejected() {
        assert!(Coordinates::new(-97.7, 110.0).is_none());
        assert!(Coordinates::new(f64::NAN, 110.0).is_none());
    }
}
