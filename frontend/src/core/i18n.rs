//! Language of the interface: Indonesian first, English second.
//!
//! Texts are in `locales/<language>/<area>.json`. `tr!(area.key)` returns the text now (and makes the surrounding
//! closure follow the language); `tl!(area.key)` is `move || tr!(…)`, for views and for properties that take a
//! closure.

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

/// Returns the text of a key in the current language; tracks the language.
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

/// Returns a closure with the text of a key: `{tl!(jobs.title)}`, `label=tl!(jobs.title)`.
#[macro_export]
macro_rules! tl {
    ($($tokens:tt)*) => {
        (move || $crate::tr!($($tokens)*))
    };
}

/// Returns the current language as the locale of the texts. Tracks inside a reactive context.
pub fn locale() -> Locale {
    if Observer::get().is_some() { LOCALE.get() } else { LOCALE.get_untracked() }
}

/// Returns the current language. Tracks inside a reactive context.
pub fn lang() -> Lang {
    to_lang(locale())
}

/// Returns the current language without tracking.
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

/// Restores the stored language.
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
