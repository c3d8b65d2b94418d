//! The frame of a page and the loading of what it shows.

use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::live::LiveEvent;

use crate::api::{ApiError, ApiResult};
use crate::core::refresh::use_refresh;
use crate::tr;

/// Names the page in the browser's tab; follows the language.
pub fn use_title(title: impl Fn() -> String + 'static) {
    Effect::new(move || document().set_title(&format!("{} · {}", title(), tr!(common.app))));
}

/// The heading of a page, and its buttons.
#[component]
pub fn PageHeader(
    #[prop(into)] title: TextProp,
    /// Buttons at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = title.clone();
    use_title(move || name.get().to_string());
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <h1 class="grow text-xl font-semibold">{move || title.get()}</h1>
            <div class="flex flex-wrap items-center gap-2">
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// A white box with an optional heading.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Option<TextProp>,
    /// At the right of the heading.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    #[prop(default = "")] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("min-w-0 rounded-box border border-base-300 bg-base-100 {class}")>
            {title
                .map(|title| {
                    view! {
                        <div class="flex min-h-11 items-center gap-2 border-b border-base-300 px-4 py-2">
                            <h2 class="grow font-semibold">{move || title.get()}</h2>
                            {action.map(|action| action.run())}
                        </div>
                    }
                })}
            {children()}
        </section>
    }
}

type Fetch<T> = Rc<dyn Fn() -> LocalBoxFuture<'static, ApiResult<T>>>;

/// One thing that a page loads.
pub struct Load<T: Send + Sync + 'static> {
    pub value: RwSignal<Option<T>>,
    pub error: RwSignal<Option<ApiError>>,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
    generation: StoredValue<u32>,
}

impl<T: Send + Sync> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Load<T> {}

/// Loads one thing now, when a signal that `fetch` reads changes, and when an event of interest
/// arrives.
pub fn use_load<T, F>(
    fetch: impl Fn() -> F + 'static,
    interesting: impl Fn(&LiveEvent) -> bool + 'static,
) -> Load<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = ApiResult<T>> + 'static,
{
    let load = Load::new(fetch);
    let refresh = use_refresh(interesting);
    Effect::new(move || {
        refresh.track();
        load.reload();
    });
    load
}

/// Loads one thing for a form: never by itself a second time, so that what is being typed stays.
/// The version tells whether somebody else was quicker.
pub fn use_load_once<T, F>(fetch: impl Fn() -> F + 'static) -> Load<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = ApiResult<T>> + 'static,
{
    let load = Load::new(fetch);
    load.reload();
    load
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Load<T> {
    fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = ApiResult<T>> + 'static,
    {
        let fetch: Fetch<T> = Rc::new(move || fetch().boxed_local());
        Self {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            fetch: StoredValue::new_local(fetch),
            generation: StoredValue::new(0),
        }
    }

    /// Loads again; what is shown stays until the answer has come.
    pub fn reload(self) {
        let generation = self.generation.with_value(|known| known + 1);
        self.generation.set_value(generation);
        let answer = self.fetch();
        spawn_local(async move {
            let answer = answer.await;
            // A later load, or another page, has overtaken this answer.
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            match answer {
                Ok(value) => {
                    // Setting what is already so would draw the page anew, and lose what is typed.
                    if self.error.with_untracked(Option::is_some) {
                        self.error.set(None);
                    }
                    self.set(value);
                }
                // What is shown already stays; only an empty page has to say why it is empty.
                Err(error) => {
                    if self.value.with_untracked(Option::is_none) {
                        self.error.set(Some(error));
                    }
                }
            }
        });
    }

    /// What is there now, without showing it.
    pub fn fetch(self) -> LocalBoxFuture<'static, ApiResult<T>> {
        self.fetch.with_value(|fetch| fetch())
    }

    /// Takes up what a write answered.
    pub fn set(self, value: T) {
        if self.value.with_untracked(|known| known.as_ref() != Some(&value)) {
            self.value.set(Some(value));
        }
    }
}
