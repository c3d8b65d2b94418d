//! Conflict notice: somebody else changed the resource that a form edits.
//!
//! The typed input stays. The notice shows what the other person changed, and offers to save the input anyway or to
//! take over the newer data.

use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use shared::audit::{AuditEntity, AuditEntry, AuditQuery};
use shared::{CustomerId, ItemId, JobId, Permission, PlanId, TechnicianId, UserId};

use super::changes::{Change, ChangeTable, changes, is_labelled};
use super::form::Form;
use super::icon::{Icon, IconName};
use super::time::RelativeTime;
use crate::api::{self, ApiError, ApiResult};
use crate::core::load::Load;
use crate::core::session;
use crate::tl;

/// Number of recent audit entries that are searched for the last change.
const RECENT_ENTRIES: i64 = 20;

/// The resource that a form edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditedResource {
    Job(JobId),
    Customer(CustomerId),
    Technician(TechnicianId),
    Item(ItemId),
    User(UserId),
    Plan(PlanId),
    Settings,
}

impl EditedResource {
    /// Returns entity and id as the audit log has them.
    fn audit_key(self) -> (AuditEntity, i64) {
        match self {
            EditedResource::Job(id) => (AuditEntity::Job, id.0),
            EditedResource::Customer(id) => (AuditEntity::Customer, id.0),
            EditedResource::Technician(id) => (AuditEntity::Technician, id.0),
            EditedResource::Item(id) => (AuditEntity::Item, id.0),
            EditedResource::User(id) => (AuditEntity::User, id.0),
            EditedResource::Plan(id) => (AuditEntity::Plan, id.0),
            EditedResource::Settings => (AuditEntity::Settings, 1),
        }
    }

    /// Returns the last change, as far as the signed-in person may know.
    async fn last_change(self) -> Option<LastChange> {
        if session::can(Permission::AuditRead) {
            let (entity, id) = self.audit_key();
            let query = AuditQuery {
                entity: Some(entity),
                entity_id: Some(id),
                limit: Some(RECENT_ENTRIES),
                ..Default::default()
            };
            // Reads are recorded too, but without a state.
            let changed = |entry: &AuditEntry| entry.before.is_some() || entry.after.is_some();
            let last = api::audit::list(&query).await.ok()?.items.into_iter().find(changed)?;
            return Some(LastChange { name: last.actor_name, at: last.at });
        }
        let EditedResource::Job(id) = self else { return None };
        let last = api::jobs::timeline(id).await.ok()?.items.into_iter().last()?;
        Some(LastChange { name: last.actor_name, at: last.at })
    }
}

#[derive(Debug, Clone, PartialEq)]
struct LastChange {
    name: String,
    at: chrono::DateTime<chrono::Utc>,
}

/// What somebody else did to the resource since it was read.
#[derive(Debug, Clone, PartialEq)]
struct ForeignChange {
    /// Who did it, if that is known.
    last: Option<LastChange>,
    /// The fields, as they were read and as they are now.
    fields: Vec<Change>,
}

/// A conflict and the way to take over the newer data.
#[derive(Clone, Copy)]
pub struct Conflict {
    /// Set once there is a conflict.
    detected: RwSignal<Option<ForeignChange>>,
    take_newer: Callback<()>,
}

type Fetch<T> = Rc<dyn Fn() -> LocalBoxFuture<'static, ApiResult<T>>>;

/// The version that a form edits. The form sends [`OptimisticLock::version`], passes a refusal to
/// [`OptimisticLock::on_refused`] and shows a [`ConflictNotice`].
pub struct OptimisticLock<T: Send + Sync + 'static> {
    pub conflict: Conflict,
    version: RwSignal<i64>,
    read: StoredValue<Option<T>>,
    newer: StoredValue<Option<T>>,
    version_of: fn(&T) -> i64,
    resource: EditedResource,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
}

impl<T: Send + Sync> Clone for OptimisticLock<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for OptimisticLock<T> {}

impl<T: Clone + PartialEq + Serialize + Send + Sync + 'static> OptimisticLock<T> {
    /// Locks the resource that a page loads. Taking over newer data renders the form again.
    pub fn new(load: Load<T>, resource: EditedResource, version_of: fn(&T) -> i64) -> Self {
        let fetch: Fetch<T> = Rc::new(move || load.fetch());
        let read = load.value.get_untracked();
        Self::with_parts(read, resource, version_of, fetch, move |value| load.set(value))
    }

    /// Locks a resource that no page loaded. `take` fills the form with the newer data.
    pub fn of<F>(
        read: Option<T>,
        resource: EditedResource,
        version_of: fn(&T) -> i64,
        fetch: impl Fn() -> F + 'static,
        take: impl Fn(T) + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ApiResult<T>> + 'static,
    {
        let fetch: Fetch<T> = Rc::new(move || fetch().boxed_local());
        Self::with_parts(read, resource, version_of, fetch, take)
    }

    fn with_parts(
        read: Option<T>,
        resource: EditedResource,
        version_of: fn(&T) -> i64,
        fetch: Fetch<T>,
        take: impl Fn(T) + Send + Sync + 'static,
    ) -> Self {
        let version = read.as_ref().map_or(0, version_of);
        let (detected, newer) = (RwSignal::new(None), StoredValue::new(None::<T>));
        let take_newer = Callback::new(move |()| {
            if let Some(value) = newer.get_value() {
                detected.set(None);
                take(value);
            }
        });
        Self {
            conflict: Conflict { detected, take_newer },
            version: RwSignal::new(version),
            read: StoredValue::new(read),
            newer,
            version_of,
            resource,
            fetch: StoredValue::new_local(fetch),
        }
    }

    /// Returns the version to send: the one that was read, or the newest one once the conflict was shown.
    pub fn version(self) -> i64 {
        self.version.get_untracked()
    }

    /// Fetches the newest data if the refusal is a version conflict. The typed input stays.
    pub fn on_refused(self, form: Form, error: &ApiError) {
        if !error.is_version_conflict() {
            return;
        }
        let newest = self.fetch.with_value(|fetch| fetch());
        spawn_local(async move {
            let Ok(value) = newest.await else { return };
            let last = self.resource.last_change().await;
            let fields = self.read.try_with_value(|read| foreign_changes(read.as_ref(), &value));
            let fields = fields.unwrap_or_default();
            self.version.try_set((self.version_of)(&value));
            self.newer.try_set_value(Some(value));
            form.error.try_set(None);
            self.conflict.detected.try_set(Some(ForeignChange { last, fields }));
        });
    }
}

/// Returns the fields that differ and mean something to a person.
fn foreign_changes<T: Serialize>(read: Option<&T>, now: &T) -> Vec<Change> {
    let state = |value: &T| serde_json::to_value(value).ok();
    let (read, now) = (read.and_then(state), state(now));
    let means_something =
        |change: &Change| is_labelled(&change.path) && !change.path.ends_with("_id");
    changes(read.as_ref(), now.as_ref()).into_iter().filter(means_something).collect()
}

/// Says who changed the resource and offers both choices.
#[component]
pub fn ConflictNotice(conflict: Conflict) -> impl IntoView {
    let Conflict { detected, take_newer } = conflict;
    let who = move || match detected.get().and_then(|change| change.last) {
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
    let fields = move || {
        let fields = detected.get().map(|change| change.fields).filter(|all| !all.is_empty());
        fields.map(|fields| {
            view! {
                <div class="my-2 rounded-field bg-base-100 text-base-content">
                    <ChangeTable changes=fields />
                </div>
            }
        })
    };
    view! {
        <Show when=move || detected.with(Option::is_some)>
            <div
                class="alert alert-warning alert-soft items-start py-2"
                data-testid="changed-elsewhere"
            >
                <Icon name=IconName::Info class="mt-0.5 size-4 shrink-0" />
                <div class="flex flex-col gap-2">
                    <div role="alert">
                        <p>{who}</p>
                        {fields}
                        <p>{tl!(common.changed.hint)}</p>
                    </div>
                    <div class="flex flex-wrap gap-2">
                        <button type="submit" class="btn btn-sm" data-testid="save-anyway">
                            {tl!(common.changed.save)}
                        </button>
                        <button
                            type="button"
                            class="btn btn-ghost btn-sm"
                            on:click=move |_| take_newer.run(())
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
