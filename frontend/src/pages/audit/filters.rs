//! Filters of the audit log.

use leptos::prelude::*;
use shared::Permission;
use shared::pagination::MAX_LIMIT;
use shared::user::UserQuery;

use super::labels::{ACTIONS, ENTITIES, action_word, entity_word};
use super::types::AuditList;
use crate::api;
use crate::components::list_view::{FilterDate, FilterSelect, FilterToggle};
use crate::core::{format, session};
use crate::{tl, tr};

/// Actor, action, entity and time.
pub fn filters(list: AuditList) -> impl IntoView {
    let actor = Signal::derive(move || {
        list.query.with(|query| query.actor.map(|id| id.to_string()).unwrap_or_default())
    });
    let action =
        Signal::derive(move || list.query.with(|query| query.action.clone().unwrap_or_default()));
    let entity =
        Signal::derive(move || list.query.with(|query| query.entity.clone().unwrap_or_default()));
    let entity_id = Memo::new(move |_| list.query.with(|query| query.entity_id));
    let from = Signal::derive(move || {
        list.query.with(|query| query.from.map(format::to_date_input).unwrap_or_default())
    });
    // The query ends before a moment; people name the last day that counts.
    let to = Signal::derive(move || {
        let last = |end: chrono::DateTime<chrono::Utc>| end - chrono::Duration::seconds(1);
        list.query.with(|query| query.to.map(last).map(format::to_date_input).unwrap_or_default())
    });
    let actions = Signal::derive(|| labelled_options(ACTIONS, action_word));
    let entities = Signal::derive(|| labelled_options(ENTITIES, entity_word));
    let chosen = |text: String| Some(text).filter(|text| !text.is_empty());
    view! {
        <Show when=|| session::can(Permission::UsersManage)>
            <FilterSelect
                label=tl!(audit.actor)
                name="actor"
                value=actor
                options=user_options()
                on_change=move |text: String| list.change(|query| query.actor = text.parse().ok())
            />
        </Show>
        <FilterSelect
            label=tl!(audit.action)
            name="action"
            value=action
            options=actions
            on_change=move |text: String| list.change(|query| query.action = chosen(text))
        />
        <FilterSelect
            label=tl!(audit.entity_name)
            name="entity"
            value=entity
            options=entities
            on_change=move |text: String| {
                list.change(|query| {
                    query.entity = chosen(text);
                    query.entity_id = None;
                });
            }
        />
        <Show when=move || entity_id.get().is_some()>
            <FilterToggle
                label=move || {
                    tr!(audit.only, number = entity_id.get().unwrap_or_default()).to_string()
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

fn labelled_options(codes: &[&str], label: fn(&str) -> String) -> Vec<(String, String)> {
    let mut all: Vec<_> = codes.iter().map(|code| ((*code).to_owned(), label(code))).collect();
    all.sort_by(|(_, one), (_, other)| one.cmp(other));
    all
}

fn user_options() -> Signal<Vec<(String, String)>> {
    let users = LocalResource::new(|| async {
        let query = UserQuery { limit: Some(MAX_LIMIT), ..Default::default() };
        api::users::list(&query).await.map(|page| page.items).unwrap_or_default()
    });
    Signal::derive(move || {
        let users = users.get().unwrap_or_default();
        users.into_iter().map(|user| (user.id.to_string(), user.name)).collect()
    })
}
