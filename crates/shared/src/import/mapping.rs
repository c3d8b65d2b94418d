//! How the columns and words of a file are understood.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How the columns and words of a file are understood. What it does not mention is recognised by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportMapping {
    /// The sheet to read, by its name; otherwise the one whose headings name the most fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Whether the file has a row of headings. Without one, columns are called `A`, `B`, … as in a spreadsheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_heading: Option<bool>,
    /// What each column holds, by its heading as in the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnTarget>,
    /// What words mean, by heading and word as in the file. Case is ignored in words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, ValueChoice>>,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnTarget {
    /// The field with this name.
    Field(String),
    /// A text for the notes, kept behind its heading. Customers only.
    Note,
    /// Nothing that is imported.
    LeaveOut,
}

/// What a word means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ValueChoice {
    /// The same as this word, which is a known one.
    As(String),
    /// A text for the notes, kept behind its heading; the field stays empty. Customers only.
    Note,
    /// Nothing: the field stays empty.
    LeaveOut,
}
