//! Texts as Telegram reads them.

/// Data within a text: what could be read as a tag is none.
pub fn escape(text: &str) -> String {
    teloxide::utils::html::escape(text)
}

/// A bold line.
pub fn bold(text: &str) -> String {
    format!("<b>{}</b>", escape(text))
}
