//! Labels of fields and values as the audit log and the API name them. An unknown name stays as it is.

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::customer::CustomerStatus;
use shared::inventory::ItemUnit;
use shared::job::{JobPriority, JobType};
use shared::job_state_machine::JobStatus;
use shared::second_factor::SecondFactorDemand;
use shared::technician::SkillKind;
use shared::{Permission, Role};

use crate::core::format;
use crate::core::labels::Label;
use crate::tr;

// `fn known_field(code: &str) -> Option<&'static str>`, made from the keys of `audit.fields`.
include!(concat!(env!("OUT_DIR"), "/audit_fields.rs"));

/// Returns the label of a path, from the outside in; rows of lists are counted from one.
pub fn field_word(path: &str) -> String {
    if path.is_empty() {
        return tr!(audit.value).to_owned();
    }
    let part = |part: &str| {
        let (name, row) = match part.split_once('[') {
            Some((name, row)) => (name, row.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let word = known_name(name).map_or_else(|| name.replace('_', " "), str::to_owned);
        match row {
            Some(row) => format!("{word} {}", row + 1),
            None => word,
        }
    };
    path.split('.').map(part).collect::<Vec<_>>().join(" › ")
}

/// Returns whether every name of a path has a label.
pub fn is_labelled(path: &str) -> bool {
    path.split('.').all(|part| known_name(part.split('[').next().unwrap_or(part)).is_some())
}

fn known_name(name: &str) -> Option<&'static str> {
    known_field(name).or_else(|| name.parse().ok().map(JobType::label))
}

/// Returns a value as text: codes by their labels, moments as people write them.
pub fn value_word(field: &str, value: &Value) -> String {
    match value {
        Value::Null => tr!(common.none).to_owned(),
        Value::Bool(true) => tr!(common.yes).to_owned(),
        Value::Bool(false) => tr!(common.no).to_owned(),
        Value::Number(number) => match number.as_i64() {
            Some(number) if !field.ends_with("_id") => format::number(number),
            _ => number.to_string(),
        },
        Value::String(text) => text_word(field, text),
        Value::Array(items) => {
            items.iter().map(|item| value_word(field, item)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(_) => value.to_string(),
    }
}

fn text_word(field: &str, text: &str) -> String {
    fn label<T: Label + std::str::FromStr>(text: &str) -> Option<&'static str> {
        text.parse::<T>().ok().map(Label::label)
    }
    let word = match field {
        "status" => label::<JobStatus>(text).or_else(|| label::<CustomerStatus>(text)),
        "priority" => label::<JobPriority>(text),
        "type" => label::<JobType>(text),
        "role" => label::<Role>(text),
        "unit" => label::<ItemUnit>(text),
        "skill" => label::<SkillKind>(text),
        "permissions" => label::<Permission>(text),
        "require_second_factor" => label::<SecondFactorDemand>(text),
        _ => None,
    };
    if let Some(word) = word {
        return word.to_owned();
    }
    match text.parse::<DateTime<Utc>>() {
        Ok(at) => format::exact(at),
        Err(_) => text.to_owned(),
    }
}
