//! File downloads.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Downloads rows as a CSV file that Indonesian spreadsheets open directly: UTF-8 with a byte order mark, columns
/// separated by semicolons.
pub fn save_csv(name: &str, head: &[String], rows: &[Vec<String>]) {
    let mut text = String::from("\u{feff}");
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        let cells: Vec<String> = row.iter().map(|cell| csv_cell(cell)).collect();
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    let date = chrono::Local::now().format("%Y%m%d-%H%M");
    save(&text, "text/csv;charset=utf-8", &format!("{name}-{date}.csv"));
}

/// Downloads a text file.
pub fn save_text(name: &str, text: &str) {
    save(text, "text/plain;charset=utf-8", name);
}

/// Downloads a file from its object URL and frees its memory.
pub fn save_url(name: &str, url: &str) {
    let link: web_sys::HtmlAnchorElement = match document().create_element("a") {
        Ok(link) => link.unchecked_into(),
        Err(_) => return,
    };
    link.set_href(url);
    link.set_download(name);
    link.click();
    let _ = web_sys::Url::revoke_object_url(url);
}

fn csv_cell(cell: &str) -> String {
    // Prevents spreadsheets from running a cell as a formula. The plus of a phone number is harmless.
    let formula = cell.starts_with(['=', '@', '\t'])
        || (cell.starts_with(['+', '-']) && cell[1..].contains(|c: char| c.is_alphabetic()));
    let prefix = if formula { "'" } else { "" };
    format!("\"{prefix}{}\"", cell.replace('"', "\"\""))
}

fn save(text: &str, kind: &str, name: &str) {
    // Without a working Blob there is no download; the button does nothing then.
    if let Ok(url) = object_url(text, kind) {
        save_url(name, &url);
    }
}

fn object_url(text: &str, kind: &str) -> Result<String, JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)?;
    web_sys::Url::create_object_url_with_blob(&blob)
}
