//! Theme switch.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::core::theme::{Theme, use_theme};
use crate::tr;

/// Returns the icon of a theme.
pub const fn theme_icon(theme: Theme) -> IconName {
    match theme {
        Theme::System => IconName::Monitor,
        Theme::Light => IconName::Sun,
        Theme::Dark => IconName::Moon,
    }
}

/// Returns the name of a theme; tracks the language.
pub fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => tr!(common.theme.system),
        Theme::Light => tr!(common.theme.light),
        Theme::Dark => tr!(common.theme.dark),
    }
}

/// Button that steps through the themes.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = use_theme();
    let next = move || {
        let index = Theme::ALL.iter().position(|one| *one == theme.get()).unwrap_or_default();
        Theme::ALL[(index + 1) % Theme::ALL.len()]
    };
    let label = move || format!("{}: {}", tr!(common.theme.title), theme_name(theme.get()));
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-sm btn-square"
            title=label
            aria-label=label
            on:click=move |_| theme.set(untrack(next))
            data-testid="theme"
        >
            {move || view! { <Icon name=theme_icon(theme.get()) /> }}
        </button>
    }
}
