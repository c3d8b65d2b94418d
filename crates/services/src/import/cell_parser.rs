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

/// What a word is compared by: as the report shows it, whatever the case.
pub fn word_key(text: &str) -> String {
    truncate(text).to_lowercase()
}

/// Masks whatever has the length of an identity number within a text.
pub fn mask_identity_numbers(text: &str) -> String {
    const NIK_DIGITS: usize = 16;
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|sign: char| sign.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(from.len());
        let (digits, behind) = from.split_at(end);
        masked.push_str(before);
        match digits.len() {
            NIK_DIGITS => masked.push_str(&mask_identity_number(digits)),
            _ => masked.push_str(digits),
        }
        rest = behind;
    }
    masked + rest
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
    fn words_are_the_same_whatever_is_invisible_in_them() {
        assert_eq!(word_key(" Paket\nHEMAT\u{a0}"), "paket hemat");
        let long = "x".repeat(150);
        assert_eq!(word_key(&long), word_key(&truncate(&long)));
    }

    #[test]
    fn identity_numbers_are_masked() {
        assert_eq!(mask_identity_number("3404384937396401"), "••••••••••••6401");
        assert_eq!(mask_identity_number("123"), "•••");
        assert_eq!(mask_identity_number("12345"), "••••5");
        let row = "Siti 3404384937396401 081234567801 34043849373964011";
        let masked = "Siti ••••••••••••6401 081234567801 34043849373964011";
        assert_eq!(mask_identity_numbers(row), masked);
    }
}
