//! What somebody who is signed in sees: the frame with the page of the current address. It is a chunk of its own, so
//! that signing in loads neither the navigation nor the live connection.

use leptos::prelude::*;
use leptos_router::components::FlatRoutes;

use super::lazy_page::Page;
use super::routes::Routes;
use super::shell::Shell;
use crate::chunk;
use crate::components::page_states::NotFound;

/// How the frame is loaded.
pub static FRAME: Page = chunk!("/", Frame = crate::app::frame::FramePage);

/// The frame and the router of the pages.
#[component]
fn FramePage() -> impl IntoView {
    view! {
        <Shell>
            <FlatRoutes fallback=NotFound>
                <AllPages />
            </FlatRoutes>
        </Shell>
    }
}

#[component(transparent)]
fn AllPages() -> Routes {
    Routes::new()
}
