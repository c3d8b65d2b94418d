//! List of returns.

use leptos::prelude::*;
use shared::inventory::{BagReturn, BagReturnQuery, BagReturnStatus};
use shared::live::LiveEvent;

use super::status_style::{ReturnBadge, summary};
use crate::components::back_link::BackLink;
use crate::components::list_view::{Column, FilterSelect, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::time::RelativeTime;
use crate::core::format;
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::{api, enum_options, tl, tr};

type Returns = List<BagReturnQuery, BagReturn>;

/// Every return, newest first, with a filter by status.
#[component]
pub fn BagReturnsPage() -> impl IntoView {
    let list: Returns = use_list(
        |query: BagReturnQuery| async move { api::bag_returns::list(&query).await },
        |event| matches!(event, LiveEvent::BagReturn(_)),
    );
    view! {
        <BackLink href="/inventory" label=tl!(inventory.title) />
        <PageHeader title=tl!(inventory.returns.title) />
        <p class="-mt-2 mb-4 max-w-3xl text-muted">{tl!(inventory.returns.hint)}</p>
        <ListView list=list spec=spec() filters=filters(list).into_any() />
    }
    .into_any()
}

fn spec() -> ListSpec<BagReturn> {
    let columns = vec![
        Column::new(
            || tr!(inventory.returns.number),
            |one: &BagReturn| format!("#{}", one.id).into_any(),
        )
        .main()
        .text(|one| one.id.to_string()),
        Column::new(
            || tr!(inventory.returns.status),
            |one: &BagReturn| view! { <ReturnBadge status=one.status /> }.into_any(),
        )
        .side()
        .text(|one| one.status.label().to_owned())
        .testid("return-status"),
        Column::new(
            || tr!(inventory.technician),
            |one: &BagReturn| one.technician_name.clone().into_any(),
        )
        .text(|one| one.technician_name.clone()),
        Column::new(
            || tr!(inventory.lines),
            |one: &BagReturn| {
                let one = one.clone();
                view! { <div class="max-w-96 truncate">{move || summary(&one)}</div> }.into_any()
            },
        )
        .block()
        .text(summary),
        Column::new(
            || tr!(inventory.returns.requested_at),
            |one: &BagReturn| view! { <RelativeTime at=one.created_at /> }.into_any(),
        )
        .text(|one| format::for_spreadsheet(one.created_at)),
        Column::new(
            || tr!(inventory.returns.decided_by),
            |one: &BagReturn| one.decided_by.clone().into_any(),
        )
        .wide_only()
        .text(|one| one.decided_by.clone().unwrap_or_default()),
    ];
    ListSpec {
        columns,
        key: |one| (one.id.0, one.version),
        href: Some(|one| format!("/inventory/returns/{}", one.id)),
        name: "return",
        caption: || tr!(inventory.returns.title),
        search_hint: None,
        empty_hint: || tr!(inventory.returns.empty),
    }
}

fn filters(list: Returns) -> impl IntoView {
    let status = Signal::derive(move || {
        list.query.with(|query| query.status.map(|it| it.to_string()).unwrap_or_default())
    });
    view! {
        <FilterSelect
            label=tl!(inventory.returns.status)
            name="status"
            value=status
            options=enum_options!(BagReturnStatus)
            on_change=move |text: String| list.change(|query| query.status = text.parse().ok())
        />
    }
}
