//! Names of browsers and systems in a user agent.

use crate::tr;

/// Signs of browsers. The first match counts, because most browsers also name others.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl/", "curl"),
    ("Postman", "Postman"),
];

/// Signs of operating systems.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// Returns a name such as `Chrome di Android`; an unknown user agent is shortened.
pub fn label(user_agent: &str) -> String {
    match (find(BROWSERS, user_agent), find(SYSTEMS, user_agent)) {
        (Some(browser), Some(system)) => {
            tr!(profile.devices.on, browser = browser, system = system).to_string()
        }
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if user_agent.trim().is_empty() => tr!(profile.devices.unknown).to_owned(),
        (None, None) => user_agent.chars().take(40).collect(),
    }
}

/// Returns whether the device is a phone or a tablet.
pub fn is_handheld(user_agent: &str) -> bool {
    ["iPhone", "iPad", "Android"].iter().any(|sign| user_agent.contains(sign))
}

fn find(list: &[(&'static str, &'static str)], text: &str) -> Option<&'static str> {
    list.iter().find(|(sign, _)| text.contains(sign)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::{BROWSERS, SYSTEMS, find, is_handheld};

    fn read(agent: &str) -> (Option<&'static str>, Option<&'static str>) {
        (find(BROWSERS, agent), find(SYSTEMS, agent))
    }

    #[test]
    fn browsers_that_imitate_others_are_recognised() {
        for (agent, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
                "Samsung Internet",
                "Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
                "Chrome",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
                "Firefox",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari",
                "macOS",
            ),
        ] {
            assert_eq!(read(agent), (Some(browser), Some(system)), "{agent}");
        }
    }

    #[test]
    fn phones_are_handheld_and_programs_are_not() {
        assert!(is_handheld("Mozilla/5.0 (Linux; Android 14; SM-A155F)"));
        assert!(!is_handheld("curl/8.5.0"));
    }
}
