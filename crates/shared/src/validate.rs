//! Validation of requests. All faults are collected, so that a user can correct them together.

use crate::error::{ErrorCode, FieldError};
use crate::serial_number::{SERIAL_NUMBER_CHARS, parse_serial_number};
use crate::text::{self, TextForm};

/// Maximum characters of a reason that one person gives to another.
pub const MAX_REASON_CHARS: usize = 500;

/// A fault of one field, before it is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Path of the field in the request, for example `lines[0].quantity`.
    pub field: String,
    pub code: ErrorCode,
    /// Parameter of the message: a limit or an allowed range.
    pub param: Option<String>,
}

impl FieldFault {
    /// A fault without a parameter.
    pub fn new(field: impl Into<String>, code: ErrorCode) -> Self {
        Self { field: field.into(), code, param: None }
    }

    /// The fault as a message.
    pub fn render(&self, lang: crate::Lang) -> FieldError {
        FieldError {
            field: self.field.clone(),
            code: self.code,
            message: self.code.message(lang, self.param.as_deref()),
        }
    }
}

/// Collects the faults of a request during validation.
#[derive(Debug, Default)]
pub struct Validator {
    faults: Vec<FieldFault>,
}

impl Validator {
    /// Adds a fault. Always `None`, so that it can end a match arm.
    pub fn fail<T>(&mut self, field: &str, code: ErrorCode) -> Option<T> {
        self.faults.push(FieldFault::new(field, code));
        None
    }

    /// Adds a fault with the limit or range of its message.
    pub fn fail_with<T>(
        &mut self,
        field: &str,
        code: ErrorCode,
        param: impl ToString,
    ) -> Option<T> {
        self.faults.push(FieldFault { field: field.into(), code, param: Some(param.to_string()) });
        None
    }

    /// A required name, see [`TextForm::Name`], of at most `max` characters.
    pub fn name(&mut self, field: &str, value: &str, max: usize) -> Option<String> {
        self.required(field, value, max, TextForm::Name)
    }

    /// An optional name; blank counts as absent.
    pub fn optional_name(
        &mut self,
        field: &str,
        value: Option<&str>,
        max: usize,
    ) -> Option<String> {
        self.optional(field, value, max, TextForm::Name)
    }

    /// A required serial number, in the form in which it is stored.
    pub fn serial_number(&mut self, field: &str, value: &str) -> Option<String> {
        match parse_serial_number(value) {
            Ok(serial) => Some(serial),
            Err(code @ ErrorCode::TooShort) => {
                self.fail_with(field, code, SERIAL_NUMBER_CHARS.start())
            }
            Err(code) => self.fail_with(field, code, SERIAL_NUMBER_CHARS.end()),
        }
    }

    /// A required one-line text of at most `max` characters.
    pub fn line(&mut self, field: &str, value: &str, max: usize) -> Option<String> {
        self.required(field, value, max, TextForm::Line)
    }

    /// An optional one-line text; blank counts as absent.
    pub fn optional_line(
        &mut self,
        field: &str,
        value: Option<&str>,
        max: usize,
    ) -> Option<String> {
        self.optional(field, value, max, TextForm::Line)
    }

    /// A required multi-line text of at most `max` characters.
    pub fn prose(&mut self, field: &str, value: &str, max: usize) -> Option<String> {
        self.required(field, value, max, TextForm::Prose)
    }

    /// An optional multi-line text; blank counts as absent.
    pub fn optional_prose(
        &mut self,
        field: &str,
        value: Option<&str>,
        max: usize,
    ) -> Option<String> {
        self.optional(field, value, max, TextForm::Prose)
    }

    fn required(&mut self, field: &str, value: &str, max: usize, form: TextForm) -> Option<String> {
        let value = self.accept(field, text::normalize(value, form))?;
        if value.is_empty() {
            return self.fail(field, ErrorCode::Required);
        }
        self.limit_length(field, value, max)
    }

    fn optional(
        &mut self,
        field: &str,
        value: Option<&str>,
        max: usize,
        form: TextForm,
    ) -> Option<String> {
        let value = self.accept(field, text::normalize(value?, form))?;
        if value.is_empty() { None } else { self.limit_length(field, value, max) }
    }

    fn limit_length(&mut self, field: &str, value: String, max: usize) -> Option<String> {
        if value.chars().count() > max {
            return self.fail_with(field, ErrorCode::TooLong, max);
        }
        Some(value)
    }

    /// The parsed value; otherwise adds the fault.
    pub fn accept<T>(&mut self, field: &str, parsed: Result<T, ErrorCode>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(code) => self.fail(field, code),
        }
    }

    /// A number in `min..=max`.
    pub fn range(&mut self, field: &str, value: i64, min: i64, max: i64) -> Option<i64> {
        if (min..=max).contains(&value) {
            Some(value)
        } else {
            self.fail_with(field, ErrorCode::OutOfRange, format!("{min}–{max}"))
        }
    }

    /// The faults found so far.
    pub fn faults(&self) -> &[FieldFault] {
        &self.faults
    }

    /// `value` if it is present and there is no fault.
    ///
    /// # Errors
    /// All faults.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<FieldFault>> {
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(self.faults),
        }
    }
}
