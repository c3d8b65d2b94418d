//! Environment variables and their parsing.

use std::collections::HashMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::TimeDelta;

/// An invalid variable.
#[derive(Debug, thiserror::Error)]
#[error("{name} {reason}")]
pub struct ConfigError {
    name: &'static str,
    reason: String,
}

impl ConfigError {
    pub(crate) fn new(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, reason: why.into() }
    }
}

/// Environment variables. Empty ones count as absent.
#[derive(Debug, Default)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// Reads the variables of the process, and of a `.env` file those that the process does not set.
    pub fn from_process() -> Self {
        // The file is optional.
        let _ = dotenvy::dotenv();
        Self::from_pairs(std::env::vars())
    }

    /// Uses exactly these variables.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| value.trim().to_owned())
    }

    pub(crate) fn parse_or<T>(&self, name: &'static str, default: T) -> Result<T, ConfigError>
    where
        T: FromStr,
        T::Err: Display,
    {
        match self.text(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|error| {
                ConfigError::new(name, format!("`{text}` can not be read: {error}"))
            }),
        }
    }

    pub(crate) fn parse_in_range<T>(
        &self,
        name: &'static str,
        default: T,
        range: RangeInclusive<T>,
    ) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + Display,
        T::Err: Display,
    {
        let value = self.parse_or(name, default)?;
        if range.contains(&value) {
            return Ok(value);
        }
        let (low, high) = (range.start(), range.end());
        Err(ConfigError::new(name, format!("is {value}, but has to be within {low} and {high}")))
    }

    pub(crate) fn parse_bool(
        &self,
        name: &'static str,
        default: bool,
    ) -> Result<bool, ConfigError> {
        match self.text(name).map(|text| text.to_ascii_lowercase()).as_deref() {
            None => Ok(default),
            Some("true" | "1" | "yes" | "on") => Ok(true),
            Some("false" | "0" | "no" | "off") => Ok(false),
            Some(other) => {
                Err(ConfigError::new(name, format!("`{other}` is neither true nor false")))
            }
        }
    }

    /// Parses `90s`, `15m`, `12h` or `7d`.
    pub(crate) fn parse_duration(
        &self,
        name: &'static str,
        default: &str,
    ) -> Result<TimeDelta, ConfigError> {
        let text = self.text(name).unwrap_or_else(|| default.to_owned());
        let (number, unit) = split_unit(&text);
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => 0,
        };
        match number.parse::<i64>() {
            Ok(number) if number > 0 && seconds > 0 && number < 100_000 => {
                Ok(TimeDelta::seconds(number * seconds))
            }
            _ => Err(ConfigError::new(
                name,
                format!("`{text}` is no duration like 90s, 15m, 12h or 7d"),
            )),
        }
    }

    /// Parses `500k`, `20m` or `1g`; without a unit, bytes.
    pub(crate) fn parse_size(
        &self,
        name: &'static str,
        default: &str,
    ) -> Result<usize, ConfigError> {
        let text = self.text(name).unwrap_or_else(|| default.to_owned());
        let (number, unit) = split_unit(&text);
        let factor: usize = match unit {
            "" => 1,
            "k" => 1 << 10,
            "m" => 1 << 20,
            "g" => 1 << 30,
            _ => 0,
        };
        match number.parse::<usize>() {
            Ok(number) if number > 0 && factor > 0 && number < 1_000_000_000 => Ok(number * factor),
            _ => Err(ConfigError::new(name, format!("`{text}` is no size like 500k, 20m or 1g"))),
        }
    }
}

fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}
