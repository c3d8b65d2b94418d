//! The columns of a file, before it is imported.

use serde::{Deserialize, Serialize};

use super::mapping::{ColumnTarget, ValueChoice};

/// The columns of a file and the words in it that mean nothing yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportColumns {
    /// Filled rows without the heading.
    pub rows: i64,
    /// Name of the sheet that is read; null for CSV.
    pub sheet: Option<String>,
    /// The other visible sheets, which are not read.
    pub other_sheets: Vec<OtherSheet>,
    /// Whether a row of headings was found, or the mapping says that there is one.
    pub has_heading: bool,
    pub columns: Vec<ImportColumn>,
    /// Every field that can be imported.
    pub fields: Vec<ImportField>,
    /// Names of required fields without a column.
    pub missing: Vec<String>,
    pub unknown_values: Vec<UnknownValues>,
}

/// A sheet of the workbook that is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OtherSheet {
    pub name: String,
    /// Filled rows without the heading.
    pub rows: i64,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportColumn {
    /// As in the file, or the letters of the column.
    pub heading: String,
    pub target: ColumnTarget,
    pub source: ColumnSource,
    /// The first different values, at most three; identity numbers are masked.
    pub samples: Vec<String>,
}

/// Where the target of a column comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnSource {
    /// The mapping of the request.
    Mapping,
    /// An earlier import of a file with this heading.
    Remembered,
    /// The heading is a known one.
    Heading,
    /// The values look like it; only a mapping makes it count.
    Values,
    /// Nothing is known of the column.
    Unknown,
}

/// A field that can be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportField {
    /// Name of the field in an [`super::ImportMapping`].
    pub field: String,
    /// In the language of the request.
    pub label: String,
    pub required: bool,
}

/// The words of a column that mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnknownValues {
    /// Heading of the column as in the file.
    pub column: String,
    pub field: String,
    /// At most a hundred, the most frequent first.
    pub values: Vec<UnknownValue>,
    /// What a word may be the same as.
    pub options: Vec<ChoiceOption>,
    /// Whether a word may be kept in the notes.
    pub may_be_note: bool,
    /// Whether no value of the column means anything: without a mapping the whole column is left out.
    pub left_out: bool,
}

/// A word that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnknownValue {
    pub value: String,
    /// Number of rows with it.
    pub rows: i64,
    /// What was chosen for it in an earlier import.
    pub remembered: Option<ValueChoice>,
}

/// A known word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChoiceOption {
    pub value: String,
    /// In the language of the request.
    pub label: String,
}
