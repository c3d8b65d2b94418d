//! Download size of the browser application's first load.

use std::net::SocketAddr;

use crate::{Result, http};

/// Returns the brotli-compressed size of the start page and of every file that it names; `None` if the
/// binary was built without the application. This is what the sign-in page loads: the chunks of the
/// other pages are not named and are not loaded before a sign-in.
///
/// # Errors
/// The connection breaks, or a named file is missing.
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

/// Returns the files that a page loads: scripts, styles, images and the program. Addresses in other
/// attributes, which are loaded on demand, do not count.
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
