//! Rust code from text catalogues: a module per group, a function per key.

use std::fmt::Write;

use crate::catalogue::{Catalogue, Text};

/// The code of every text; the languages have been checked, the first one is the reference.
pub fn generate(languages: &[(String, Catalogue)]) -> String {
    let mut code = String::new();
    let reference = &languages[0].1;
    for (group, texts) in &reference.0 {
        let _ =
            writeln!(code, "pub mod {group} {{\n    #[allow(unused_imports)]\n    use super::*;\n");
        for (key, _) in &texts.0 {
            let forms: Vec<(&str, &Text)> = languages
                .iter()
                .filter_map(|(language, all)| Some((language.as_str(), all.get(group)?.get(key)?)))
                .collect();
            function(&mut code, key, &forms);
        }
        code.push_str("}\n\n");
    }
    code
}

/// One function: its parameters are the placeholders, as the reference orders them.
fn function(code: &mut String, key: &str, forms: &[(&str, &Text)]) {
    let reference = forms[0].1;
    let placeholders = reference.placeholders();
    let counts = forms.iter().any(|(_, text)| matches!(text, Text::Plural(_)));
    let parameters: String = placeholders
        .iter()
        .map(|name| match counts && name == "count" {
            true => format!(", {name}: impl Count"),
            false => format!(", {name}: impl Display"),
        })
        .collect();
    let (qualifier, result) = match (reference, placeholders.is_empty()) {
        (Text::List(_), _) => ("const ", "&'static [&'static str]"),
        (_, true) => ("const ", "&'static str"),
        (_, false) => ("", "String"),
    };
    let _ = writeln!(code, "    /// {:?}", sample(reference));
    let _ = writeln!(code, "    pub {qualifier}fn {key}(lang: Lang{parameters}) -> {result} {{");
    let _ = writeln!(code, "        match lang {{");
    for (language, text) in forms {
        let _ = writeln!(code, "            Lang::{} => {},", variant(language), expression(text));
    }
    code.push_str("        }\n    }\n\n");
}

fn expression(text: &Text) -> String {
    match text {
        Text::Plain(text) => plain(text),
        Text::Plural(forms) => {
            format!(
                "if count.is_one() {{ {} }} else {{ {} }}",
                owned(&forms.one),
                plain(&forms.other)
            )
        }
        Text::List(texts) => format!("&{texts:?}"),
    }
}

fn plain(text: &str) -> String {
    if text.contains('{') { format!("format!({text:?})") } else { format!("{text:?}") }
}

fn owned(text: &str) -> String {
    if text.contains('{') { plain(text) } else { format!("{text:?}.to_owned()") }
}

fn sample(text: &Text) -> String {
    match text {
        Text::Plain(text) => text.clone(),
        Text::Plural(forms) => forms.other.clone(),
        Text::List(texts) => texts.join(", "),
    }
}

/// The variant of `shared::Lang`: `id` is `Id`.
fn variant(language: &str) -> String {
    let mut letters = language.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
