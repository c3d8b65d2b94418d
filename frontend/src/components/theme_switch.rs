//! Theme switch.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::core::theme::{Theme, set_theme, theme};
use crate::tr;

/// Steps through the looks: as the system, light, dark.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let next = || match theme() {
        Theme::System => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    };
    let icon = || match theme() {
        Theme::System => IconName::Monitor,
        Theme::Light => IconName::Sun,
        Theme::Dark => IconName::Moon,
    };
    let word = || {
        let chosen = match theme() {
            Theme::System => tr!(common.theme.system),
            Theme::Light => tr!(common.theme.light),
            Theme::Dark => tr!(common.theme.dark),
        };
        format!("{}: {chosen}", tr!(common.theme.title))
    };
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-sm btn-square"
            title=word
            aria-label=word
            on:click=move |_| set_theme(next())
            data-testid="theme"
        >
            {move || view! { <Icon name=icon() /> }}
        </button>
    }
}
