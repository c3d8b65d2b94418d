//! The language of the interface: Indonesian first, English second.
//!
//! Texts live in `locales/<language>/<area>.json`. `tr!(area.key)` gives the text now (and makes
//! the surrounding closure follow a change of language); `tl!(area.key)` is `move || tr!(…)`, for
//! views and for properties that take a closure.

use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use shared::Lang;

use crate::browser::storage;

#[allow(unused_imports, dead_code, clippy::all, reason = "generated")]
mod texts {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}

pub use texts::i18n::Locale;

const KEY: &str = "isp-lang";

static LOCALE: LazyLock<ArcRwSignal<Locale>> = LazyLock::new(|| ArcRwSignal::new(Locale::id));

/// The text of a key in the current language; tracks the language.
#[macro_export]
macro_rules! tr {
    ($($tokens:tt)*) => {
        $crate::__tr!($($tokens)*)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __tr {
    ($area:ident . $($key:ident).+ $(, $($args:tt)*)?) => {
        ::leptos_i18n::td_string!(
            $crate::core::i18n::locale(), $area.$($key).+ $(, $($args)*)?
        )
    };
}

/// A closure that gives the text of a key: `{tl!(jobs.title)}`, `label=tl!(jobs.title)`.
#[macro_export]
macro_rules! tl {
    ($($tokens:tt)*) => {
        (move || $crate::tr!($($tokens)*))
    };
}

/// The current language as the texts name it. Tracks, where something can follow.
pub fn locale() -> Locale {
    if Observer::get().is_some() { LOCALE.get() } else { LOCALE.get_untracked() }
}

/// The current language as the contract names it. Tracks, where something can follow.
pub fn lang() -> Lang {
    to_lang(locale())
}

/// The current language, outside of anything reactive.
pub fn lang_untracked() -> Lang {
    to_lang(LOCALE.get_untracked())
}

fn to_lang(locale: Locale) -> Lang {
    match locale {
        Locale::id => Lang::Id,
        Locale::en => Lang::En,
    }
}

/// Returns the name of a language; tracks the current language.
pub fn language_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Id => tr!(common.lang.id),
        Lang::En => tr!(common.lang.en),
    }
}

const fn to_locale(lang: Lang) -> Locale {
    match lang {
        Lang::Id => Locale::id,
        Lang::En => Locale::en,
    }
}

/// Switches the language and remembers it.
pub fn set_lang(lang: Lang) {
    storage::write(KEY, lang.as_str());
    apply(lang);
}

/// Takes up the remembered language.
pub fn restore() {
    let stored = storage::read(KEY).and_then(|text| text.parse().ok());
    apply(stored.unwrap_or(Lang::Id));
}

fn apply(lang: Lang) {
    LOCALE.set(to_locale(lang));
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", lang.as_str());
    }
}
