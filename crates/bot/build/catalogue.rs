//! Text catalogues: reading `locales/<language>.json` and comparing the languages.
//!
//! A catalogue holds groups, a group holds keys. The text of a key is one of
//! - a string, in which `{name}` is a placeholder,
//! - an object with a string for `one` and one for `other`, chosen by the placeholder `{count}`,
//! - a list of strings without placeholders.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The text of one key in one language.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Text {
    Plain(String),
    List(Vec<String>),
    Plural(Plural),
}

/// The two forms of a text that counts something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plural {
    pub one: String,
    pub other: String,
}

/// A JSON object in its order; a repeated key is an error.
#[derive(Debug)]
pub struct Entries<T>(pub Vec<(String, T)>);

/// The groups of one language.
pub type Catalogue = Entries<Entries<Text>>;

impl<T> Entries<T> {
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
        let mut entries = Entries(Vec::new());
        while let Some((key, value)) = map.next_entry::<String, T>()? {
            if entries.get(&key).is_some() {
                return Err(A::Error::custom(format!("the key {key:?} is repeated")));
            }
            entries.0.push((key, value));
        }
        Ok(entries)
    }
}

/// Reads a catalogue.
pub fn parse(json: &str) -> Result<Catalogue, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

impl Text {
    /// The placeholders of a text, in the order of their first use.
    pub fn placeholders(&self) -> Vec<String> {
        match self {
            Text::Plain(text) => placeholders(text),
            Text::Plural(forms) => placeholders(&forms.other),
            Text::List(_) => Vec::new(),
        }
    }

    fn faults(&self) -> Vec<String> {
        let texts: Vec<&String> = match self {
            Text::Plain(text) => vec![text],
            Text::Plural(forms) => vec![&forms.one, &forms.other],
            Text::List(texts) => texts.iter().collect(),
        };
        let mut faults = Vec::new();
        for text in texts {
            if text.trim().is_empty() {
                faults.push("is empty".to_owned());
            }
            if let Some(fault) = brace_fault(text) {
                faults.push(fault);
            }
            if matches!(self, Text::List(_)) && text.contains('{') {
                faults.push("is a list, which has no placeholders".to_owned());
            }
        }
        if let Text::Plural(forms) = self {
            let (one, other) = (set(&placeholders(&forms.one)), set(&placeholders(&forms.other)));
            if one.difference(&other).next().is_some()
                || other.iter().any(|name| name != "count" && !one.contains(name))
            {
                faults.push("has other placeholders in `one` than in `other`".to_owned());
            }
            if !other.contains("count") {
                faults.push("has plural forms without the placeholder {count}".to_owned());
            }
        }
        faults
    }
}

/// Everything that is wrong within or between the languages; the first one is the reference.
pub fn check(languages: &[(String, Catalogue)]) -> Vec<String> {
    let Some((reference, first)) = languages.first() else {
        return vec!["there is no catalogue".to_owned()];
    };
    let mut faults = Vec::new();
    for (language, catalogue) in languages {
        for (group, texts) in &catalogue.0 {
            for (key, text) in &texts.0 {
                let own = text.faults();
                faults.extend(own.iter().map(|fault| format!("{language}: {group}.{key} {fault}")));
                let known = first.get(group).and_then(|texts| texts.get(key));
                match known {
                    None => faults.push(format!("{reference}: {group}.{key} is missing")),
                    Some(known) => faults.extend(
                        difference(known, text)
                            .map(|fault| format!("{language}: {group}.{key} {fault}")),
                    ),
                }
            }
        }
        for (group, texts) in &first.0 {
            let own = catalogue.get(group);
            let missing =
                texts.0.iter().filter(|(key, _)| own.is_none_or(|own| own.get(key).is_none()));
            faults.extend(missing.map(|(key, _)| format!("{language}: {group}.{key} is missing")));
        }
    }
    faults
}

/// How a text differs in kind from the reference.
fn difference(reference: &Text, text: &Text) -> Option<String> {
    match (reference, text) {
        (Text::List(known), Text::List(own)) if known.len() == own.len() => None,
        (Text::List(known), Text::List(_)) => {
            Some(format!("does not have {} entries", known.len()))
        }
        (Text::List(_), _) | (_, Text::List(_)) => {
            Some("is a list in one language only".to_owned())
        }
        _ => {
            let (known, own) = (set(&reference.placeholders()), set(&text.placeholders()));
            (known != own).then(|| format!("has the placeholders {own:?} instead of {known:?}"))
        }
    }
}

fn set(names: &[String]) -> BTreeSet<String> {
    names.iter().cloned().collect()
}

fn placeholders(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn brace_fault(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (brace, after) = rest[at..].split_at(1);
        let name = after.split_once('}').filter(|_| brace == "{");
        match name {
            Some((name, tail)) if is_identifier(name) => rest = tail,
            _ => return Some("has a brace that belongs to no placeholder".to_owned()),
        }
    }
    None
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(id: &str, en: &str) -> Vec<String> {
        let read = |language: &str, json| (language.to_owned(), parse(json).unwrap());
        check(&[read("id", id), read("en", en)])
    }

    #[test]
    fn equal_catalogues_have_no_faults() {
        let id = r#"{"a": {"x": "{name} {count}", "y": ["satu", "dua"]}}"#;
        let en =
            r#"{"a": {"x": {"one": "{name} one", "other": "{count} {name}"}, "y": ["1", "2"]}}"#;
        assert_eq!(faults(id, en), [""; 0]);
    }

    #[test]
    fn a_missing_and_a_surplus_key_are_found() {
        let found =
            faults(r#"{"a": {"x": "1", "y": "2"}}"#, r#"{"a": {"x": "1"}, "b": {"z": "3"}}"#);
        assert_eq!(found, ["id: b.z is missing", "en: a.y is missing"]);
    }

    #[test]
    fn other_placeholders_and_shorter_lists_are_found() {
        let found =
            faults(r#"{"a": {"x": "{name}", "y": ["1"]}}"#, r#"{"a": {"x": "{nam}", "y": []}}"#);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn broken_braces_empty_texts_and_repeated_keys_are_found() {
        let broken = r#"{"a": {"x": "{name"}}"#;
        assert!(!faults(broken, broken).is_empty());
        assert!(!faults(r#"{"a": {"x": " "}}"#, r#"{"a": {"x": " "}}"#).is_empty());
        assert!(parse(r#"{"a": {"x": "1", "x": "2"}}"#).is_err());
    }

    #[test]
    fn plural_forms_need_a_count() {
        let without = r#"{"a": {"x": {"one": "a", "other": "b"}}}"#;
        assert!(!faults(without, without).is_empty());
    }
}
