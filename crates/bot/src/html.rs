//! HTML of Telegram messages.

/// Escapes data, so that nothing in it is read as a tag.
pub fn escape(text: &str) -> String {
    teloxide::utils::html::escape(text)
}

/// The escaped beginning of a long text: a message holds 4096 characters, and a phone shows few lines.
pub fn excerpt(text: &str, characters: usize) -> String {
    let mut short: String = text.chars().take(characters).collect();
    if short.len() < text.len() {
        short.truncate(short.trim_end().len());
        short.push('…');
    }
    escape(&short)
}

/// Bold text; the text is escaped.
pub fn bold(text: &str) -> String {
    format!("<b>{}</b>", escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_text_ends_with_an_ellipsis() {
        assert_eq!(excerpt("abc", 3), "abc");
        assert_eq!(excerpt("ab cd", 3), "ab…");
        assert_eq!(excerpt("a<b", 2), "a&lt;…");
    }
}
