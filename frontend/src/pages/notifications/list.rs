//! List of notifications.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::live::LiveEvent;
use shared::notification::{Channel, MessageKind, MessageStatus, Notification, NotificationQuery};
use shared::{CommaList, Permission};

use super::status_style::{StatusBadge, failure_cell};
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, FilterSelect, FilterToggle, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::page_states::Forbidden;
use crate::components::time::RelativeTime;
use crate::core::error_text::ErrorText;
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::core::{format, session, toast};
use crate::{api, enum_options, tl, tr};

type Messages = List<NotificationQuery, Notification>;

/// Every message, with a way to send undelivered ones again.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    if !session::can(Permission::NotificationsManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: Messages = use_list(
        |query: NotificationQuery| async move { api::notifications::list(&query).await },
        |event| {
            matches!(
                event,
                LiveEvent::NotificationFailed(_)
                    | LiveEvent::NotificationsUpdated(_)
                    | LiveEvent::JobCreated(_)
                    | LiveEvent::JobUpdated(_)
            )
        },
    );
    provide_context(list);
    view! {
        <PageHeader title=tl!(notifications.title) />
        <p class="-mt-2 mb-4 max-w-3xl text-muted">{tl!(notifications.hint)}</p>
        <ListView list=list spec=spec() filters=filters(list).into_any() />
    }
    .into_any()
}

fn spec() -> ListSpec<Notification> {
    let columns = vec![
        Column::new(|| tr!(notifications.about), about_cell)
            .main()
            .text(|message| format!("{}: {}", message.kind.label(), message.summary)),
        Column::new(
            || tr!(notifications.status),
            |message: &Notification| view! { <StatusBadge status=message.status /> }.into_any(),
        )
        .side()
        .text(|message| message.status.label().to_owned())
        .testid("notification-status"),
        Column::new(|| tr!(notifications.recipient), recipient_cell)
            .text(|message| message.recipient.clone().unwrap_or_default()),
        Column::new(
            || tr!(notifications.channel),
            |message: &Notification| {
                let channel = message.channel;
                view! { <span>{move || channel.label()}</span> }.into_any()
            },
        )
        .wide_only()
        .text(|message| message.channel.label().to_owned()),
        Column::new(|| tr!(notifications.failure), failure_cell)
            .text(|message| message.failure.map(Label::label).unwrap_or_default().to_owned())
            .testid("notification-failure"),
        Column::new(
            || tr!(notifications.created),
            |message: &Notification| view! { <RelativeTime at=message.created_at /> }.into_any(),
        )
        .text(|message| format::for_spreadsheet(message.created_at)),
        Column::new(
            || tr!(notifications.sent),
            |message: &Notification| match message.sent_at {
                Some(at) => view! { <RelativeTime at=at /> }.into_any(),
                None => ().into_any(),
            },
        )
        .wide_only()
        .text(|message| message.sent_at.map(format::for_spreadsheet).unwrap_or_default()),
        Column::new(|| tr!(common.actions), retry_cell),
    ];
    ListSpec {
        columns,
        // A message has no version; what changes is its status and its attempts.
        key: |message| {
            let state = MessageStatus::ALL.iter().position(|one| *one == message.status);
            let state = state.unwrap_or_default() as i64;
            (message.id.0, i64::from(message.attempts).wrapping_mul(8) + state)
        },
        href: None,
        name: "notification",
        caption: || tr!(notifications.title),
        search_hint: Some(|| tr!(notifications.search)),
        empty_hint: || tr!(notifications.empty),
    }
}

fn about_cell(message: &Notification) -> AnyView {
    let kind = message.kind;
    let summary = message.summary.clone();
    let about = match message.job_id {
        Some(id) => {
            view! { <a href=format!("/jobs/{id}") class="link link-hover">{summary}</a> }.into_any()
        }
        None => view! { <span>{summary}</span> }.into_any(),
    };
    view! {
        <div>
            <div>{move || kind.label()}</div>
            <div class="max-w-64 truncate text-sm text-muted">{about}</div>
        </div>
    }
    .into_any()
}

fn recipient_cell(message: &Notification) -> AnyView {
    match message.recipient.clone() {
        Some(name) => name.into_any(),
        None => view! { <span class="text-muted">{tl!(notifications.nobody)}</span> }.into_any(),
    }
}

fn retry_cell(message: &Notification) -> AnyView {
    let Some(list) = use_context::<Messages>() else { return ().into_any() };
    if !message.status.can_be_resent() {
        return ().into_any();
    }
    let id = message.id;
    let busy = RwSignal::new(false);
    let label_about = message.summary.clone();
    let label = move || tr!(notifications.retry_one, about = label_about.clone()).to_string();
    let retry = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::notifications::retry(id).await {
                Ok(_) => toast::success(tr!(notifications.retried)),
                Err(error) => toast::error(error.message()),
            }
            busy.try_set(false);
            list.reload();
        });
    };
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-xs"
            aria-label=label
            disabled=move || busy.get()
            on:click=retry
            data-testid="retry"
        >
            <Icon name=IconName::Refresh />
            {tl!(notifications.retry)}
        </button>
    }
    .into_any()
}

/// Returns the kinds that the list contains as options of a select.
fn kinds() -> Signal<Vec<(String, String)>> {
    Signal::derive(|| {
        let listed = MessageKind::ALL.iter().filter(|kind| !kind.is_reply());
        listed.map(|kind| (kind.to_string(), kind.label().to_owned())).collect()
    })
}

fn first_value<T: ToString>(list: Option<&CommaList<T>>) -> String {
    list.and_then(|list| list.0.first()).map(ToString::to_string).unwrap_or_default()
}

fn filters(list: Messages) -> impl IntoView {
    let status =
        Signal::derive(move || list.query.with(|query| first_value(query.status.as_ref())));
    let kind = Signal::derive(move || list.query.with(|query| first_value(query.kind.as_ref())));
    let channel = Signal::derive(move || {
        list.query.with(|query| query.channel.map(|it| it.to_string()).unwrap_or_default())
    });
    let one = Memo::new(move |_| list.query.with(|query| query.job_id.is_some()));
    view! {
        <FilterSelect
            label=tl!(notifications.status)
            name="status"
            value=status
            options=enum_options!(MessageStatus)
            on_change=move |text: String| {
                let status = text.parse().ok().map(|status| CommaList(vec![status]));
                list.change(|query| query.status = status);
            }
        />
        <FilterSelect
            label=tl!(notifications.kind)
            name="kind"
            value=kind
            options=kinds()
            on_change=move |text: String| {
                let kind = text.parse().ok().map(|kind| CommaList(vec![kind]));
                list.change(|query| query.kind = kind);
            }
        />
        <FilterSelect
            label=tl!(notifications.channel)
            name="channel"
            value=channel
            options=enum_options!(Channel)
            on_change=move |text: String| list.change(|query| query.channel = text.parse().ok())
        />
        <Show when=move || one.get()>
            <FilterToggle
                label=tl!(notifications.one_job)
                name="job"
                value=Signal::stored(true)
                on_change=move |_: bool| list.change(|query| query.job_id = None)
            />
        </Show>
    }
}
