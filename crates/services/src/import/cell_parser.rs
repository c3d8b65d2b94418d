//! Parsing of spreadsheet cells: empty ones, booleans and texts.

use shared::text::strip_invisible;

/// Parses yes or no in Indonesian or English.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "ya" | "y" | "iya" | "yes" | "true" | "benar" | "1" | "berseri" | "serial" => Some(true),
        "tidak" | "t" | "tdk" | "no" | "n" | "false" | "salah" | "0" | "bukan" => Some(false),
        _ => None,
    }
}

/// Whether a text is what people and programs write into a cell that holds nothing.
pub fn is_nothing(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "",
        "-",
        "–",
        "—",
        "--",
        "?",
        "null",
        "nan",
        "n/a",
        "#n/a",
        "undefined",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "(kosong)",
    ];
    text.len() <= 12 && WORDS.contains(&text.to_lowercase().as_str())
}

/// Truncates a text for the report and removes invisible characters.
pub fn truncate(text: &str) -> String {
    const MAX: usize = 100;
    let text = strip_invisible(text);
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Masks an identity number for the report: only its last four characters stay, valid or not.
pub fn mask_identity_number(text: &str) -> String {
    let count = text.chars().count();
    let hidden = count.saturating_sub(4).max(count.min(4));
    text.chars().enumerate().map(|(i, c)| if i < hidden { '•' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers_are_masked() {
        assert_eq!(mask_identity_number("3404384937396401"), "••••••••••••6401");
        assert_eq!(mask_identity_number("123"), "•••");
        assert_eq!(mask_identity_number("12345"), "••••5");
    }
}
