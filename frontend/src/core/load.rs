//! Loading of one resource for a page.

use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::live::LiveEvent;

use super::live_refresh::use_refresh;
use crate::api::{ApiError, ApiResult};

type Fetch<T> = Rc<dyn Fn() -> LocalBoxFuture<'static, ApiResult<T>>>;

/// A resource that a page loads.
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

/// Loads a resource now, when a signal that `fetch` reads changes, and after relevant events.
pub fn use_load<T, F>(
    fetch: impl Fn() -> F + 'static,
    is_relevant: impl Fn(&LiveEvent) -> bool + 'static,
) -> Load<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = ApiResult<T>> + 'static,
{
    let load = Load::new(fetch);
    let refresh = use_refresh(is_relevant);
    Effect::new(move || {
        refresh.track();
        load.reload();
    });
    load
}

/// Loads a resource for a form: only once, so that typed input stays. The version detects conflicts.
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

    /// Loads again; the current value stays until the response arrives.
    pub fn reload(self) {
        let generation = self.generation.with_value(|known| known + 1);
        self.generation.set_value(generation);
        let answer = self.fetch();
        spawn_local(async move {
            let answer = answer.await;
            // A later request, or another page, has superseded this response.
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            match answer {
                Ok(value) => {
                    // Setting an unchanged signal would render the page again and lose typed input.
                    if self.error.with_untracked(Option::is_some) {
                        self.error.set(None);
                    }
                    self.set(value);
                }
                // A shown value stays; only an empty page has to explain itself.
                Err(error) => {
                    if self.value.with_untracked(Option::is_none) {
                        self.error.set(Some(error));
                    }
                }
            }
        });
    }

    /// Loads again if a write was refused because what is shown is outdated.
    pub fn reload_if_stale(self, error: &ApiError) {
        if error.is_stale() {
            self.reload();
        }
    }

    /// Fetches the current value without showing it.
    pub fn fetch(self) -> LocalBoxFuture<'static, ApiResult<T>> {
        self.fetch.with_value(|fetch| fetch())
    }

    /// Shows the value that a write returned.
    pub fn set(self, value: T) {
        if self.value.with_untracked(|known| known.as_ref() != Some(&value)) {
            self.value.set(Some(value));
        }
    }
}
