//! Account menu of the top bar.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::core::labels::Label;
use crate::core::session;
use crate::tl;

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
