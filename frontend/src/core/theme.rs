//! Light, dark, or as the system says.

use std::sync::LazyLock;

use leptos::prelude::*;

use crate::browser::storage;

const KEY: &str = "isp-theme";

/// The chosen look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    /// The name of the style sheet's theme; none follows the system.
    const fn sheet(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("isp-light"),
            Theme::Dark => Some("isp-dark"),
        }
    }
}

static THEME: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| ArcRwSignal::new(Theme::System));

/// The chosen theme. Tracks.
pub fn theme() -> Theme {
    THEME.get()
}

/// Changes the theme and remembers it.
pub fn set_theme(theme: Theme) {
    match theme.sheet() {
        None => storage::remove(KEY),
        Some(sheet) => storage::write(KEY, sheet),
    }
    apply(theme);
}

/// Takes up the remembered theme.
pub fn restore() {
    let stored = storage::read(KEY);
    let known = [Theme::Light, Theme::Dark].into_iter();
    let chosen = known.into_iter().find(|theme| stored.as_deref() == theme.sheet());
    apply(chosen.unwrap_or(Theme::System));
}

fn apply(theme: Theme) {
    THEME.set(theme);
    if let Some(root) = document().document_element() {
        let _ = match theme.sheet() {
            None => root.remove_attribute("data-theme"),
            Some(sheet) => root.set_attribute("data-theme", sheet),
        };
    }
}
