//! Language switch: one button per language of the interface.

use leptos::prelude::*;
use shared::Lang;

use crate::core::i18n::{lang, language_name, set_lang};
use crate::tl;

/// Short buttons for the top bar: `ID`, `EN`.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let button = |own: Lang| {
        view! {
            <button
                type="button"
                class="btn btn-xs join-item"
                class:btn-active=move || lang() == own
                aria-pressed=move || (lang() == own).to_string()
                aria-label=move || language_name(own)
                on:click=move |_| set_lang(own)
                data-testid=format!("lang-{own}")
            >
                {own.as_str().to_uppercase()}
            </button>
        }
    };
    view! {
        <div class="join" role="group" aria-label=tl!(common.lang.title)>
            {Lang::ALL.iter().copied().map(button).collect_view()}
        </div>
    }
}
