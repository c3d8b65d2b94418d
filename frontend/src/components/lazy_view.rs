//! Views whose code is a chunk of its own.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::page_states::ErrorState;
use crate::api::ApiError;
use crate::core::version;

/// A chunk could not be loaded.
pub use leptos::wasm_split::SplitLoaderError as NotLoaded;

/// Something of a chunk: it is there at once if the chunk is.
pub type FromChunk<T> = LocalBoxFuture<'static, Result<T, NotLoaded>>;

/// A view and how its chunk is loaded. For a part of a page it is created by [`lazy_view!`](crate::lazy_view).
#[derive(Clone, Copy)]
pub struct LazyView {
    /// Whether the chunk could be loaded; `None` while it is being loaded.
    loaded: RwSignal<Option<bool>>,
    load: fn() -> FromChunk<()>,
    view: StoredValue<Rc<dyn Fn() -> FromChunk<AnyView>>, LocalStorage>,
}

impl LazyView {
    /// Starts loading the chunk.
    pub fn new(
        load: fn() -> FromChunk<()>,
        view: impl Fn() -> FromChunk<AnyView> + 'static,
    ) -> Self {
        let lazy = Self::with_state(None, load, view);
        lazy.start();
        lazy
    }

    /// A view whose chunk could not be loaded, until another attempt succeeds.
    pub fn failed(
        load: fn() -> FromChunk<()>,
        view: impl Fn() -> FromChunk<AnyView> + 'static,
    ) -> Self {
        Self::with_state(Some(false), load, view)
    }

    fn with_state(
        loaded: Option<bool>,
        load: fn() -> FromChunk<()>,
        view: impl Fn() -> FromChunk<AnyView> + 'static,
    ) -> Self {
        Self { loaded: RwSignal::new(loaded), load, view: StoredValue::new_local(Rc::new(view)) }
    }

    fn start(self) {
        spawn_local(async move {
            let succeeded = (self.load)().await.is_ok();
            // While the server responds, only a newer version can have removed the chunk.
            if !succeeded && version::is_outdated().await {
                return version::reload_at(&location().pathname().unwrap_or_default());
            }
            self.loaded.try_set(Some(succeeded));
        });
    }

    /// Renders the view; the placeholder until its chunk is there.
    pub fn render(self, placeholder: fn() -> AnyView) -> impl Fn() -> AnyView {
        let retry = move |()| self.start();
        move || {
            let view = match self.loaded.get() {
                None => return placeholder(),
                Some(true) => self.view.with_value(|view| view()).now_or_never(),
                Some(false) => None,
            };
            match view {
                Some(Ok(view)) => view,
                _ => view! { <ErrorState error=ApiError::Offline retry=retry /> }.into_any(),
            }
        }
    }
}

/// Declares a part of a page that is loaded after the page: `lazy_view!(AssignDialog = assign::show, load: Load<Job>)`
/// with the name of the chunk, the function that returns the view, and its arguments.
#[macro_export]
macro_rules! lazy_view {
    ($chunk:ident = $view:path, $($argument:ident: $kind:ty),+) => {{
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split(
            $chunk,
            wasm_split_path = ::leptos::wasm_split,
            preload(load_chunk),
            fallible
        )]
        #[allow(non_snake_case, reason = "the chunk's name")]
        fn $chunk(
            $($argument: $kind),+
        ) -> Result<::leptos::prelude::AnyView, $crate::components::lazy_view::NotLoaded> {
            Ok($view($($argument),+))
        }

        #[cfg(not(feature = "split"))]
        #[allow(non_snake_case, reason = "the chunk's name")]
        async fn $chunk(
            $($argument: $kind),+
        ) -> Result<::leptos::prelude::AnyView, $crate::components::lazy_view::NotLoaded> {
            Ok($view($($argument),+))
        }

        #[cfg(not(feature = "split"))]
        async fn load_chunk() -> Result<(), $crate::components::lazy_view::NotLoaded> {
            Ok(())
        }

        $crate::components::lazy_view::LazyView::new(
            || ::std::boxed::Box::pin(load_chunk()),
            move || ::std::boxed::Box::pin($chunk($($argument),+)),
        )
    }};
}
