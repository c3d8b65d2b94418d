//! HTML start tags.

use super::EntityKind;

/// A tag whose end tag has not come yet.
pub(super) struct OpenTag {
    pub name: String,
    pub kind: Option<EntityKind>,
    /// UTF-16 units of text before it.
    pub from: usize,
}

/// A start tag with its attributes.
pub(super) struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// Reads `<name key="value">` and returns its length in bytes.
    pub fn read(rest: &str, begin: usize) -> Result<(Self, usize), String> {
        let unclosed = || format!("Unclosed start tag at byte offset {begin}");
        let name_end = rest.find(|sign: char| sign.is_whitespace() || sign == '>');
        let name_end = name_end.ok_or_else(unclosed)?;
        let name = rest[1..name_end].to_lowercase();
        if name.is_empty() || !KNOWN_TAGS.contains(&name.as_str()) {
            return Err(format!("Unsupported start tag \"{name}\" at byte offset {begin}"));
        }
        let mut tag = Self { name, attributes: Vec::new() };
        let mut at = name_end;
        loop {
            at += rest[at..].len() - rest[at..].trim_start().len();
            if rest[at..].starts_with('>') {
                return Ok((tag, at + 1));
            }
            let (key, value, length) = attribute(&rest[at..], &tag.name, begin)?;
            at += length;
            tag.attributes.push((key, value));
            if at >= rest.len() {
                return Err(unclosed());
            }
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the formatting that the tag stands for, if any.
    pub fn kind(&self, begin: usize) -> Result<Option<EntityKind>, String> {
        Ok(Some(match self.name.as_str() {
            "b" | "strong" => EntityKind::Bold,
            "i" | "em" => EntityKind::Italic,
            "u" | "ins" => EntityKind::Underline,
            "s" | "strike" | "del" => EntityKind::Strikethrough,
            "tg-spoiler" => EntityKind::Spoiler,
            "pre" => EntityKind::Pre { language: None },
            "blockquote" if self.attribute("expandable").is_some() => {
                EntityKind::ExpandableBlockquote
            }
            "blockquote" => EntityKind::Blockquote,
            "code" => match self.attribute("class").and_then(|it| it.strip_prefix("language-")) {
                Some(language) => EntityKind::Language(language.to_owned()),
                None => EntityKind::Code,
            },
            "span" if self.attribute("class") == Some("tg-spoiler") => EntityKind::Spoiler,
            "span" => {
                return Err(format!(
                    "Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"
                ));
            }
            "a" => match self.attribute("href") {
                Some(url) => EntityKind::TextLink { url: url.to_owned() },
                None => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }
}

/// Tags that Telegram accepts.
const KNOWN_TAGS: [&str; 16] = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "blockquote",
    "span",
    "tg-spoiler",
    "tg-emoji",
];

/// Returns key, value and length of `key="value"`, `key=value` or `expandable`.
fn attribute(rest: &str, tag: &str, begin: usize) -> Result<(String, String, usize), String> {
    let ends = |sign: char| sign.is_whitespace() || sign == '=' || sign == '>';
    let key_end = rest.find(ends).unwrap_or(rest.len());
    let key = rest[..key_end].to_lowercase();
    if key.is_empty() {
        return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {begin}"));
    }
    let Some(value) = rest[key_end..].strip_prefix('=') else {
        return Ok((key, String::new(), key_end));
    };
    let unclosed = || format!("Unclosed start tag at byte offset {begin}");
    let (text, length) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let end = value[1..].find(quote).ok_or_else(unclosed)?;
            (&value[1..=end], end + 2)
        }
        _ => {
            let end = value.find(|sign: char| sign.is_whitespace() || sign == '>');
            let end = end.ok_or_else(unclosed)?;
            (&value[..end], end)
        }
    };
    Ok((key, text.replace("&amp;", "&").replace("&quot;", "\""), key_end + 1 + length))
}
