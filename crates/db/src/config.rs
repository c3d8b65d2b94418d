//! Database configuration: the parsed `DATABASE_URL` and the notification channels of a process.

use std::path::PathBuf;

/// The notification channels that this server has configured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Channels {
    pub telegram: bool,
    pub whatsapp: bool,
}

/// A parsed `DATABASE_URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// Path of a SQLite file.
    Sqlite(PathBuf),
    /// A connection string of PostgreSQL.
    Postgres(String),
}

/// The scheme is neither `sqlite://` nor `postgres://`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DatabaseUrlError {
    #[error(
        "has the unknown scheme `{0}`: use sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME"
    )]
    UnknownScheme(String),
    #[error("names no file: use sqlite://PATH, for instance sqlite://data/isp.db")]
    NoPath,
}

impl DatabaseUrl {
    /// Parses `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// Another scheme or an empty path. The message never contains the URL, which may hold a password.
    pub fn parse(url: &str) -> Result<Self, DatabaseUrlError> {
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| DatabaseUrlError::UnknownScheme("(none)".into()))?;
        match scheme {
            "sqlite" if rest.is_empty() => Err(DatabaseUrlError::NoPath),
            "sqlite" => Ok(Self::Sqlite(PathBuf::from(rest))),
            "postgres" | "postgresql" => Ok(Self::Postgres(url.to_owned())),
            other => Err(DatabaseUrlError::UnknownScheme(other.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_selects_the_database_and_unknown_schemes_are_rejected() {
        assert_eq!(
            DatabaseUrl::parse("sqlite://data/isp.db"),
            Ok(DatabaseUrl::Sqlite("data/isp.db".into()))
        );
        assert!(matches!(DatabaseUrl::parse("postgres://u:p@h/n"), Ok(DatabaseUrl::Postgres(_))));
        let refused = DatabaseUrl::parse("mysql://root:secret@h/n").unwrap_err();
        assert!(!refused.to_string().contains("secret"));
        assert_eq!(DatabaseUrl::parse("sqlite://"), Err(DatabaseUrlError::NoPath));
    }
}
