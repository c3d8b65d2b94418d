//! Texts that an import keeps in the notes of a customer.

use shared::text::{TextForm, normalize};

/// A text that is kept in the notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    /// Heading of its column, if it is no remark behind a phone number.
    heading: Option<String>,
    text: String,
}

impl Remark {
    pub(super) fn new(heading: Option<&str>, text: &str) -> Self {
        // What is no valid text is refused with the row, as notes.
        let text = normalize(text, TextForm::Line).unwrap_or_else(|_| text.to_owned());
        Self { heading: heading.map(str::to_owned), text }
    }
}

/// Maximum length of notes, in characters.
const MAX_NOTES_CHARS: usize = 2_000;
/// Between the parts of the notes.
const SEPARATOR: &str = " · ";

/// Adds remarks to the stored notes. Those of an earlier import with the same heading are replaced, the rest stays.
pub(super) fn with_remarks(stored: Option<&str>, remarks: &[Remark]) -> Option<String> {
    let mut parts: Vec<String> =
        stored.into_iter().flat_map(|notes| notes.split(SEPARATOR)).map(str::to_owned).collect();
    for remark in remarks {
        let text = match &remark.heading {
            Some(heading) => {
                let label = format!("{heading}: ");
                parts.retain(|part| !part.starts_with(&label));
                format!("{label}{}", remark.text)
            }
            None => remark.text.clone(),
        };
        if !parts.contains(&text) {
            parts.push(text);
        }
    }
    let notes = parts.join(SEPARATOR);
    // Stored notes are worth more than what would not fit beside them.
    match notes.chars().count() {
        0 => None,
        count if count > MAX_NOTES_CHARS => stored.map(str::to_owned),
        _ => Some(notes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_stand_beside_the_notes_and_replace_their_own_former_text() {
        let fee = |text: &str| Remark::new(Some("Iuran"), text);
        assert_eq!(with_remarks(None, &[]), None);
        let first = with_remarks(Some("anjing galak"), &[fee("150000")]).unwrap();
        assert_eq!(first, "anjing galak · Iuran: 150000");
        let second = [fee("175000"), Remark::new(None, "Bu Ani")];
        let second = with_remarks(Some(&first), &second).unwrap();
        assert_eq!(second, "anjing galak · Iuran: 175000 · Bu Ani");
        assert_eq!(with_remarks(Some(&second), &[Remark::new(None, "Bu Ani")]).unwrap(), second);
        let long = "x".repeat(MAX_NOTES_CHARS);
        assert_eq!(with_remarks(Some(&long), &[fee("1")]), Some(long));
    }
}
