//! The languages that the product speaks.

crate::text_enum! {
    /// A language of the interface. Indonesian is the default everywhere.
    Lang {
        Id => "id",
        En => "en",
    }
}

impl Lang {
    /// The language of texts that the system stores for the whole organisation, for instance titles of
    /// jobs.
    pub const ORGANISATION: Lang = Lang::Id;

    /// The first language of an `Accept-Language` header that the product speaks, else Indonesian.
    pub fn from_accept_language(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| part.trim().split([';', '-']).next())
            .find_map(|tag| match tag.to_ascii_lowercase().as_str() {
                "id" | "in" => Some(Lang::Id),
                "en" => Some(Lang::En),
                _ => None,
            })
            .unwrap_or(Lang::Id)
    }
}

/// A fixed text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Localized {
    pub id: &'static str,
    pub en: &'static str,
}

impl Localized {
    /// The text in a language.
    pub const fn in_lang(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Id => self.id,
            Lang::En => self.en,
        }
    }
}
