//! Frame of every page: top bar and navigation, at the left or, on a phone, at the bottom.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use shared::live::LiveEvent;

use super::account_menu::AccountMenu;
use super::lazy_page::use_page_loading;
use super::menu_sheet::{MENU_SHEET, MenuSheet, show_without_popover};
use super::nav_link::{NavLink, PendingBadge, is_current};
use super::navigation;
use crate::api;
use crate::components::connection_status::ConnectionStatus;
use crate::components::icon::{Icon, IconName};
use crate::components::language_switch::LanguageSwitch;
use crate::components::theme_switch::ThemeSwitch;
use crate::core::pending_counts::{provide_pending_counts, use_pending_counts};
use crate::core::{live, session};
use crate::{tl, tr};

/// Number of entries in the bottom bar of a phone beside "more".
const BOTTOM_ITEMS: usize = 4;

/// The frame; keeps the live connection while it is mounted.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    live::start();
    on_cleanup(live::stop);
    provide_pending_counts();
    let page_loading = use_page_loading();
    live::on_event(|event| {
        let own = session::user().map(|user| user.id);
        match event {
            LiveEvent::UserChanged(user) if Some(user.id) == own => spawn_local(async {
                if !api::client::refresh().await {
                    session::expire();
                }
            }),
            // It may be the session of this device: any call shows whether it still works.
            LiveEvent::SessionEnded(session) if Some(session.user_id) == own => {
                spawn_local(async {
                    let _ = api::auth::sessions().await;
                });
            }
            _ => {}
        }
    });
    let path = use_location().pathname;
    Effect::new(move |first: Option<()>| {
        path.track();
        if first.is_some() {
            focus_main();
        }
    });
    view! {
        <a
            href="#main"
            on:click=move |event| {
                // The router only scrolls to the target of a link; the focus has to follow.
                event.prevent_default();
                focus_main();
            }
            class="btn btn-primary btn-sm sr-only z-50 focus:not-sr-only focus:fixed focus:left-2 focus:top-2"
        >
            {tl!(common.skip)}
        </a>
        <Show when=move || page_loading.is_active()>
            <progress
                class="progress progress-primary fixed inset-x-0 top-0 z-50 h-0.5 w-full rounded-none"
                aria-label=tl!(common.loading)
            ></progress>
        </Show>
        <div class="flex min-h-dvh">
            <SideNav />
            <div class="flex min-w-0 grow flex-col">
                <TopBar />
                <main
                    id="main"
                    tabindex="-1"
                    class="w-full max-w-screen-2xl grow p-3 pb-20 outline-none sm:p-4 sm:pb-20 lg:p-6 lg:pb-6"
                >
                    {children()}
                </main>
            </div>
        </div>
        <BottomBar />
        <MenuSheet />
    }
}

/// Moves the focus to the new page, so that keyboard and screen reader continue there.
fn focus_main() {
    use wasm_bindgen::JsCast;
    if let Some(main) = document().get_element_by_id("main") {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = main.unchecked_into::<web_sys::HtmlElement>().focus_with_options(&options);
    }
}

#[component]
fn TopBar() -> impl IntoView {
    view! {
        <header class="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-base-300 bg-base-100 px-3">
            <a href="/" class="flex items-center gap-2 font-semibold lg:hidden">
                <Icon name=IconName::Wifi class="size-5 text-primary" />
                <span class="max-[22rem]:sr-only">"ISP"</span>
            </a>
            <div class="grow"></div>
            <ConnectionStatus />
            <LanguageSwitch />
            <ThemeSwitch />
            <AccountMenu />
        </header>
    }
}

#[component]
fn SideNav() -> impl IntoView {
    view! {
        <nav
            class="sticky top-0 hidden h-dvh w-52 shrink-0 flex-col border-r border-base-300 bg-base-100 lg:flex"
            aria-label=tl!(common.menu)
        >
            <a href="/" class="flex h-12 items-center gap-2 border-b border-base-300 px-4 font-semibold">
                <Icon name=IconName::Wifi class="size-5 text-primary" />
                {tl!(common.app)}
            </a>
            <ul class="menu w-full gap-0.5 p-2">
                <For each=navigation::visible key=|item| item.path let:item>
                    <li><NavLink item=item testid=format!("nav-{}", item.name) /></li>
                </For>
            </ul>
        </nav>
    }
}

#[component]
fn BottomBar() -> impl IntoView {
    let path = use_location().pathname;
    let first = || navigation::visible().into_iter().take(BOTTOM_ITEMS).collect::<Vec<_>>();
    // The counts of the entries that do not fit into this bar are shown at "more".
    let counts = use_pending_counts();
    let hidden = Signal::derive(move || {
        let items = navigation::visible().into_iter().skip(BOTTOM_ITEMS);
        items.map(|item| (item.pending)(counts)).sum::<i64>()
    });
    view! {
        <nav
            class="fixed inset-x-0 bottom-0 z-30 flex border-t border-base-300 bg-base-100 pb-[env(safe-area-inset-bottom)] lg:hidden"
            aria-label=tl!(common.menu)
        >
            <For each=first key=|item| item.path let:item>
                <a
                    href=item.path
                    class="flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-xs"
                    class=("text-primary", move || is_current(&item, &path.get()))
                    class=("font-semibold", move || is_current(&item, &path.get()))
                    aria-current=move || is_current(&item, &path.get()).then_some("page")
                    data-testid=format!("bottom-{}", item.name)
                >
                    <Icon name=item.icon class="size-5" />
                    <span class="max-w-full truncate">{move || (item.label)()}</span>
                </a>
            </For>
            <Show when=|| { navigation::visible().len() > BOTTOM_ITEMS }>
                <button
                    type="button"
                    class="flex h-14 min-w-0 flex-1 cursor-pointer flex-col items-center justify-center gap-0.5 text-xs"
                    aria-haspopup="dialog"
                    popovertarget=MENU_SHEET
                    on:click=|_| show_without_popover()
                    data-testid="bottom-more"
                >
                    <span class="relative">
                        <Icon name=IconName::More class="size-5" />
                        <span class="absolute -top-2.5 left-4">
                            <PendingBadge count=hidden />
                        </span>
                    </span>
                    {move || tr!(common.more)}
                </button>
            </Show>
        </nav>
    }
}
