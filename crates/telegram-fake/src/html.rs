//! Telegram's HTML: checked as strictly as Telegram does, and turned into what a person reads.

const TAGS: [&str; 13] =
    ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote"];

/// The text without its tags.
///
/// # Errors
/// Telegram's words for what can't be parsed.
pub fn plain(html: &str) -> Result<String, String> {
    let mut text = String::with_capacity(html.len());
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find(['<', '&']) {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        rest = if rest.starts_with('<') { tag(rest, &mut open)? } else { entity(rest, &mut text) };
    }
    text.push_str(rest);
    match open.last() {
        Some(tag) => Err(format!(
            "can't parse entities: can't find end tag corresponding to start tag \"{tag}\""
        )),
        None => Ok(text),
    }
}

fn tag<'a>(rest: &'a str, open: &mut Vec<String>) -> Result<&'a str, String> {
    let end = rest.find('>').ok_or("can't parse entities: unclosed start tag")?;
    let inner = &rest[1..end];
    if let Some(name) = inner.strip_prefix('/') {
        let name = name.trim().to_lowercase();
        if open.pop().as_deref() != Some(name.as_str()) {
            return Err(format!("can't parse entities: unmatched end tag \"{name}\""));
        }
    } else {
        let name = inner.split_whitespace().next().unwrap_or_default().to_lowercase();
        if !TAGS.contains(&name.as_str()) {
            return Err(format!("can't parse entities: unsupported start tag \"{name}\""));
        }
        open.push(name);
    }
    Ok(&rest[end + 1..])
}

fn entity<'a>(rest: &'a str, text: &mut String) -> &'a str {
    for (name, sign) in
        [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&#39;", '\'')]
    {
        if let Some(after) = rest.strip_prefix(name) {
            text.push(sign);
            return after;
        }
    }
    text.push('&');
    &rest[1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_vanish_and_signs_come_back() {
        assert_eq!(plain("<b>A &amp; B</b> &lt;3").unwrap(), "A & B <3");
    }

    #[test]
    fn what_telegram_refuses_is_refused() {
        for html in ["<b>terbuka", "<x>y</x>", "</b>", "<b><i>x</b></i>", "5 < 6"] {
            assert!(plain(html).is_err(), "{html}");
        }
    }
}
