//! One page: loading its piece of the program, and what to do when it does not come.

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::ChooseView;
use leptos_router::hooks::use_url;
use leptos_router::location::Url;

use crate::api::ApiError;
use crate::components::page_states::{ErrorState, Skeleton};
use crate::core::version;

/// The piece of the program with the page did not come.
pub use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// A page and how its piece of the program is loaded. Made by [`page!`](crate::page).
#[derive(Clone, Copy)]
pub struct Page {
    /// As `/jobs/:id`.
    pub path: &'static str,
    /// Loads the piece, then makes the page.
    pub view: fn() -> LocalBoxFuture<'static, Result<AnyView, NotLoaded>>,
    /// Only loads the piece.
    pub load: fn() -> LocalBoxFuture<'static, Result<(), NotLoaded>>,
}

/// How many pages are being loaded.
#[derive(Clone, Copy, Default)]
pub struct PageLoading(RwSignal<u32>);

/// Provides the count of pages that are being loaded.
pub fn provide_page_loading() {
    provide_context(PageLoading::default());
}

/// Returns the provided count.
pub fn use_page_loading() -> PageLoading {
    use_context().unwrap_or_default()
}

impl PageLoading {
    /// Returns whether somebody waits for a page. Tracks.
    pub fn is_active(self) -> bool {
        self.0.get() > 0
    }
}

impl ChooseView for Page {
    /// Until the page is there, the one before stays on the screen.
    async fn choose(self) -> AnyView {
        let url = use_url();
        let loading = use_page_loading().0;
        loading.update(|count| *count += 1);
        let view = match (self.view)().await {
            Ok(view) => view,
            // Only a newer version can have taken the piece away while the server answers.
            Err(_) if version::is_outdated().await => {
                version::reload_at(&url.with_untracked(address));
                view! { <Skeleton /> }.into_any()
            }
            Err(_) => view! { <FailedPage page=self /> }.into_any(),
        };
        loading.update(|count| *count -= 1);
        view
    }

    async fn preload(&self) {
        // Whoever opens the page will be told.
        let _ = (self.load)().await;
    }
}

/// The router writes an address into the bar only when its page has come.
fn address(url: &Url) -> String {
    match url.search() {
        "" => url.path().to_owned(),
        search => format!("{}?{search}", url.path()),
    }
}

/// What stands in the place of a page that did not come, until another try brings it.
#[component]
fn FailedPage(page: Page) -> impl IntoView {
    let loaded = RwSignal::new(Some(false));
    view! { <PageSlot page=page loaded=loaded /> }
}

/// A page that no address leads to: it is loaded when it is shown.
#[component]
pub fn StandalonePage(page: Page) -> impl IntoView {
    let loaded = RwSignal::new(None);
    load_code(page, loaded);
    view! { <PageSlot page=page loaded=loaded /> }
}

/// Loads the piece of a page and notes whether it has come.
fn load_code(page: Page, loaded: RwSignal<Option<bool>>) {
    spawn_local(async move {
        let succeeded = (page.load)().await.is_ok();
        if !succeeded && version::is_outdated().await {
            return version::reload_at(&location().pathname().unwrap_or_default());
        }
        loaded.try_set(Some(succeeded));
    });
}

#[component]
fn PageSlot(page: Page, loaded: RwSignal<Option<bool>>) -> impl IntoView {
    let retry = move |()| load_code(page, loaded);
    move || {
        let view = match loaded.get() {
            None => return view! { <Skeleton /> }.into_any(),
            Some(true) => (page.view)().now_or_never(),
            Some(false) => None,
        };
        match view {
            Some(Ok(view)) => view,
            _ => view! { <ErrorState error=ApiError::Offline retry=retry /> }.into_any(),
        }
    }
}

/// A page: its address, the folder of `pages` and the component, which names the piece as well.
///
/// `page!("/jobs/:id", jobs::detail => JobPage)`; what follows a colon in the address is a parameter.
#[macro_export]
macro_rules! page {
    ($path:literal, $($module:ident)::+ => $component:ident) => {{
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split(
            $component,
            wasm_split_path = ::leptos::wasm_split,
            preload(load),
            fallible
        )]
        #[allow(non_snake_case, reason = "the page's name")]
        fn $component() -> Result<::leptos::prelude::AnyView, $crate::app::lazy_page::NotLoaded> {
            Ok(::leptos::prelude::IntoAny::into_any($crate::pages::$($module)::+::$component()))
        }

        #[cfg(not(feature = "split"))]
        #[allow(non_snake_case, reason = "the page's name")]
        async fn $component() -> Result<::leptos::prelude::AnyView, $crate::app::lazy_page::NotLoaded> {
            Ok(::leptos::prelude::IntoAny::into_any($crate::pages::$($module)::+::$component()))
        }

        #[cfg(not(feature = "split"))]
        async fn load() -> Result<(), $crate::app::lazy_page::NotLoaded> {
            Ok(())
        }

        $crate::app::lazy_page::Page {
            path: $path,
            view: || ::std::boxed::Box::pin($component()),
            load: || ::std::boxed::Box::pin(load()),
        }
    }};
}
