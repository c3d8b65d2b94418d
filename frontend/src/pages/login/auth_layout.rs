//! Layout of the pages before the application.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::components::language_switch::LanguageSwitch;
use crate::components::theme_switch::ThemeSwitch;
use crate::tl;

/// A narrow page with a heading and an explanation.
#[component]
pub fn AuthLayout(
    #[prop(into)] title: TextProp,
    #[prop(into)] hint: TextProp,
    children: Children,
) -> impl IntoView {
    view! {
        <main class="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-6 p-4">
            <div class="flex items-center gap-2">
                <Icon name=IconName::Wifi class="size-7 text-primary" />
                <span class="grow text-lg font-semibold">{tl!(common.app)}</span>
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
            <div class="rounded-box border border-base-300 bg-base-100 p-6 shadow-sm">
                <h1 class="text-xl font-semibold">{move || title.get()}</h1>
                <p class="mb-4 text-muted">{move || hint.get()}</p>
                {children()}
            </div>
        </main>
    }
}
