//! Languages of the product.

crate::text_enum! {
    /// Language of the user interface. Indonesian is the default.
    #[derive(Default)]
    Lang {
        #[default]
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
