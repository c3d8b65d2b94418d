//! Parser of Telegram's HTML: as strict as Telegram, into text and entities.

mod entity;
mod tag;

pub use entity::{Entity, EntityKind};
pub(crate) use entity::{to_html, trim};

use crate::types::FormattedText;
use tag::{OpenTag, Tag};

/// Parses HTML into text and entities.
///
/// # Errors
/// Telegram's description of the syntax error.
pub(crate) fn parse(html: &str) -> Result<FormattedText, String> {
    let mut reader =
        HtmlParser { html, at: 0, units: 0, words: FormattedText::default(), open: Vec::new() };
    while let Some(next) = html[reader.at..].chars().next() {
        match next {
            '<' if html[reader.at..].starts_with("</") => reader.end_tag()?,
            '<' => reader.start_tag()?,
            '&' => reader.character_reference(),
            other => reader.push(other, other.len_utf8()),
        }
    }
    if let Some(open) = reader.open.last() {
        let name = &open.name;
        return Err(format!("Can't find end tag corresponding to start tag \"{name}\""));
    }
    let mut words = reader.words;
    words.entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
    Ok(words)
}

struct HtmlParser<'a> {
    html: &'a str,
    /// Position in `html` in bytes.
    at: usize,
    /// Length of the parsed text in UTF-16 units.
    units: usize,
    words: FormattedText,
    open: Vec<OpenTag>,
}

impl HtmlParser<'_> {
    fn push(&mut self, sign: char, read: usize) {
        self.words.text.push(sign);
        self.units += sign.len_utf16();
        self.at += read;
    }

    fn character_reference(&mut self) {
        let rest = &self.html[self.at..];
        let named = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')];
        let named = named.into_iter().find(|(name, _)| rest.starts_with(name));
        let (sign, length) = named
            .map(|(name, sign)| (sign, name.len()))
            .or_else(|| numeric_reference(rest))
            .unwrap_or(('&', 1));
        self.push(sign, length);
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let (tag, length) = Tag::read(&self.html[begin..], begin)?;
        self.at += length;
        self.open.push(OpenTag {
            name: tag.name.clone(),
            kind: tag.kind(begin)?,
            from: self.units,
        });
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let rest = &self.html[begin + 2..];
        let end = rest.find('>').ok_or(format!("Unclosed end tag at byte offset {begin}"))?;
        let name = rest[..end].trim().to_lowercase();
        let Some(open) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        if !name.is_empty() && name != open.name {
            let expected = &open.name;
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{expected}>\", found \
                 \"</{name}>\""
            ));
        }
        self.at += end + 3;
        let length = self.units - open.from;
        let inside_pre = self.open.last().is_some_and(|outer| outer.name == "pre");
        match open.kind {
            Some(EntityKind::Language(language)) if inside_pre => {
                if let Some(outer) = self.open.last_mut() {
                    outer.kind = Some(EntityKind::Pre { language: Some(language) });
                }
            }
            Some(EntityKind::Language(_)) => self.close(EntityKind::Code, open.from, length),
            Some(EntityKind::Code) if inside_pre => {}
            Some(kind) => self.close(kind, open.from, length),
            None => {}
        }
        Ok(())
    }

    fn close(&mut self, kind: EntityKind, offset: usize, length: usize) {
        if length > 0 {
            self.words.entities.push(Entity { kind, offset, length });
        }
    }
}

/// Returns the character of `&#39;` or `&#x27;`, and the length in bytes.
fn numeric_reference(rest: &str) -> Option<(char, usize)> {
    let (digits, radix) = match rest.strip_prefix("&#x") {
        Some(digits) => (digits, 16),
        None => (rest.strip_prefix("&#")?, 10),
    };
    let length = digits.find(|sign: char| !sign.is_digit(radix)).unwrap_or(digits.len());
    let sign = u32::from_str_radix(&digits[..length], radix).ok().and_then(char::from_u32)?;
    let ends = usize::from(digits[length..].starts_with(';'));
    Some((sign, rest.len() - digits.len() + length + ends))
}

#[cfg(test)]
mod tests;
