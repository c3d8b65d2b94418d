//! Allowed characters and normalisation of texts.
//!
//! Invisible characters make different texts look the same, and characters that change the writing
//! direction make a text look like another one. Both are refused in every input.

mod invisible;
mod plain;

use crate::error::ErrorCode;
pub use invisible::is_invisible;
pub use plain::plain_code;

/// Form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// Name of a person or thing: one line, no emoji.
    Name,
    /// One line, emoji allowed.
    Line,
    /// Several lines, emoji allowed.
    Prose,
}

impl TextForm {
    /// All forms.
    pub const ALL: [Self; 3] = [Self::Name, Self::Line, Self::Prose];
}

/// The normalised text: composed (NFC, server only), every kind of space as a plain space, trimmed.
/// In one-line forms, runs of spaces become one space.
///
/// # Errors
/// [`ErrorCode::InvalidText`] for characters that are not allowed.
pub fn normalize(text: &str, form: TextForm) -> Result<String, ErrorCode> {
    let composed = composed(text);
    let characters: Vec<char> = composed.chars().collect();
    let mut kept = String::with_capacity(composed.len());
    for (index, &character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(index + 1).copied();
        match character {
            '\n' | '\r' | '\t' if form == TextForm::Prose => match (character, after) {
                // CRLF becomes one line break.
                ('\r', Some('\n')) => {}
                ('\r', _) => kept.push('\n'),
                _ => kept.push(character),
            },
            ' ' | '\n' | '\r' | '\t' => push_space(&mut kept, form),
            _ if is_unicode_space(character) => push_space(&mut kept, form),
            _ if is_required_invisible(character, before, after, form) => kept.push(character),
            _ if is_invisible(character) => return Err(ErrorCode::InvalidText),
            _ => kept.push(character),
        }
    }
    Ok(kept.trim().to_owned())
}

/// A printable one-line version of a text that can not be refused, without the characters that are
/// not allowed.
pub fn strip_invisible(text: &str) -> String {
    let shown = text.chars().filter_map(|character| match character {
        '\n' | '\r' | '\t' => Some(' '),
        _ if is_unicode_space(character) => Some(' '),
        _ => (!is_invisible(character)).then_some(character),
    });
    shown.collect::<String>().trim().to_owned()
}

#[cfg(feature = "compose")]
fn composed(text: &str) -> std::borrow::Cow<'_, str> {
    icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Normalisation tables would be too large for the browser; the server composes.
#[cfg(not(feature = "compose"))]
fn composed(text: &str) -> std::borrow::Cow<'_, str> {
    text.into()
}

fn push_space(kept: &mut String, form: TextForm) {
    if form == TextForm::Prose || !kept.ends_with(' ') {
        kept.push(' ');
    }
}

/// A space (Unicode `Space_Separator`) other than U+0020.
fn is_unicode_space(character: char) -> bool {
    matches!(
        character,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
const TEXT_VARIATION_SELECTOR: char = '\u{fe0e}';
const EMOJI_VARIATION_SELECTOR: char = '\u{fe0f}';

/// An invisible character that the script around it requires.
fn is_required_invisible(
    character: char,
    before: Option<char>,
    after: Option<char>,
    form: TextForm,
) -> bool {
    let pictures = form != TextForm::Name;
    match character {
        ZERO_WIDTH_NON_JOINER => joins_letters(before, after),
        ZERO_WIDTH_JOINER => {
            joins_letters(before, after) || (pictures && joins_emoji(before, after))
        }
        TEXT_VARIATION_SELECTOR | EMOJI_VARIATION_SELECTOR => {
            pictures && before.is_some_and(accepts_variation_selector)
        }
        _ => false,
    }
}

fn joins_letters(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(is_joining_script) && after.is_some_and(is_joining_script)
}

/// Whether a joiner connects two emoji (a family, a profession).
fn joins_emoji(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|it| is_emoji(it) || it == EMOJI_VARIATION_SELECTOR)
        && after.is_some_and(is_emoji)
}

/// Scripts in which a joiner between two letters changes their shape: Arabic and its neighbours,
/// the Indic scripts and their descendants (Javanese, Balinese, Sundanese).
fn is_joining_script(character: char) -> bool {
    matches!(
        u32::from(character),
        0x0600..=0x07ff
            | 0x0840..=0x0dff
            | 0x1000..=0x109f
            | 0x1780..=0x17ff
            | 0x1a00..=0x1bff
            | 0xa840..=0xa87f
            | 0xa980..=0xa9df
            | 0xfb50..=0xfdff
            | 0xfe70..=0xfefc
            | 0x11000..=0x11fff
    ) && !is_invisible(character)
}

/// The emoji blocks (Unicode Technical Standard #51).
fn is_emoji(character: char) -> bool {
    matches!(
        u32::from(character),
        0xa9 | 0xae | 0x203c | 0x2049 | 0x2122 | 0x2139 | 0x3030 | 0x303d | 0x3297 | 0x3299
            | 0x2190..=0x27ff
            | 0x2900..=0x2bff
            | 0x1f000..=0x1faff
    )
}

/// An emoji, or the base of a keycap: `1️⃣`.
fn accepts_variation_selector(character: char) -> bool {
    is_emoji(character) || matches!(character, '0'..='9' | '#' | '*')
}

#[cfg(test)]
mod tests;
