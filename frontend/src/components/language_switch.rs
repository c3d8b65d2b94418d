//! Language switch.

use leptos::prelude::*;
use shared::Lang;

use crate::core::i18n::{lang, set_lang};
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
