//! Configuration of allowed origins (CORS).

use super::{ConfigError, Environment};

const VARIABLE: &str = "ALLOWED_ORIGINS";

/// Reads a list of origins, separated by commas. By default there is none.
///
/// # Errors
/// One is a wildcard or has a form that no browser sends.
pub(super) fn read(env: &Environment) -> Result<Vec<String>, ConfigError> {
    let text = env.text(VARIABLE).unwrap_or_default();
    let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins.map(|origin| check(origin).map(|()| origin.to_owned())).collect()
}

/// Checks the form of an origin. Browsers compare byte by byte, so it must be exactly what they send.
fn check(origin: &str) -> Result<(), ConfigError> {
    let wrong = |why: &str| Err(ConfigError::new(VARIABLE, format!("`{origin}` {why}")));
    if origin.contains('*') {
        return wrong("is a pattern: name each origin");
    }
    let Some((scheme, host)) = origin.split_once("://") else {
        return wrong("is no origin like https://app.example.id");
    };
    let standard_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return wrong("begins with neither https:// nor http://"),
    };
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        return wrong("is more than scheme, host and port");
    }
    if host.ends_with(standard_port) {
        return wrong("names the port that goes without saying: leave it out");
    }
    if !host.is_ascii() || host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return wrong("has letters that no browser sends: write it in lower case");
    }
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    if name.is_empty() || port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return wrong("has no valid host and port");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<String>, ConfigError> {
        read(&Environment::from_pairs([(VARIABLE.to_owned(), text.to_owned())]))
    }

    #[test]
    fn origins_are_taken_as_browsers_write_them() {
        let list = "https://app.example.id, http://localhost:5173,http://[::1]:8080,http://[::1]";
        assert_eq!(of(list).unwrap().len(), 4);
        assert_eq!(of("").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_no_browser_sends_is_refused_at_the_start() {
        for wrong in [
            "*",
            "https://*.example.id",
            "null",
            "app.example.id",
            "ftp://example.id",
            "https://",
            "https://app.example.id/",
            "https://app.example.id/admin",
            "https://siti@example.id",
            "https://App.example.id",
            "https://app.example.id:443",
            "http://app.example.id:80",
            "https://app.example.id:port",
            "https://:8443",
            "https://app.example.id, *",
        ] {
            let message = of(wrong).unwrap_err().to_string();
            assert!(message.starts_with(VARIABLE) && !message.contains('\n'), "{message}");
        }
    }
}
