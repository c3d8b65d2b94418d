//! Differences between the state before and after a change.

use serde_json::Value;

/// A changed field.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Names from the outside in, `[n]` counting from zero: `job_types.repair.materials[0].quantity`.
    pub path: String,
    pub old: Option<Value>,
    pub new: Option<Value>,
}

impl Change {
    /// Returns the innermost name.
    pub fn name(&self) -> &str {
        let name = self.path.rsplit('.').next().unwrap_or_default();
        name.split('[').next().unwrap_or(name)
    }
}

/// Fields that change with every update.
const IGNORED_FIELDS: [&str; 2] = ["version", "updated_at"];

/// Returns the changed fields; of a new or deleted state every field with a value.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let (old, new) = (fields(before), fields(after));
    let find = |all: &[(String, Value)], path: &str| {
        all.iter().find(|(other, _)| other == path).map(|(_, value)| value.clone())
    };
    let mut paths: Vec<&String> = new.iter().map(|(path, _)| path).collect();
    for (path, _) in &old {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let change =
        |path: &String| Change { path: path.clone(), old: find(&old, path), new: find(&new, path) };
    paths.into_iter().map(change).filter(|change| change.old != change.new).collect()
}

fn fields(value: Option<&Value>) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    if let Some(value) = value {
        collect("", value, &mut found);
    }
    found
}

/// Flattens nested objects and lists of objects; null is no field.
fn collect(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in
                fields.iter().filter(|(name, _)| !IGNORED_FIELDS.contains(&name.as_str()))
            {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(&path, value, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (at, item) in items.iter().enumerate() {
                collect(&format!("{path}[{at}]"), item, found);
            }
        }
        Value::Array(items) if items.is_empty() => {}
        _ => found.push((path.to_owned(), value.clone())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changes_of(before: Value, after: Value) -> Vec<(String, Option<Value>, Option<Value>)> {
        let all = changes(Some(&before), Some(&after));
        all.into_iter().map(|one| (one.path, one.old, one.new)).collect()
    }

    #[test]
    fn only_changed_fields_are_listed() {
        let before =
            json!({"name": "Siti", "phone": "1", "version": 1, "place": {"odp": "A", "x": 1}});
        let after =
            json!({"name": "Siti", "phone": "2", "version": 2, "place": {"odp": "B", "x": 1}});
        assert_eq!(
            changes_of(before, after),
            [
                ("phone".into(), Some(json!("1")), Some(json!("2"))),
                ("place.odp".into(), Some(json!("A")), Some(json!("B"))),
            ]
        );
    }

    #[test]
    fn new_and_removed_values_have_one_side() {
        let before = json!({"nik": null, "notes": "x"});
        let after = json!({"nik": "9", "notes": null});
        assert_eq!(
            changes_of(before, after),
            [("nik".into(), None, Some(json!("9"))), ("notes".into(), Some(json!("x")), None)]
        );
        assert_eq!(changes(None, Some(&json!({"a": 1, "b": null}))).len(), 1);
        assert_eq!(changes(None, None), []);
    }

    #[test]
    fn lists_of_objects_are_compared_by_row_and_plain_lists_as_one_value() {
        let before = json!({"lines": [{"quantity": 1}], "ids": [1, 2]});
        let after = json!({"lines": [{"quantity": 1}, {"quantity": 5}], "ids": [2]});
        let found = changes_of(before, after);
        assert_eq!(found[0], ("ids".into(), Some(json!([1, 2])), Some(json!([2]))));
        assert_eq!(found[1].0, "lines[1].quantity");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_plain_value_is_one_change() {
        let found = changes_of(json!("lama"), json!("baru"));
        assert_eq!(found, [(String::new(), Some(json!("lama")), Some(json!("baru")))]);
    }
}
