//! The languages that the product speaks.

crate::text_enum! {
    /// A language of the interface. Indonesian is the default everywhere.
    #[derive(Default)]
    Lang {
        #[default]
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
            .find_map(|part| Self::from_tag(part.trim().split(';').next()?))
            .unwrap_or_default()
    }

    /// The language of a tag such as `en-US`; `None` if the product does not speak it. Older systems call
    /// Indonesian `in`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?.to_ascii_lowercase();
        match primary.as_str() {
            "in" => Some(Lang::Id),
            code => code.parse().ok(),
        }
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
