//! Theme: light, dark, or as the system says.

use leptos::prelude::*;

use crate::browser::storage;

const KEY: &str = "isp-theme";

/// A theme to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    /// Every theme, in the order in which the switch steps through them.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// Returns the name of the theme in the style sheet; none follows the system.
    const fn sheet(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("isp-light"),
            Theme::Dark => Some("isp-dark"),
        }
    }

    fn stored() -> Self {
        let stored = storage::read(KEY);
        let known = [Theme::Light, Theme::Dark].into_iter();
        let chosen = known.into_iter().find(|theme| stored.as_deref() == theme.sheet());
        chosen.unwrap_or(Theme::System)
    }
}

/// The chosen theme of this browser.
#[derive(Clone, Copy)]
pub struct ThemeSetting(RwSignal<Theme>);

/// Provides the theme that was chosen earlier and applies it.
pub fn provide_theme() {
    let theme = Theme::stored();
    apply(theme);
    provide_context(ThemeSetting(RwSignal::new(theme)));
}

/// Returns the provided theme.
pub fn use_theme() -> ThemeSetting {
    use_context().unwrap_or_else(|| ThemeSetting(RwSignal::new(Theme::System)))
}

impl ThemeSetting {
    /// Returns the chosen theme. Tracks.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Changes the theme and remembers it.
    pub fn set(self, theme: Theme) {
        match theme.sheet() {
            None => storage::remove(KEY),
            Some(sheet) => storage::write(KEY, sheet),
        }
        apply(theme);
        self.0.set(theme);
    }
}

fn apply(theme: Theme) {
    if let Some(root) = document().document_element() {
        let _ = match theme.sheet() {
            None => root.remove_attribute("data-theme"),
            Some(sheet) => root.set_attribute("data-theme", sheet),
        };
    }
}
