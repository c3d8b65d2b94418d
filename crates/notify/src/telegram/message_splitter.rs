//! Splitting and truncation of texts to Telegram's limits.

use std::borrow::Cow;

/// Longest text of a message in UTF-16 units (Bot API, `sendMessage`).
pub const MAX_TEXT: usize = 4_096;
/// Longest caption in UTF-16 units (Bot API, `sendPhoto`).
pub const MAX_CAPTION: usize = 1_024;

const ELLIPSIS: &str = "…";

/// Telegram counts the UTF-16 units of the text without tags. Tags are counted here too, so the result is
/// never too long.
fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Truncates a text to `limit` at the end of a line, and closes open tags.
pub fn truncate(text: &str, limit: usize) -> Cow<'_, str> {
    if utf16_length(text) <= limit {
        return Cow::Borrowed(text);
    }
    let head = split(text, limit.saturating_sub(ELLIPSIS.len() + 1)).into_iter().next();
    Cow::Owned(format!("{}\n{ELLIPSIS}", head.unwrap_or_default()))
}

/// Splits a text between lines into parts of at most `limit`. A tag that is open at the end of a part is
/// closed there and opened again in the next part.
pub fn split(text: &str, limit: usize) -> Vec<String> {
    if utf16_length(text) <= limit {
        return vec![text.to_owned()];
    }
    let (mut done, mut part, mut open) = (Vec::new(), String::new(), Vec::<String>::new());
    for line in text.split('\n').flat_map(|line| split_line(line, limit / 2)) {
        let mut after = open.clone();
        track_tags(&line, &mut after);
        let closing = closing_tags(&after);
        let fits = utf16_length(&part) + 1 + utf16_length(&line) + utf16_length(&closing) <= limit;
        if !part.is_empty() && !fits {
            part.push_str(&self::closing_tags(&open));
            done.push(std::mem::replace(&mut part, open.concat()));
        } else if !part.is_empty() {
            part.push('\n');
        }
        part.push_str(&line);
        open = after;
    }
    done.push(part);
    done
}

/// Splits a line that is too long between words, outside of tags and entities.
fn split_line(line: &str, limit: usize) -> Vec<String> {
    if utf16_length(line) <= limit {
        return vec![line.to_owned()];
    }
    let (mut lines, mut current) = (Vec::new(), String::new());
    let (mut in_tag, mut last_space) = (false, None);
    for sign in line.chars() {
        in_tag = (in_tag || sign == '<') && sign != '>';
        if sign == ' ' && !in_tag {
            last_space = Some(current.len());
        }
        current.push(sign);
        if utf16_length(&current) >= limit && !in_tag {
            let at = last_space.take().unwrap_or_else(|| before_entity(&current));
            let rest = current.split_off(at);
            lines.push(std::mem::replace(&mut current, rest.trim_start().to_owned()));
        }
    }
    lines.push(current);
    lines
}

/// Returns where the text can end without splitting an entity such as `&lt;`.
fn before_entity(text: &str) -> usize {
    match (text.rfind('&'), text.rfind(';')) {
        (Some(start), end) if start > 0 && end.is_none_or(|end| end < start) => start,
        _ => text.len(),
    }
}

/// Updates the list of open tags with those of the line.
fn track_tags(line: &str, open: &mut Vec<String>) {
    let mut rest = line;
    while let Some((_, tail)) = rest.split_once('<') {
        let Some((tag, tail)) = tail.split_once('>') else { return };
        if tag.starts_with('/') {
            open.pop();
        } else {
            open.push(format!("<{tag}>"));
        }
        rest = tail;
    }
}

fn closing_tags(open: &[String]) -> String {
    let name = |tag: &String| {
        let inner = tag.trim_matches(['<', '>']);
        format!("</{}>", inner.split(' ').next().unwrap_or(inner))
    };
    open.iter().rev().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_not_changed() {
        assert!(matches!(truncate("<b>Job</b>", 20), Cow::Borrowed("<b>Job</b>")));
        assert_eq!(split("satu\ndua", 20), ["satu\ndua"]);
    }

    #[test]
    fn a_long_text_is_split_between_lines_into_valid_parts() {
        let bold = "<b>satu dua tiga\nempat lima enam\ntujuh delapan</b>";
        let text = format!("{bold}\nsembilan\n<a href=\"x\">sepuluh</a>");
        let whole = [
            "<b>satu dua tiga\nempat lima enam</b>",
            "<b>tujuh delapan</b>\nsembilan",
            "<a href=\"x\">sepuluh</a>",
        ];
        assert_eq!(split(&text, 48), whole);
    }

    #[test]
    fn an_endless_line_is_split_and_nothing_is_lost() {
        let text = "kata ".repeat(500);
        let parts = split(&text, 100);
        assert!(parts.iter().all(|part| utf16_length(part) <= 100));
        let words = parts.join(" ").split_whitespace().count();
        assert_eq!(words, 500);
        let entities = super::split(&"&lt;".repeat(100), 90);
        assert!(entities.iter().all(|part| part.len() % 4 == 0 || part.contains('\n')));
    }

    #[test]
    fn a_truncated_text_ends_with_an_ellipsis() {
        let text = format!("<b>{}</b>", "baris\n".repeat(2_000));
        let cut = truncate(&text, MAX_TEXT);
        assert!(utf16_length(&cut) <= MAX_TEXT && cut.ends_with('…') && cut.contains("</b>"));
    }
}
