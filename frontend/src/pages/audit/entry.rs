//! Details of an audit entry.

use leptos::prelude::*;
use shared::audit::AuditEntry;

use super::labels::{action_word, entity_page, entity_word};
use crate::components::changes::{ChangeTable, changes};
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::core::format;
use crate::{tl, tr};

/// Returns what an entry is about: `Pelanggan #12`.
pub fn subject_label(entry: &AuditEntry) -> String {
    let label = entity_word(&entry.entity);
    match entry.entity_id {
        Some(id) if id > 0 => format!("{label} #{id}"),
        _ => label,
    }
}

/// Actor, time, action, subject and changed fields.
#[component]
pub fn EntryDetails(entry: AuditEntry, open: RwSignal<bool>) -> impl IntoView {
    let close = move |_| open.set(false);
    let all_of_actor = entry.actor_id.map(|id| format!("/audit?actor={id}"));
    let id = entry.entity_id.filter(|id| *id > 0);
    let all_about = id.map(|id| format!("/audit?entity={}&entity_id={id}", entry.entity));
    let what = subject_label(&entry);
    let subject = match id.and_then(|id| entity_page(&entry.entity, id)) {
        Some(href) => view! {
            <a href=href class="link link-primary" on:click=close>
                {what}
            </a>
        }
        .into_any(),
        None => what.into_any(),
    };
    let link = move |href: Option<String>, label: fn() -> &'static str| {
        href.map(|href| {
            view! {
                <a href=href class="btn btn-sm" on:click=close>
                    {label}
                </a>
            }
        })
    };
    let ip = entry.ip.clone().unwrap_or_else(|| tr!(common.none).to_owned());
    let request = entry.request_id.clone().unwrap_or_else(|| tr!(common.none).to_owned());
    let changed_fields = changes(entry.before.as_ref(), entry.after.as_ref());
    view! {
        <div class="-m-4 flex flex-col" data-testid="audit-entry">
            <DescriptionList>
                <DescriptionItem label=tl!(audit.actor)>{entry.actor_name.clone()}</DescriptionItem>
                <DescriptionItem label=tl!(audit.at)>{format::exact(entry.at)}</DescriptionItem>
                <DescriptionItem label=tl!(audit.action)>{action_word(&entry.action)}</DescriptionItem>
                <DescriptionItem label=tl!(audit.about)>{subject}</DescriptionItem>
                <DescriptionItem label=tl!(audit.ip)>{ip}</DescriptionItem>
                <DescriptionItem label=tl!(audit.request)>
                    <span class="font-mono text-sm break-all">{request}</span>
                </DescriptionItem>
            </DescriptionList>
            <div class="border-t border-base-300">
                <ChangeTable changes=changed_fields />
            </div>
            <div class="flex flex-wrap gap-2 border-t border-base-300 p-4">
                {link(all_about, || tr!(audit.all_about))}
                {link(all_of_actor, || tr!(audit.all_of_actor))}
            </div>
        </div>
    }
}
