//! Identity number (NIK): masked, and unmasked for those who may read it. The server records every unmasked read.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{CustomerId, Permission};

use crate::components::icon::{Icon, IconName};
use crate::core::error_text::ErrorText;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The number with the button that unmasks it.
#[component]
pub fn NikValue(id: CustomerId, masked: Option<String>) -> impl IntoView {
    let Some(masked) = masked else {
        return view! { <span class="text-muted">{tl!(common.none)}</span> }.into_any();
    };
    let full = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let toggle = move |_| {
        if full.get_untracked().is_some() {
            return full.set(None);
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::identity::nik(id).await;
            busy.try_set(false);
            match answer {
                Ok(answer) => {
                    full.try_set(Some(answer.nik));
                }
                Err(error) => toast::error(error.message()),
            }
        });
    };
    let shown = move || full.get().unwrap_or_else(|| masked.clone());
    let label = move || {
        if full.with(Option::is_some) { tr!(customers.hide_nik) } else { tr!(customers.show_nik) }
    };
    view! {
        <div class="flex flex-wrap items-center gap-x-2">
            <span data-testid="nik" aria-live="polite">{shown}</span>
            <Show when=|| session::can(Permission::CustomersIdentity)>
                <button
                    type="button"
                    class="btn btn-ghost btn-xs"
                    disabled=move || busy.get()
                    on:click=toggle
                    aria-describedby="nik-note"
                    data-testid="show-nik"
                >
                    {move || {
                        let icon = if full.with(Option::is_some) { IconName::EyeOff } else { IconName::Eye };
                        view! { <Icon name=icon /> }
                    }}
                    {label}
                </button>
            </Show>
        </div>
        <Show when=|| session::can(Permission::CustomersIdentity)>
            <p id="nik-note" class="text-sm text-muted">{tl!(identity.recorded)}</p>
        </Show>
    }
    .into_any()
}
