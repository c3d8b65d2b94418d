//! What a browser downloads to show the application for the first time.

use std::net::SocketAddr;

use crate::{Result, http};

/// Bytes of the start page and of everything that it names, compressed with brotli; `None` if the
/// binary was built without the application. That is what the login page loads: the pieces with the
/// other pages are not named, and not loaded before somebody signs in.
///
/// # Errors
/// The server breaks off, or a named file is missing.
pub fn first_load_bytes(address: SocketAddr) -> Result<Option<usize>> {
    let page = http::send(address, &request("/", None))?;
    if !page.is_success() {
        return Ok(None);
    }
    let mut sum = compressed_size(address, "/")?;
    for path in assets(&page.text()) {
        sum += compressed_size(address, &path)?;
    }
    Ok(Some(sum))
}

fn compressed_size(address: SocketAddr, path: &str) -> Result<usize> {
    let answer = http::send(address, &request(path, Some("br")))?;
    if answer.is_success() {
        Ok(answer.body.len())
    } else {
        Err(format!("{path} was answered with {}", answer.status))
    }
}

fn request(path: &str, encoding: Option<&str>) -> String {
    let accept = encoding.map(|name| format!("Accept-Encoding: {name}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{accept}\r\n")
}

/// The files that a page loads: scripts, styles, pictures and the program. What it only mentions, as
/// the address of something that is loaded when it is needed, does not count.
fn assets(page: &str) -> Vec<String> {
    let kinds = [".js", ".css", ".wasm", ".svg", ".png", ".ico", ".woff2"];
    let is_file =
        |text: &&str| text.starts_with('/') && kinds.iter().any(|kind| text.ends_with(kind));
    let named = ["href=\"", "src=\""].iter().flat_map(|attribute| page.split(attribute).skip(1));
    let mut files: Vec<String> = named
        .filter_map(|rest| rest.split('"').next())
        .filter(is_file)
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use super::assets;

    #[test]
    fn files_that_are_only_mentioned_do_not_count() {
        let page = r#"<script src="/b.js"></script><meta name="c" content="/c.js">"#;
        assert_eq!(assets(page), ["/b.js"]);
    }

    #[test]
    fn each_file_counts_once() {
        let page = r#"<link href="/a-1_bg.wasm"><script src="/b.js"></script><link href="/b.js">
            <a href="/jobs">"#;
        assert_eq!(assets(page), ["/a-1_bg.wasm", "/b.js"]);
    }
}
