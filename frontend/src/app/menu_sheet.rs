//! Menu of a phone with everything that the bottom bar has no room for.
//!
//! A popover and not a modal dialog: behind a dialog the page becomes inert, so the browser computes the style of
//! everything on it anew, which took half a second with a long list on a slow phone. The browser closes a popover on
//! Escape and gives the focus back to the button. It fills the screen, so that a press beside the menu reaches nothing
//! else.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::nav_link::NavLink;
use super::navigation;
use crate::components::icon::{Icon, IconName};
use crate::tl;

/// The id of the menu; a button with it as `popovertarget` opens the menu.
pub const MENU_SHEET: &str = "menu-sheet";

/// The menu. It closes when another page is opened.
#[component]
pub fn MenuSheet() -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move || {
        path.track();
        hide();
    });
    // A press on the sheet itself has another target.
    let close_beside = |event: MouseEvent| {
        if event.target() == event.current_target() {
            hide();
        }
    };
    view! {
        <div
            id=MENU_SHEET
            popover="auto"
            role="dialog"
            aria-label=tl!(common.menu)
            class="menu-sheet fixed inset-0 m-0 h-dvh max-h-none w-full max-w-none flex-col justify-end overscroll-contain border-0 bg-black/40 p-0 text-base-content"
            on:click=close_beside
            data-testid="more-menu"
        >
            <div class="max-h-[85dvh] overflow-y-auto overscroll-contain rounded-t-box bg-base-100 pb-[env(safe-area-inset-bottom)] shadow">
                <div class="flex items-center gap-2 border-b border-base-300 px-4 py-3">
                    <h2 class="grow text-lg font-semibold">{tl!(common.menu)}</h2>
                    <button
                        type="button"
                        class="btn btn-ghost btn-sm btn-square"
                        aria-label=tl!(common.close)
                        on:click=|_| hide()
                        autofocus
                    >
                        <Icon name=IconName::Close />
                    </button>
                </div>
                // Also when the entry of the open page is chosen.
                <ul class="menu w-full gap-1 p-4" on:click=|_| hide()>
                    <For each=navigation::visible key=|item| item.path let:item>
                        <li><NavLink item=item testid=format!("more-{}", item.name) /></li>
                    </For>
                </ul>
            </div>
        </div>
    }
}

/// Closes the menu; has no effect while it is closed.
fn hide() {
    if let Some(menu) = element() {
        let _ = menu.class_list().remove_1(OPEN_CLASS);
        if has_popovers(&menu) {
            let _ = menu.hide_popover();
        }
    }
}

/// Opens the menu in a browser that knows no popovers (before Chrome 114, Firefox 125 and Safari 17); the others open it by
/// themselves.
pub fn show_without_popover() {
    if let Some(menu) = element().filter(|menu| !has_popovers(menu)) {
        let _ = menu.class_list().add_1(OPEN_CLASS);
    }
}

/// Shows the menu where there are no popovers.
const OPEN_CLASS: &str = "menu-sheet-open";

fn element() -> Option<HtmlElement> {
    document().get_element_by_id(MENU_SHEET).map(JsCast::unchecked_into)
}

fn has_popovers(menu: &HtmlElement) -> bool {
    js_sys::Reflect::has(menu, &"hidePopover".into()).unwrap_or(false)
}
