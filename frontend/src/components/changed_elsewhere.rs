//! Somebody else was quicker: what was typed stays, and the person decides.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::audit::{AuditEntity, AuditEntry, AuditQuery};
use shared::{CustomerId, ItemId, JobId, Permission, TechnicianId, UserId};

use super::form::Form;
use super::icon::{Icon, IconName};
use super::page::Load;
use super::time::RelativeTime;
use crate::api::{self, ApiError, ApiResult};
use crate::core::session;
use crate::tl;

/// How many of the last entries of the audit are looked at.
const LOOKED_AT: i64 = 20;

/// What is being changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Job(JobId),
    Customer(CustomerId),
    Technician(TechnicianId),
    Item(ItemId),
    User(UserId),
    Settings,
}

impl Subject {
    /// As the audit names it.
    fn in_audit(self) -> (AuditEntity, i64) {
        match self {
            Subject::Job(id) => (AuditEntity::Job, id.0),
            Subject::Customer(id) => (AuditEntity::Customer, id.0),
            Subject::Technician(id) => (AuditEntity::Technician, id.0),
            Subject::Item(id) => (AuditEntity::Item, id.0),
            Subject::User(id) => (AuditEntity::User, id.0),
            Subject::Settings => (AuditEntity::Settings, 1),
        }
    }

    /// Who changed it last, and when, as far as the person may know.
    async fn last_change(self) -> Option<LastChange> {
        if session::can(Permission::AuditRead) {
            let (entity, id) = self.in_audit();
            let query = AuditQuery {
                entity: Some(entity),
                entity_id: Some(id),
                limit: Some(LOOKED_AT),
                ..Default::default()
            };
            // Who only looked has left a trace as well, but without a state.
            let changed = |entry: &AuditEntry| entry.before.is_some() || entry.after.is_some();
            let last = api::audit::list(&query).await.ok()?.items.into_iter().find(changed)?;
            return Some(LastChange { name: last.actor_name, at: last.at });
        }
        let Subject::Job(id) = self else { return None };
        let last = api::jobs::timeline(id).await.ok()?.items.into_iter().last()?;
        Some(LastChange { name: last.actor_name, at: last.at })
    }
}

#[derive(Debug, Clone, PartialEq)]
struct LastChange {
    name: String,
    at: chrono::DateTime<chrono::Utc>,
}

/// Whether somebody was quicker, and how to take up what they made of it.
#[derive(Clone, Copy)]
pub struct Notice {
    /// Who it was, once it is known that there was somebody.
    seen: RwSignal<Option<Option<LastChange>>>,
    take: Callback<()>,
}

type Fetch<T> = Rc<dyn Fn() -> LocalBoxFuture<'static, ApiResult<T>>>;

/// The version that a form changes. Give [`Edition::version`] to the request and a refusal to
/// [`Edition::refused`], and show [`ChangedElsewhere`] in the form.
pub struct Edition<T: Send + Sync + 'static> {
    pub notice: Notice,
    version: RwSignal<i64>,
    newer: StoredValue<Option<T>>,
    version_of: fn(&T) -> i64,
    subject: Subject,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
}

impl<T: Send + Sync> Clone for Edition<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Edition<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Edition<T> {
    /// Of something that a page loads: it is drawn anew when the newer state is taken up.
    pub fn of(load: Load<T>, subject: Subject, version_of: fn(&T) -> i64) -> Self {
        let version = load.value.with_untracked(|value| value.as_ref().map_or(0, version_of));
        let fetch: Fetch<T> = Rc::new(move || load.fetch());
        let (seen, newer) = (RwSignal::new(None), StoredValue::new(None::<T>));
        let take = Callback::new(move |()| {
            if let Some(value) = newer.get_value() {
                seen.set(None);
                load.set(value);
            }
        });
        Self {
            notice: Notice { seen, take },
            version: RwSignal::new(version),
            newer,
            version_of,
            subject,
            fetch: StoredValue::new_local(fetch),
        }
    }

    /// The version to send: the one that was read, or the newest one once the person has seen that
    /// there is one.
    pub fn version(self) -> i64 {
        self.version.get_untracked()
    }

    /// Fetches what is there now, if that is why the form was refused. What is typed stays.
    pub fn refused(self, form: Form, error: &ApiError) {
        if !error.is_changed_elsewhere() {
            return;
        }
        let newest = self.fetch.with_value(|fetch| fetch());
        spawn_local(async move {
            let Ok(value) = newest.await else { return };
            let by = self.subject.last_change().await;
            self.version.try_set((self.version_of)(&value));
            self.newer.try_set_value(Some(value));
            form.error.try_set(None);
            self.notice.seen.try_set(Some(by));
        });
    }
}

/// Says that somebody else was quicker, with the choice: save all the same, or take up what is there.
#[component]
pub fn ChangedElsewhere(notice: Notice) -> impl IntoView {
    let Notice { seen, take } = notice;
    let who = move || match seen.get().flatten() {
        Some(LastChange { name, at }) => view! {
            {tl!(common.changed.by)}
            " "
            <span class="font-medium">{name}</span>
            " · "
            <RelativeTime at=at />
        }
        .into_any(),
        None => tl!(common.changed.title).into_any(),
    };
    view! {
        <Show when=move || seen.with(Option::is_some)>
            <div
                class="alert alert-warning alert-soft items-start py-2"
                data-testid="changed-elsewhere"
            >
                <Icon name=IconName::Info class="mt-0.5 size-4 shrink-0" />
                <div class="flex flex-col gap-2">
                    <div role="alert">
                        <p>{who}</p>
                        <p>{tl!(common.changed.hint)}</p>
                    </div>
                    <div class="flex flex-wrap gap-2">
                        <button type="submit" class="btn btn-sm" data-testid="save-anyway">
                            {tl!(common.changed.save)}
                        </button>
                        <button
                            type="button"
                            class="btn btn-ghost btn-sm"
                            on:click=move |_| take.run(())
                            data-testid="take-newer"
                        >
                            {tl!(common.changed.take)}
                        </button>
                    </div>
                </div>
            </div>
        </Show>
    }
}
