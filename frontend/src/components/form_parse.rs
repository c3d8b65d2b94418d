//! Parsing of typed input into request values.

use std::cell::RefCell;
use std::collections::HashSet;

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::number::{parse_decimal, parse_integer};
use shared::validate::FieldFault;

thread_local! {
    static FIELD_PATHS: RefCell<HashSet<&'static str>> = RefCell::default();
}

/// Returns a field path that was built at run time as a name for the fields of a form. A path is kept
/// once for as long as the page is open, so the paths must come from a small set.
pub fn interned(path: String) -> &'static str {
    FIELD_PATHS.with_borrow_mut(|paths| match paths.get(path.as_str()) {
        Some(known) => known,
        None => {
            let kept: &'static str = path.leak();
            paths.insert(kept);
            kept
        }
    })
}

/// Returns a text, or `None` if it is blank.
pub fn optional_text(text: RwSignal<String>) -> Option<String> {
    Some(text.get_untracked()).filter(|text| !text.trim().is_empty())
}

/// Returns whether a number is typed that is not a whole one.
pub fn is_fraction(text: &str) -> bool {
    parse_integer(text).is_none() && parse_decimal(text).is_some()
}

/// Parses numbers of a form and collects the faults of their fields.
#[derive(Default)]
pub struct FormParser {
    faults: Vec<FieldFault>,
}

impl FormParser {
    /// Parses a decimal number with comma or point; empty is `None`.
    pub fn decimal(&mut self, field: &str, text: RwSignal<String>) -> Option<f64> {
        self.read(field, &text.get_untracked(), parse_decimal)
    }

    /// Parses a whole number with or without thousands separators; empty is `None`.
    pub fn integer(&mut self, field: &str, text: RwSignal<String>) -> Option<i64> {
        let text = text.get_untracked();
        if !text.trim().is_empty() && is_fraction(text.trim()) {
            self.add_fault(field, ErrorCode::NotWhole);
            return None;
        }
        self.read(field, &text, parse_integer)
    }

    /// Parses a whole number that must not be empty.
    pub fn required_integer(&mut self, field: &str, text: RwSignal<String>) -> i64 {
        if text.with_untracked(|text| text.trim().is_empty()) {
            self.add_fault(field, ErrorCode::Required);
        }
        self.integer(field, text).unwrap_or_default()
    }

    /// Adds a fault that only the form can detect.
    pub fn add_fault(&mut self, field: &str, code: ErrorCode) {
        self.faults.push(FieldFault::new(field, code));
    }

    /// Adds faults that were found elsewhere.
    pub fn add_faults(&mut self, faults: impl IntoIterator<Item = FieldFault>) {
        self.faults.extend(faults);
    }

    fn read<T>(&mut self, field: &str, text: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let value = parse(text);
        if value.is_none() {
            let fault = FieldFault {
                field: field.to_owned(),
                code: ErrorCode::WrongType,
                param: Some(text.to_owned()),
            };
            self.faults.push(fault);
        }
        value
    }

    /// Merges the collected faults with those of the contract's own check.
    ///
    /// # Errors
    /// All faults; a field that is no number has only that one.
    pub fn merge<T>(mut self, parsed: Result<T, Vec<FieldFault>>) -> Result<T, Vec<FieldFault>> {
        match parsed {
            Ok(value) if self.faults.is_empty() => Ok(value),
            Ok(_) => Err(self.faults),
            Err(faults) => {
                for fault in faults {
                    if self.faults.iter().all(|known| known.field != fault.field) {
                        self.faults.push(fault);
                    }
                }
                Err(self.faults)
            }
        }
    }
}
