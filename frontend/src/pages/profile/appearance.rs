//! Language and look, kept in this browser.

use leptos::prelude::*;
use shared::Lang;

use crate::components::icon::{Icon, IconName};
use crate::core::i18n::{lang, set_lang};
use crate::core::theme::{Theme, set_theme, theme};
use crate::{tl, tr};

/// The two choices; each takes effect at once.
#[component]
pub fn Appearance() -> impl IntoView {
    let language = |own: Lang, name: fn() -> &'static str| {
        view! {
            <button
                type="button"
                class="btn btn-sm join-item font-normal"
                class:btn-active=move || lang() == own
                aria-pressed=move || (lang() == own).to_string()
                on:click=move |_| set_lang(own)
                data-testid=format!("profile-lang-{own}")
            >
                {name}
            </button>
        }
    };
    let look = |own: Theme, icon: IconName, name: fn() -> &'static str, testid: &'static str| {
        view! {
            <button
                type="button"
                class="btn btn-sm join-item font-normal"
                class:btn-active=move || theme() == own
                aria-pressed=move || (theme() == own).to_string()
                on:click=move |_| set_theme(own)
                data-testid=testid
            >
                <Icon name=icon />
                {name}
            </button>
        }
    };
    view! {
        <div class="flex flex-col gap-4 p-4">
            <div>
                <p class="mb-1 text-sm font-medium" id="profile-lang">{tl!(common.lang.title)}</p>
                <div class="join" role="group" aria-labelledby="profile-lang">
                    {language(Lang::Id, || tr!(common.lang.id))}
                    {language(Lang::En, || tr!(common.lang.en))}
                </div>
            </div>
            <div>
                <p class="mb-1 text-sm font-medium" id="profile-theme">{tl!(common.theme.title)}</p>
                <div class="join flex-wrap" role="group" aria-labelledby="profile-theme">
                    {look(Theme::System, IconName::Monitor, || tr!(common.theme.system), "theme-system")}
                    {look(Theme::Light, IconName::Sun, || tr!(common.theme.light), "theme-light")}
                    {look(Theme::Dark, IconName::Moon, || tr!(common.theme.dark), "theme-dark")}
                </div>
            </div>
        </div>
    }
}
