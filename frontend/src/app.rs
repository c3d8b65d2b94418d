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
                <Route path=StaticSegment("customers") view=pages::customers::CustomersPage />
                <Route
                    path=(StaticSegment("customers"), StaticSegment("new"))
                    view=pages::customers::new::NewCustomerPage
                />
                <Route
                    path=(StaticSegment("customers"), StaticSegment("import"))
                    view=pages::imports::ImportCustomersPage
                />
                <Route
                    path=(StaticSegment("customers"), ParamSegment("id"))
                    view=pages::customers::detail::CustomerPage
                />
                <Route
                    path=(StaticSegment("customers"), ParamSegment("id"), StaticSegment("edit"))
                    view=pages::customers::edit::EditCustomerPage
                />
                <Route path=StaticSegment("plans") view=pages::plans::PlansPage />
                // technicians
                <Route path=StaticSegment("technicians") view=pages::technicians::TechniciansPage />
                <Route
                    path=(StaticSegment("technicians"), StaticSegment("new"))
                    view=pages::technicians::new::NewTechnicianPage
                />
                <Route
                    path=(StaticSegment("technicians"), ParamSegment("id"))
                    view=pages::technicians::detail::TechnicianPage
                />
                <Route
                    path=(StaticSegment("technicians"), ParamSegment("id"), StaticSegment("edit"))
                    view=pages::technicians::edit::EditTechnicianPage
                />
                // inventory
                <Route path=StaticSegment("inventory") view=pages::inventory::InventoryPage />
                <Route
                    path=(StaticSegment("inventory"), StaticSegment("new"))
                    view=pages::inventory::new::NewItemPage
                />
                <Route
                    path=(StaticSegment("inventory"), StaticSegment("import"))
                    view=pages::imports::ImportItemsPage
                />
                <Route
                    path=(StaticSegment("inventory"), StaticSegment("movements"))
                    view=pages::inventory::movements::MovementsPage
                />
                <Route
                    path=(StaticSegment("inventory"), StaticSegment("movements"), StaticSegment("new"))
                    view=pages::inventory::movements::new::NewMovementPage
                />
                <Route
                    path=(StaticSegment("inventory"), ParamSegment("id"))
                    view=pages::inventory::detail::ItemPage
                />
                <Route
                    path=(StaticSegment("inventory"), ParamSegment("id"), StaticSegment("edit"))
                    view=pages::inventory::edit::EditItemPage
                />
                // users, settings, profile
                <Route path=StaticSegment("users") view=pages::users::UsersPage />
                <Route path=StaticSegment("settings") view=pages::settings::SettingsPage />
                <Route path=StaticSegment("profile") view=pages::profile::ProfilePage />
            </FlatRoutes>
        </Shell>
    }
}
