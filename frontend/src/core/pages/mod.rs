//! The pages and their addresses. In a release build each page is a piece of the program of its own, which is
//! loaded when somebody is about to open it; the first load stays small however many pages there are.

mod intent;
mod piece;
mod routes;

pub use intent::{load_current, load_on_intent};
pub use piece::{NotLoaded, Page, Standalone, is_loading};
pub use routes::Routes;

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
        fn $component() -> Result<::leptos::prelude::AnyView, $crate::core::pages::NotLoaded> {
            Ok(::leptos::prelude::IntoAny::into_any($crate::pages::$($module)::+::$component()))
        }

        #[cfg(not(feature = "split"))]
        #[allow(non_snake_case, reason = "the page's name")]
        async fn $component() -> Result<::leptos::prelude::AnyView, $crate::core::pages::NotLoaded> {
            Ok(::leptos::prelude::IntoAny::into_any($crate::pages::$($module)::+::$component()))
        }

        #[cfg(not(feature = "split"))]
        async fn load() -> Result<(), $crate::core::pages::NotLoaded> {
            Ok(())
        }

        $crate::core::pages::Page {
            path: $path,
            view: || ::std::boxed::Box::pin($component()),
            load: || ::std::boxed::Box::pin(load()),
        }
    }};
}
