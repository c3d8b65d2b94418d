//! Splitting of texts and queries into words.

/// Longest stored word, in characters: longer ones are cut.
const LONGEST_WORD: usize = 64;

/// Fewest digits after the letters of a number: `PSB-2026`, but not `RT-03`.
const SHORTEST_NUMBER: usize = 4;

/// Returns the words of a text in lower case: letters and digits between anything else.
pub(super) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST_WORD).collect())
        .collect()
}

/// Returns the letters and digits of a number as one word: `PSB-202611-0001` is `psb2026110001`.
pub(super) fn joined(number: &str) -> String {
    words(number).concat().chars().take(LONGEST_WORD).collect()
}

/// Whether a word of a query is a number of a job or customer, or the beginning of one with its month:
/// letters, a hyphen, digits, and perhaps a hyphen and digits again.
pub(super) fn is_number(word: &str) -> bool {
    let mut parts = word.split('-');
    let letters = |part: &str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(letters)
        && parts.next().is_some_and(|part| part.len() >= SHORTEST_NUMBER && digits(part))
        && parts.next().is_none_or(digits)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits_in_lower_case() {
        assert_eq!(
            words("Jl. Melati No.12/B, RT 03"),
            ["jl", "melati", "no", "12", "b", "rt", "03"]
        );
        assert_eq!(words(" 😀 % _ \"' "), Vec::<String>::new());
        assert_eq!(words("ÉLODIE Ñusa"), ["élodie", "ñusa"]);
    }

    #[test]
    fn numbers_of_jobs_and_customers_are_recognised() {
        for number in ["psb-202611-0001", "ggn-202611-", "PSB-2026", "c-000012"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["psb", "0812-345", "odp-slm-01", "a-b", "gmp-001", "-1234", "psb--1234"] {
            assert!(!is_number(other), "{other}");
        }
    }
}
