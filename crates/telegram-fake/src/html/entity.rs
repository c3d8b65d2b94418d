//! Message entities: formatted ranges of a text.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::types::FormattedText;

/// A formatted range of a text, in UTF-16 units as Telegram counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    #[serde(flatten)]
    pub kind: EntityKind,
    pub offset: usize,
    pub length: usize,
}

/// The kind of formatting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntityKind {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    Blockquote,
    ExpandableBlockquote,
    TextLink {
        url: String,
    },
    BotCommand,
    Url,
    Email,
    PhoneNumber,
    Mention,
    Hashtag,
    /// `<code class="language-…">`, until the enclosing `<pre>` takes the language over.
    #[serde(skip)]
    Language(String),
}

impl EntityKind {
    /// Returns start and end tag; none for entities that Telegram detects by itself.
    fn tags(&self) -> Option<(String, &'static str)> {
        Some(match self {
            Self::Bold => ("<b>".into(), "</b>"),
            Self::Italic => ("<i>".into(), "</i>"),
            Self::Underline => ("<u>".into(), "</u>"),
            Self::Strikethrough => ("<s>".into(), "</s>"),
            Self::Spoiler => ("<tg-spoiler>".into(), "</tg-spoiler>"),
            Self::Code => ("<code>".into(), "</code>"),
            Self::Pre { .. } => ("<pre>".into(), "</pre>"),
            Self::Blockquote => ("<blockquote>".into(), "</blockquote>"),
            Self::ExpandableBlockquote => ("<blockquote expandable>".into(), "</blockquote>"),
            Self::TextLink { url } => {
                (format!("<a href=\"{}\">", url.replace('"', "&quot;")), "</a>")
            }
            _ => return None,
        })
    }
}

/// Renders the text as HTML.
pub(crate) fn to_html(words: &FormattedText) -> String {
    let mut html = String::with_capacity(words.text.len());
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let mut waiting = words.entities.iter().peekable();
    let mut at = 0;
    for sign in words.text.chars() {
        close_tags(&mut html, &mut open, at);
        while let Some(entity) = waiting.next_if(|entity| entity.offset <= at) {
            if let Some((start, end)) = entity.kind.tags() {
                html.push_str(&start);
                open.push((entity.offset + entity.length, end));
            }
        }
        let _ = match sign {
            '<' => write!(html, "&lt;"),
            '>' => write!(html, "&gt;"),
            '&' => write!(html, "&amp;"),
            other => write!(html, "{other}"),
        };
        at += sign.len_utf16();
    }
    close_tags(&mut html, &mut open, usize::MAX);
    html
}

fn close_tags(html: &mut String, open: &mut Vec<(usize, &'static str)>, at: usize) {
    while let Some((_, end)) = open.pop_if(|(end, _)| *end <= at) {
        html.push_str(end);
    }
}

/// Removes white space at both ends, as Telegram does.
pub(crate) fn trim(words: FormattedText) -> FormattedText {
    let units = |text: &str| text.encode_utf16().count();
    let text = words.text.trim();
    let before = units(&words.text[..words.text.len() - words.text.trim_start().len()]);
    let length = units(text);
    let moved = |entity: Entity| {
        let from = entity.offset.saturating_sub(before).min(length);
        let end = (entity.offset + entity.length).saturating_sub(before).min(length);
        (end > from).then_some(Entity { kind: entity.kind, offset: from, length: end - from })
    };
    let entities = words.entities.into_iter().filter_map(moved).collect();
    FormattedText { text: text.to_owned(), entities }
}
