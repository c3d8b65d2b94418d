//! Items and serial numbers as text.

use shared::Lang;

use crate::html::escape;
use crate::texts;

/// Serial numbers of one item that are listed.
const MAX_SERIALS: usize = 8;

/// Serial numbers, cut after the first few.
pub fn serial_list(lang: Lang, serials: &[String]) -> String {
    let listed: Vec<&str> = serials.iter().take(MAX_SERIALS).map(String::as_str).collect();
    let more = match serials.len().saturating_sub(MAX_SERIALS) {
        0 => String::new(),
        more => texts::common::and_more(lang, more),
    };
    format!("{}{more}", escape(&listed.join(", ")))
}
