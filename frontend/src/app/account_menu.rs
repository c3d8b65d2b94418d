//! Account menu of the top bar: who is signed in, the profile, and signing out.
//!
//! It follows the menu button pattern: the arrow keys move between the items, Escape closes the menu and gives the
//! focus back to the button, Tab and a press outside close it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::icon::{Icon, IconName};
use crate::core::labels::Label;
use crate::core::{photo_queue, session};
use crate::tl;

/// The button and the menu that it opens.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    close_on_press_outside(root, open);
    let name = || session::user().map(|user| user.name).unwrap_or_default();
    let toggle = move |_| open.update(|open| *open = !*open);
    let keys = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" if open.get_untracked() => {
            event.prevent_default();
            open.set(false);
            focus(button.get_untracked());
        }
        "ArrowDown" if !open.get_untracked() => {
            event.prevent_default();
            open.set(true);
        }
        "Tab" => open.set(false),
        _ => {}
    };
    view! {
        <div class="relative" node_ref=root on:keydown=keys>
            <button
                node_ref=button
                type="button"
                class="btn btn-ghost btn-sm gap-1.5"
                aria-label=tl!(common.user.menu)
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                aria-controls="account-menu"
                on:click=toggle
                data-testid="account"
            >
                <Icon name=IconName::Person />
                <span class="max-w-40 truncate max-md:hidden">{name}</span>
                <Icon name=IconName::ChevronDown class="size-3" />
            </button>
            <div
                id="account-menu"
                class="absolute right-0 z-40 mt-1 w-56 rounded-box border border-base-300 bg-base-100 p-2 shadow"
                class:hidden=move || !open.get()
            >
                <Show when=move || open.get()>
                    <MenuContent open=open />
                </Show>
            </div>
        </div>
    }
}

#[component]
fn MenuContent(open: RwSignal<bool>) -> impl IntoView {
    let name = || session::user().map(|user| user.name).unwrap_or_default();
    let role = || session::user().map(|user| user.role.label()).unwrap_or_default();
    let profile = NodeRef::<html::A>::new();
    let sign_out = NodeRef::<html::Button>::new();
    // The items are rendered after this effect.
    Effect::new(move || {
        if let Some(first) = profile.get() {
            request_animation_frame(move || focus(Some(first)));
        }
    });
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let on_first = profile
            .get_untracked()
            .is_some_and(|first| document().active_element().as_deref() == Some(first.as_ref()));
        match event.key().as_str() {
            // With two items, up and down both lead to the other one.
            "ArrowDown" | "ArrowUp" if on_first => focus(sign_out.get_untracked()),
            "ArrowDown" | "ArrowUp" | "Home" => focus(profile.get_untracked()),
            "End" => focus(sign_out.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="border-b border-base-300 px-2 pb-2">
            <p class="truncate font-medium" data-testid="account-name">{name}</p>
            <p class="text-sm text-muted">{role}</p>
        </div>
        <ul
            class="menu w-full p-0 pt-2"
            role="menu"
            aria-label=tl!(common.user.menu)
            on:keydown=keys
        >
            <li role="none">
                <a
                    node_ref=profile
                    role="menuitem"
                    tabindex="-1"
                    href="/profile"
                    on:click=move |_| open.set(false)
                    data-testid="nav-profile"
                >
                    <Icon name=IconName::Person />
                    {tl!(common.user.profile)}
                </a>
            </li>
            <li role="none">
                <button
                    node_ref=sign_out
                    type="button"
                    role="menuitem"
                    tabindex="-1"
                    on:click=move |_| {
                        photo_queue::clear();
                        session::sign_out();
                    }
                    data-testid="sign-out"
                >
                    <Icon name=IconName::SignOut />
                    {tl!(common.user.sign_out)}
                </button>
            </li>
        </ul>
    }
}

fn focus(element: Option<impl AsRef<HtmlElement>>) {
    if let Some(element) = element {
        let _ = element.as_ref().focus();
    }
}

fn close_on_press_outside(root: NodeRef<html::Div>, open: RwSignal<bool>) {
    let listener = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = root.get_untracked().is_some_and(|root| root.contains(target.as_ref()));
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || listener.remove());
}
