//! List of audit entries.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Permission;
use shared::audit::{AuditEntry, AuditQuery};

use super::entry::{EntryDetails, subject_label};
use super::filters::filters;
use super::labels::action_word;
use super::types::AuditList;
use crate::browser::download;
use crate::components::dialog::Dialog;
use crate::components::list_view::{Column, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::page_states::Forbidden;
use crate::components::time::CompactTime;
use crate::core::error_text::ErrorText;
use crate::core::list::use_list;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// Every entry, newest first, with filters.
#[component]
pub fn AuditPage() -> impl IntoView {
    if !session::can(Permission::AuditRead) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: AuditList =
        use_list(|query: AuditQuery| async move { api::audit::list(&query).await }, |_| false);
    let open_entry = OpenEntry { open: RwSignal::new(false), entry: RwSignal::new(None) };
    provide_context(open_entry);
    let busy = RwSignal::new(false);
    let export = move |()| {
        busy.set(true);
        let query = list.query.get_untracked().filter();
        spawn_local(async move {
            let file = api::audit::export(&query).await;
            busy.try_set(false);
            match file {
                Ok(url) => {
                    let day = chrono::Local::now().format("%Y%m%d-%H%M");
                    download::save_url(&format!("audit-{day}.csv"), &url);
                }
                Err(error) => toast::error(error.message()),
            }
        });
    };
    view! {
        <PageHeader title=tl!(audit.title)>
            <button
                type="button"
                class="btn btn-sm"
                on:click=move |_| list.reload()
                data-testid="reload"
            >
                {tl!(common.reload)}
            </button>
        </PageHeader>
        <ListView
            list=list
            spec=spec()
            filters=filters(list).into_any()
            export=Callback::new(export)
            exporting=busy
        />
        <Dialog open=open_entry.open title=tl!(audit.entry) wide=true testid="audit-dialog">
            {move || open_entry.entry.get().map(|entry| view! { <EntryDetails entry=entry open=open_entry.open /> })}
        </Dialog>
    }
    .into_any()
}

/// The dialog with the details of an entry; opened from a row.
#[derive(Clone, Copy)]
struct OpenEntry {
    open: RwSignal<bool>,
    entry: RwSignal<Option<AuditEntry>>,
}

fn spec() -> ListSpec<AuditEntry> {
    let columns = vec![
        Column::new(|| tr!(audit.at), time_cell).main(),
        Column::new(
            || tr!(audit.action),
            |entry: &AuditEntry| {
                let action = entry.action.clone();
                view! { <span>{move || action_word(&action)}</span> }.into_any()
            },
        )
        .block()
        .testid("audit-action"),
        Column::new(|| tr!(audit.actor), |entry: &AuditEntry| entry.actor_name.clone().into_any())
            .testid("audit-actor"),
        Column::new(
            || tr!(audit.about),
            |entry: &AuditEntry| {
                let entry = entry.clone();
                view! { <span class="whitespace-nowrap">{move || subject_label(&entry)}</span> }
                    .into_any()
            },
        ),
        Column::new(|| tr!(audit.ip), |entry: &AuditEntry| entry.ip.clone().into_any()).wide_only(),
    ];
    ListSpec {
        columns,
        key: |entry| (entry.id, 0),
        href: None,
        name: "audit",
        caption: || tr!(audit.title),
        search_hint: Some(|| tr!(audit.search)),
        empty_hint: || tr!(audit.empty),
    }
}

fn time_cell(entry: &AuditEntry) -> AnyView {
    let Some(open_entry) = use_context::<OpenEntry>() else { return ().into_any() };
    let (at, id) = (entry.at, entry.id);
    let entry = entry.clone();
    view! {
        <button
            type="button"
            class="row-link cursor-pointer text-left"
            aria-haspopup="dialog"
            aria-label=move || {
                tr!(audit.open, number = id, at = crate::core::format::exact(at)).to_string()
            }
            on:click=move |_| {
                open_entry.entry.set(Some(entry.clone()));
                open_entry.open.set(true);
            }
            data-testid="open-entry"
        >
            <CompactTime at=at />
        </button>
    }
    .into_any()
}
