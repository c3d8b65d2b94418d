//! Languages of the product.

crate::text_enum! {
    /// Language of the user interface. Indonesian is the default.
    Lang {
        Id => "id",
        En => "en",
    }
}

impl Lang {
    /// Language of stored texts that concern the whole organisation, for example titles of jobs.
    pub const ORGANISATION: Lang = Lang::Id;

    /// The first supported language of an `Accept-Language` header, otherwise Indonesian.
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
