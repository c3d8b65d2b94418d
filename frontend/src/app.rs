//! The application: who is signed in decides between login and the pages.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Router};

use crate::components::shell::Shell;
use crate::components::state::NotFound;
use crate::components::toasts::Toasts;
use crate::core::pages::Routes;
use crate::core::session::{self, Session};
use crate::pages::login;
use crate::tl;

/// What the screen shows.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Restoring,
    Login,
    NewPassword,
    Pages,
}

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    crate::core::start();
    session::restore();
    let stage = Memo::new(|_| match session::session() {
        Session::Restoring => Stage::Restoring,
        Session::SignedOut => Stage::Login,
        Session::SignedIn(user) if user.must_change_password => Stage::NewPassword,
        Session::SignedIn(_) => Stage::Pages,
    });
    view! {
        <Router>
            {move || match stage.get() {
                Stage::Restoring => restoring().into_any(),
                Stage::Login => view! { <login::LoginPage /> }.into_any(),
                Stage::NewPassword => view! { <login::NewPasswordPage /> }.into_any(),
                Stage::Pages => view! { <Pages /> }.into_any(),
            }}
        </Router>
        <Toasts />
    }
}

fn restoring() -> impl IntoView {
    view! {
        <div class="boot" role="status">
            <span class="loading loading-spinner" aria-hidden="true"></span>
            <span class="sr-only">{tl!(common.loading)}</span>
        </div>
    }
}

#[component]
fn Pages() -> impl IntoView {
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
