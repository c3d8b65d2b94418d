//! List whose search, filters and order are in the URL. It is loaded page by page, and again when its data change.

use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use shared::Page;
use shared::live::LiveEvent;
use shared::pagination::{DEFAULT_LIMIT, MAX_LIMIT};

use super::error_text::ErrorText;
use super::list_query::ListQuery;
use super::live_refresh::use_refresh;
use crate::api::{ApiError, ApiResult, client};

type Fetch<Q, T> = Rc<dyn Fn(Q) -> LocalBoxFuture<'static, ApiResult<Page<T>>>>;

/// Largest number of exported rows.
const MAX_EXPORT_ROWS: usize = 20_000;

/// A list and the state that its page shows.
pub struct List<Q: Send + Sync + 'static, T: Send + Sync + 'static> {
    /// Search, filters and order, without the page.
    pub query: Memo<Q>,
    pub items: RwSignal<Vec<T>>,
    pub total: RwSignal<Option<i64>>,
    /// Whether there is more than the total or the search says.
    pub capped: RwSignal<bool>,
    pub error: RwSignal<Option<ApiError>>,
    /// The first page is being loaded.
    pub loading: RwSignal<bool>,
    pub loading_more: RwSignal<bool>,
    next: RwSignal<Option<String>>,
    fetch: StoredValue<Fetch<Q, T>, LocalStorage>,
    navigate: StoredValue<Rc<dyn Fn(Q)>, LocalStorage>,
    generation: StoredValue<u32>,
}

impl<Q: Send + Sync, T: Send + Sync> Clone for List<Q, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q: Send + Sync, T: Send + Sync> Copy for List<Q, T> {}

/// Connects a list to the URL, the API and the live events.
pub fn use_list<Q, T, F>(
    fetch: impl Fn(Q) -> F + 'static,
    is_relevant: impl Fn(&LiveEvent) -> bool + 'static,
) -> List<Q, T>
where
    Q: ListQuery,
    T: Clone + Send + Sync + 'static,
    F: Future<Output = ApiResult<Page<T>>> + 'static,
{
    let location = use_location();
    let router = use_navigate();
    let own_path = location.pathname.get_untracked();
    let path = own_path.clone();
    let query = Memo::new(move |before: Option<&Q>| {
        let search = location.search.get();
        // During navigation the old page still exists for a moment.
        match before {
            Some(before) if location.pathname.get() != path => before.clone(),
            _ => from_url(&search),
        }
    });
    let navigate: Rc<dyn Fn(Q)> = Rc::new(move |query: Q| {
        let text = client::query_string(&query);
        let separator = if text.is_empty() { "" } else { "?" };
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        router(&format!("{own_path}{separator}{text}"), options);
    });
    let fetch: Fetch<Q, T> = Rc::new(move |query| fetch(query).boxed_local());
    let list = List {
        query,
        items: RwSignal::new(Vec::new()),
        total: RwSignal::new(None),
        capped: RwSignal::new(false),
        error: RwSignal::new(None),
        loading: RwSignal::new(true),
        loading_more: RwSignal::new(false),
        next: RwSignal::new(None),
        fetch: StoredValue::new_local(fetch),
        navigate: StoredValue::new_local(navigate),
        generation: StoredValue::new(0),
    };
    Effect::new(move || {
        query.track();
        list.loading.set(true);
        list.load(DEFAULT_LIMIT);
    });
    let refresh = use_refresh(is_relevant);
    Effect::new(move |first: Option<()>| {
        refresh.track();
        if first.is_some() {
            let shown = list.items.with_untracked(Vec::len) as i64;
            list.load(shown.clamp(DEFAULT_LIMIT, MAX_LIMIT));
        }
    });
    list
}

fn from_url<Q: ListQuery>(search: &str) -> Q {
    // An invalid query in the address counts as none.
    let mut query: Q =
        serde_urlencoded::from_str(search.trim_start_matches('?')).unwrap_or_default();
    query.set_page(None, None, None);
    query
}

impl<Q: ListQuery, T: Clone + Send + Sync + 'static> List<Q, T> {
    /// Loads the first rows again.
    pub fn reload(self) {
        self.loading.set(true);
        self.load(DEFAULT_LIMIT);
    }

    /// Changes search, filters or order; the URL follows, and so does the list.
    pub fn change(self, change: impl FnOnce(&mut Q)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        self.navigate.with_value(|navigate| navigate(query));
    }

    /// Returns whether there are search or filters. Tracks.
    pub fn is_filtered(self) -> bool {
        self.query.with(|query| {
            let mut choice = query.clone();
            choice.set_sort("");
            choice != Q::default()
        })
    }

    /// Returns whether there are search or filters, without tracking.
    pub fn is_filtered_untracked(self) -> bool {
        untrack(move || self.is_filtered())
    }

    /// Removes search and filters.
    pub fn clear(self) {
        self.navigate.with_value(|navigate| navigate(Q::default()));
    }

    /// Returns whether there are more rows. Tracks.
    pub fn has_more(self) -> bool {
        self.next.with(Option::is_some)
    }

    fn call(self, query: Q) -> LocalBoxFuture<'static, ApiResult<Page<T>>> {
        self.fetch.with_value(|fetch| fetch(query))
    }

    fn load(self, limit: i64) {
        let generation = self.generation.with_value(|known| known + 1);
        self.generation.set_value(generation);
        let mut query = self.query.get_untracked();
        query.set_page(Some(limit), None, Some(true));
        let answer = self.call(query);
        spawn_local(async move {
            let answer = answer.await;
            // A later request, or another page, has superseded this response.
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.items.set(page.items);
                    self.next.set(page.next_cursor);
                    self.total.set(page.total);
                    self.capped.set(page.capped);
                    self.error.set(None);
                }
                Err(error) => self.error.set(Some(error)),
            }
            self.loading.set(false);
        });
    }

    /// Loads the next rows.
    pub fn load_more(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        if self.loading_more.get_untracked() {
            return;
        }
        self.loading_more.set(true);
        let generation = self.generation.get_value();
        let mut query = self.query.get_untracked();
        query.set_page(Some(DEFAULT_LIMIT), Some(cursor), None);
        let answer = self.call(query);
        spawn_local(async move {
            let answer = answer.await;
            if self.loading_more.try_set(false).is_some()
                || self.generation.get_value() != generation
            {
                return;
            }
            match answer {
                Ok(page) => {
                    self.items.update(|items| items.extend(page.items));
                    self.next.set(page.next_cursor);
                }
                Err(error) => super::toast::error(error.message()),
            }
        });
    }

    /// Loads every row for an export.
    pub async fn fetch_all(self) -> ApiResult<Vec<T>> {
        let choice = self.query.get_untracked();
        let mut rows = Vec::new();
        let mut cursor = None;
        loop {
            let mut query = choice.clone();
            query.set_page(Some(MAX_LIMIT), cursor.take(), None);
            let page = self.call(query).await?;
            rows.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() || rows.len() >= MAX_EXPORT_ROWS {
                return Ok(rows);
            }
        }
    }
}
