//! The languages that the product speaks.

crate::text_enum! {
    /// A language of the interface. Indonesian is the default everywhere.
    Lang {
        Id => "id",
        En => "en",
    }
}

impl Lang {
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
