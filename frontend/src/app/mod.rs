//! The application: chooses between the sign-in pages and the pages of the signed-in person.

mod account_menu;
mod frame;
mod lazy_page;
mod menu_sheet;
mod nav_link;
mod navigation;
mod pages;
mod prefetch;
mod routes;
mod shell;

use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;

use self::frame::FRAME;
use self::lazy_page::{FullPageSpinner, StandalonePage, provide_page_loading};
use self::pages::{NEW_PASSWORD, REGISTER, SECOND_FACTOR, SETUP};
use crate::api;
use crate::components::toasts::Toasts;
use crate::core::auth_options::{provide_auth_options, use_auth_options};
use crate::core::page_preloader::PagePreloader;
use crate::core::session::{self, Session, SessionApiContext};
use crate::core::theme::provide_theme;
use crate::core::{clock, i18n};
use crate::pages::login::LoginPage;

/// What the screen shows.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Restoring,
    SignedOut,
    NewPassword,
    SecondFactor,
    Pages,
}

/// The root component.
#[component]
pub fn App() -> impl IntoView {
    start();
    provide_theme();
    provide_auth_options();
    provide_page_loading();
    provide_context(PagePreloader::new(prefetch::prefetch_current_page));
    if session::restore() {
        prefetch::prefetch_current_page();
    }
    let stage = Memo::new(|_| match session::session() {
        Session::Restoring => Stage::Restoring,
        Session::SignedOut => Stage::SignedOut,
        Session::SignedIn(user) if user.must_change_password => Stage::NewPassword,
        Session::SignedIn(user) if user.second_factor_setup_required => Stage::SecondFactor,
        Session::SignedIn(_) => Stage::Pages,
    });
    view! {
        <Router>
            {move || match stage.get() {
                Stage::Restoring => view! { <FullPageSpinner /> }.into_any(),
                Stage::SignedOut => view! { <SignedOut /> }.into_any(),
                Stage::NewPassword => view! { <StandalonePage page=NEW_PASSWORD /> }.into_any(),
                Stage::SecondFactor => view! { <StandalonePage page=SECOND_FACTOR /> }.into_any(),
                Stage::Pages => view! { <StandalonePage page=FRAME /> }.into_any(),
            }}
        </Router>
        <Toasts />
    }
}

/// Restores stored choices and starts background tasks. Called once.
fn start() {
    api::context::install(SessionApiContext);
    i18n::restore();
    clock::start_clock();
    session::watch_other_tabs();
    prefetch::prefetch_linked_pages();
}

/// Sign-in, registration or first set-up, depending on the options of the server.
#[component]
fn SignedOut() -> impl IntoView {
    let options = use_auth_options();
    options.load();
    let path = use_location().pathname;
    let setting_up =
        Memo::new(move |_| options.get().is_some_and(|options| options.setup_required));
    let registering = Memo::new(move |_| path.get() == REGISTER.path);
    move || match (setting_up.get(), registering.get()) {
        (true, _) => view! { <StandalonePage page=SETUP /> }.into_any(),
        (false, true) => view! { <StandalonePage page=REGISTER /> }.into_any(),
        (false, false) => view! { <LoginPage /> }.into_any(),
    }
}
