//! Lazily loaded pages: each page is a chunk of the program that is loaded when it is needed.

use leptos::prelude::*;
use leptos_router::ChooseView;
use leptos_router::hooks::use_url;
use leptos_router::location::Url;

use crate::components::lazy_view::{FromChunk, LazyView};
use crate::core::version;
use crate::tl;

/// A page and how its chunk is loaded. Created by [`page!`](crate::page).
#[derive(Clone, Copy)]
pub struct Page {
    /// The address, as `/jobs/:id`.
    pub path: &'static str,
    /// Loads the chunk, then renders the page.
    pub view: fn() -> FromChunk<AnyView>,
    /// Only loads the chunk.
    pub load: fn() -> FromChunk<()>,
}

/// The number of pages that are being loaded.
#[derive(Clone, Copy, Default)]
pub struct PageLoading(RwSignal<u32>);

/// Provides the number of pages that are being loaded.
pub fn provide_page_loading() {
    provide_context(PageLoading::default());
}

/// Returns the provided number.
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
    /// Loads the page; until then the previous one stays on the screen.
    async fn choose(self) -> AnyView {
        let url = use_url();
        let loading = use_page_loading().0;
        loading.update(|count| *count += 1);
        let view = match (self.view)().await {
            Ok(view) => view,
            // While the server responds, only a newer version can have removed the chunk.
            Err(_) if version::is_outdated().await => {
                version::reload_at(&url.with_untracked(address));
                view! { <FullPageSpinner /> }.into_any()
            }
            Err(_) => view! { <FailedPage page=self /> }.into_any(),
        };
        loading.update(|count| *count -= 1);
        view
    }

    async fn preload(&self) {
        // An error is shown when the page is opened.
        let _ = (self.load)().await;
    }
}

/// Returns the address of the page. The router changes the address bar only after the page has loaded.
fn address(url: &Url) -> String {
    match url.search() {
        "" => url.path().to_owned(),
        search => format!("{}?{search}", url.path()),
    }
}

/// Shown while nothing else can be.
#[component]
pub fn FullPageSpinner() -> impl IntoView {
    view! {
        <div class="boot" role="status">
            <span class="loading loading-spinner" aria-hidden="true"></span>
            <span class="sr-only">{tl!(common.loading)}</span>
        </div>
    }
}

/// Shown in place of a page that could not be loaded, until another attempt succeeds.
#[component]
fn FailedPage(page: Page) -> impl IntoView {
    LazyView::failed(page.load, page.view).render(spinner)
}

/// A page without an address of its own. It is loaded when it is shown.
#[component]
pub fn StandalonePage(page: Page) -> impl IntoView {
    LazyView::new(page.load, page.view).render(spinner)
}

fn spinner() -> AnyView {
    view! { <FullPageSpinner /> }.into_any()
}

/// Declares a page: its address, the folder in `pages` and the component, which also names the chunk.
///
/// `page!("/jobs/:id", jobs::detail => JobPage)`; a word after a colon is a parameter.
#[macro_export]
macro_rules! page {
    ($path:literal, $($module:ident)::+ => $component:ident) => {
        $crate::chunk!($path, $component = $crate::pages::$($module)::+::$component)
    };
}

/// Declares a component outside of `pages` that is loaded like a page: `chunk!("/", Frame = path::to::Frame)`.
#[macro_export]
macro_rules! chunk {
    ($path:literal, $component:ident = $view:path) => {{
        #[cfg(feature = "split")]
        use ::leptos::wasm_split as splitter;

        #[cfg(feature = "split")]
        #[splitter::wasm_split($component, wasm_split_path = splitter, preload(load), fallible)]
        #[allow(non_snake_case, reason = "the page's name")]
        fn $component()
        -> Result<::leptos::prelude::AnyView, $crate::components::lazy_view::NotLoaded> {
            Ok(::leptos::prelude::IntoAny::into_any($view()))
        }

        #[cfg(not(feature = "split"))]
        #[allow(non_snake_case, reason = "the page's name")]
        async fn $component()
        -> Result<::leptos::prelude::AnyView, $crate::components::lazy_view::NotLoaded> {
            Ok(::leptos::prelude::IntoAny::into_any($view()))
        }

        #[cfg(not(feature = "split"))]
        async fn load() -> Result<(), $crate::components::lazy_view::NotLoaded> {
            Ok(())
        }

        $crate::app::lazy_page::Page {
            path: $path,
            view: || ::std::boxed::Box::pin($component()),
            load: || ::std::boxed::Box::pin(load()),
        }
    }};
}
