//! The `search_text` of customers and jobs: words between blanks, as the index stores them.
//!
//! A word without a mark may be found by everybody. Words with a mark are found only by readers who may see
//! the value that they come from, or only when nothing else is found.

use super::words::{joined, words};

/// Marks the digits of a phone number, which not every reader may see.
pub(super) const PHONE_MARK: char = '#';
/// Marks a word of the name of an ODP, which not every reader may see.
pub(super) const ODP_MARK: char = '@';
/// Marks a word of a name or its end: `yanto` in `Suyanto`.
pub(super) const WORD_END_MARK: char = '~';

/// Shortest part of a number or of a word that is stored for itself.
const SHORTEST_END: usize = 3;

/// Builds the value of a `search_text` column: ` psb2026110001 budi santoso #81234567890 #1234567890 … `.
#[derive(Debug)]
pub struct IndexedText(String);

impl Default for IndexedText {
    fn default() -> Self {
        Self(" ".to_owned())
    }
}

impl IndexedText {
    /// Adds the words of a text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        for word in words(text) {
            self.push("", &word);
        }
        self
    }

    /// Adds a number of a job or customer: as a whole and in its parts.
    #[must_use]
    pub fn number(mut self, number: &str) -> Self {
        self.push("", &joined(number));
        self.text(number)
    }

    /// Adds a name, and its words and their ends with the mark of names.
    #[must_use]
    pub fn name_with_ends(mut self, name: &str) -> Self {
        for word in words(name) {
            self.push("", &word);
            for end in ends(&word) {
                self.push(&WORD_END_MARK.to_string(), end);
            }
        }
        self
    }

    /// Adds the serial number of a device, which people know by its end.
    #[must_use]
    pub fn serial_number(mut self, serial_number: &str) -> Self {
        let serial_number = joined(serial_number);
        self.push("", &serial_number);
        for end in ends(&serial_number).skip(1) {
            self.push("", end);
        }
        self
    }

    /// Adds a phone number, so that each part of three digits or more is the start of a stored word.
    #[must_use]
    pub fn phone(mut self, phone: &str) -> Self {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        for end in ends(&digits) {
            self.push(&PHONE_MARK.to_string(), end);
        }
        self
    }

    /// Adds the name of an ODP.
    #[must_use]
    pub fn odp(mut self, odp: &str) -> Self {
        for word in words(odp).into_iter().chain([joined(odp)]) {
            self.push(&ODP_MARK.to_string(), &word);
        }
        self
    }

    /// Returns the value of the column.
    pub fn build(self) -> String {
        self.0
    }

    /// Adds a word unless it is there already.
    fn push(&mut self, mark: &str, word: &str) {
        if word.is_empty() {
            return;
        }
        let stored = format!(" {mark}{word} ");
        if !self.0.contains(&stored) {
            self.0.push_str(&stored[1..]);
        }
    }
}

/// Returns the word and what is left of it from each later character on, down to three characters.
fn ends(word: &str) -> impl Iterator<Item = &str> {
    let length = word.chars().count();
    let later = (length + 1).saturating_sub(SHORTEST_END).max(1);
    word.char_indices().take(later).map(|(at, _)| &word[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_phone_number_is_the_start_of_a_stored_word() {
        let text = IndexedText::default().phone("+6281234567").build();
        for part in ["6281", "81234567", "3456", "567"] {
            assert!(text.contains(&format!(" #{part}")), "{part}: {text}");
        }
        assert!(!text.contains(" #67 "));
    }

    #[test]
    fn a_number_is_stored_as_a_whole_and_in_parts_and_no_word_twice() {
        let text = IndexedText::default().number("PSB-202611-0001").text("Psb Melati").build();
        assert_eq!(text, " psb2026110001 psb 202611 0001 melati ");
    }

    #[test]
    fn the_ends_of_a_name_are_marked() {
        let text = IndexedText::default().name_with_ends("Suyanto Ali").build();
        assert_eq!(text, " suyanto ~suyanto ~uyanto ~yanto ~anto ~nto ali ~ali ");
    }

    #[test]
    fn serial_numbers_are_found_by_their_end() {
        let text = IndexedText::default().serial_number("ZTEG-12AB").build();
        assert_eq!(text, " zteg12ab teg12ab eg12ab g12ab 12ab 2ab ");
    }
}
