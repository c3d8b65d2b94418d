//! The menus of the top bar: language, theme, account.

use leptos::prelude::*;
use shared::Lang;

use super::icon::{Icon, IconName};
use crate::core::i18n::{lang, set_lang};
use crate::core::labels::Label;
use crate::core::session;
use crate::core::theme::{Theme, set_theme, theme};
use crate::{tl, tr};

/// Switches between the two languages.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let button = |own: Lang, short: &'static str, name: fn() -> &'static str| {
        view! {
            <button
                type="button"
                class="btn btn-xs join-item"
                class:btn-active=move || lang() == own
                aria-pressed=move || (lang() == own).to_string()
                aria-label=name
                on:click=move |_| set_lang(own)
                data-testid=format!("lang-{own}")
            >
                {short}
            </button>
        }
    };
    view! {
        <div class="join" role="group" aria-label=tl!(common.lang.title)>
            {button(Lang::Id, "ID", || tr!(common.lang.id))}
            {button(Lang::En, "EN", || tr!(common.lang.en))}
        </div>
    }
}

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

/// Who is signed in, and the way out.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let name = || session::user().map(|user| user.name).unwrap_or_default();
    let role = || session::user().map(|user| user.role.label()).unwrap_or_default();
    view! {
        <div class="dropdown dropdown-end">
            <button
                type="button"
                tabindex="0"
                class="btn btn-ghost btn-sm gap-1.5"
                aria-label=tl!(common.user.menu)
                data-testid="account"
            >
                <Icon name=IconName::Person />
                <span class="max-w-40 truncate max-md:hidden">{name}</span>
                <Icon name=IconName::ChevronDown class="size-3" />
            </button>
            <div
                tabindex="0"
                class="dropdown-content z-40 mt-1 w-56 rounded-box border border-base-300 bg-base-100 p-2 shadow"
            >
                <div class="border-b border-base-300 px-2 pb-2">
                    <p class="truncate font-medium" data-testid="account-name">{name}</p>
                    <p class="text-sm text-muted">{role}</p>
                </div>
                <ul class="menu w-full p-0 pt-2">
                    <li>
                        <a href="/profile" data-testid="nav-profile">
                            <Icon name=IconName::Person />
                            {tl!(common.user.profile)}
                        </a>
                    </li>
                    <li>
                        <button
                            type="button"
                            on:click=move |_| session::sign_out()
                            data-testid="sign-out"
                        >
                            <Icon name=IconName::SignOut />
                            {tl!(common.user.sign_out)}
                        </button>
                    </li>
                </ul>
            </div>
        </div>
    }
}
