//! The application: who is signed in decides between login and the pages.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{ParamSegment, StaticSegment};

use crate::components::shell::Shell;
use crate::components::state::NotFound;
use crate::components::toasts::Toasts;
use crate::core::session::{self, Session};
use crate::pages;
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
                Stage::Login => view! { <pages::login::LoginPage /> }.into_any(),
                Stage::NewPassword => view! { <pages::login::NewPasswordPage /> }.into_any(),
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
                <Route path=StaticSegment("") view=pages::dashboard::DashboardPage />
                <Route path=StaticSegment("login") view=pages::dashboard::DashboardPage />
                // jobs
                <Route path=StaticSegment("jobs") view=pages::jobs::JobsPage />
                <Route
                    path=(StaticSegment("jobs"), StaticSegment("new"))
                    view=pages::jobs::new::NewJobPage
                />
                <Route
                    path=(StaticSegment("jobs"), ParamSegment("id"))
                    view=pages::jobs::detail::JobPage
                />
                <Route
                    path=(StaticSegment("jobs"), ParamSegment("id"), StaticSegment("edit"))
                    view=pages::jobs::edit::EditJobPage
                />
            // customers
            // technicians
            // inventory
            // imports
            // users, settings, profile
            </FlatRoutes>
        </Shell>
    }
}
