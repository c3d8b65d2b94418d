//! Appearance settings of this browser: language and theme.

use leptos::prelude::*;
use shared::Lang;

use crate::components::icon::Icon;
use crate::components::theme_switch::{theme_icon, theme_name};
use crate::core::i18n::{lang, language_name, set_lang};
use crate::core::theme::{Theme, use_theme};
use crate::tl;

/// The two choices; each takes effect at once.
#[component]
pub fn Appearance() -> impl IntoView {
    let chosen = use_theme();
    let language = |own: Lang| {
        view! {
            <button
                type="button"
                class="btn btn-sm join-item font-normal"
                class:btn-active=move || lang() == own
                aria-pressed=move || (lang() == own).to_string()
                on:click=move |_| set_lang(own)
                data-testid=format!("profile-lang-{own}")
            >
                {move || language_name(own)}
            </button>
        }
    };
    let theme = move |own: Theme| {
        let testid = match own {
            Theme::System => "theme-system",
            Theme::Light => "theme-light",
            Theme::Dark => "theme-dark",
        };
        view! {
            <button
                type="button"
                class="btn btn-sm join-item font-normal"
                class:btn-active=move || chosen.get() == own
                aria-pressed=move || (chosen.get() == own).to_string()
                on:click=move |_| chosen.set(own)
                data-testid=testid
            >
                <Icon name=theme_icon(own) />
                {move || theme_name(own)}
            </button>
        }
    };
    view! {
        <div class="flex flex-col gap-4 p-4">
            <div>
                <p class="mb-1 text-sm font-medium" id="profile-lang">{tl!(common.lang.title)}</p>
                <div class="join" role="group" aria-labelledby="profile-lang">
                    {Lang::ALL.iter().copied().map(language).collect_view()}
                </div>
            </div>
            <div>
                <p class="mb-1 text-sm font-medium" id="profile-theme">{tl!(common.theme.title)}</p>
                <div class="join flex-wrap" role="group" aria-labelledby="profile-theme">
                    {Theme::ALL.map(theme).collect_view()}
                </div>
            </div>
        </div>
    }
}
