//! What of the audit is looked for.

use leptos::prelude::*;
use shared::Permission;
use shared::audit::{AuditAction, AuditEntity};
use shared::pagination::MAX_LIMIT;
use shared::user::UserQuery;

use super::list::Audit;
use crate::api;
use crate::components::list_view::{FilterDate, FilterSelect, FilterToggle};
use crate::core::{format, i18n, session};
use crate::{tl, tr};

/// Person, deed, thing and time.
pub fn filters(list: Audit) -> impl IntoView {
    let actor = Signal::derive(move || {
        list.query.with(|query| query.actor.map(|id| id.to_string()).unwrap_or_default())
    });
    let action = Signal::derive(move || {
        list.query.with(|query| query.action.map(|action| action.to_string()).unwrap_or_default())
    });
    let entity = Signal::derive(move || {
        list.query.with(|query| query.entity.map(|entity| entity.to_string()).unwrap_or_default())
    });
    let one = Memo::new(move |_| list.query.with(|query| query.entity_id));
    let from = Signal::derive(move || {
        list.query.with(|query| query.from.map(format::to_date_input).unwrap_or_default())
    });
    // The query ends before a moment; people name the last day that counts.
    let to = Signal::derive(move || {
        let last = |end: chrono::DateTime<chrono::Utc>| end - chrono::Duration::seconds(1);
        list.query.with(|query| query.to.map(last).map(format::to_date_input).unwrap_or_default())
    });
    let actions = Signal::derive(|| {
        let lang = i18n::lang();
        by_label(AuditAction::ALL.iter().map(|action| (action.as_str(), action.label(lang))))
    });
    let entities = Signal::derive(|| {
        let lang = i18n::lang();
        by_label(AuditEntity::ALL.iter().map(|entity| (entity.as_str(), entity.label(lang))))
    });
    view! {
        <Show when=|| session::can(Permission::UsersManage)>
            <FilterSelect
                label=tl!(audit.actor)
                name="actor"
                value=actor
                options=people()
                on_change=move |text: String| list.change(|query| query.actor = text.parse().ok())
            />
        </Show>
        <FilterSelect
            label=tl!(audit.action)
            name="action"
            value=action
            options=actions
            on_change=move |text: String| list.change(|query| query.action = text.parse().ok())
        />
        <FilterSelect
            label=tl!(audit.entity_name)
            name="entity"
            value=entity
            options=entities
            on_change=move |text: String| {
                list.change(|query| {
                    query.entity = text.parse().ok();
                    query.entity_id = None;
                });
            }
        />
        <Show when=move || one.get().is_some()>
            <FilterToggle
                label=move || {
                    tr!(audit.only, number = one.get().unwrap_or_default()).to_string()
                }
                name="entity-id"
                value=Signal::stored(true)
                on_change=move |_: bool| list.change(|query| query.entity_id = None)
            />
        </Show>
        <FilterDate
            label=tl!(audit.from)
            name="from"
            value=from
            on_change=move |text: String| list.change(|query| query.from = format::start_of_day(&text))
        />
        <FilterDate
            label=tl!(audit.to)
            name="to"
            value=to
            on_change=move |text: String| list.change(|query| query.to = format::end_of_day(&text))
        />
    }
}

fn by_label(options: impl Iterator<Item = (&'static str, &'static str)>) -> Vec<(String, String)> {
    let owned = |(code, label): (&str, &str)| (code.to_owned(), label.to_owned());
    let mut all: Vec<_> = options.map(owned).collect();
    all.sort_by(|(_, one), (_, other)| one.cmp(other));
    all
}

fn people() -> Signal<Vec<(String, String)>> {
    let users = LocalResource::new(|| async {
        let query = UserQuery { limit: Some(MAX_LIMIT), ..Default::default() };
        api::users::list(&query).await.map(|page| page.items).unwrap_or_default()
    });
    Signal::derive(move || {
        let users = users.get().unwrap_or_default();
        users.into_iter().map(|user| (user.id.to_string(), user.name)).collect()
    })
}
