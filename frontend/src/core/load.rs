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
