//! Timeline of a job, newest first.

use leptos::prelude::*;
use shared::job::{TimelineEntry, TimelineKind};
use shared::job_state_machine::JobStatus;
use shared::photo::PhotoKind;

use crate::components::badge::{StatusBadge, status_style};
use crate::components::contact::map_url;
use crate::components::icon::{Icon, IconName};
use crate::components::time::RelativeTime;
use crate::core::format;
use crate::core::labels::Label;
use crate::{tl, tr};

/// The timeline.
#[component]
pub fn Timeline(entries: Vec<TimelineEntry>) -> impl IntoView {
    view! {
        <ol class="flex flex-col px-4 py-3" data-testid="timeline">
            {entries.into_iter().rev().map(|entry| view! { <TimelineItem entry=entry /> }).collect_view()}
        </ol>
    }
}

fn entry_icon(entry: &TimelineEntry) -> IconName {
    match entry.kind {
        TimelineKind::Created => IconName::Plus,
        TimelineKind::Edited => IconName::Edit,
        TimelineKind::Transition => status_style(entry.to_status.unwrap_or(JobStatus::Open)).1,
        TimelineKind::Photo => IconName::Camera,
        TimelineKind::Material => IconName::Inventory,
        TimelineKind::ShortStock => IconName::Alert,
    }
}

/// Returns the detail of an entry; the kind of a photo and changed fields are codes.
fn detail(kind: TimelineKind, text: &str) -> String {
    match (kind, text.parse::<PhotoKind>()) {
        (TimelineKind::Photo, Ok(photo)) => photo.label().to_owned(),
        (TimelineKind::Edited, _) => text.split(", ").map(field).collect::<Vec<_>>().join(", "),
        _ => text.to_owned(),
    }
}

/// Returns the label of a changed field; an unknown one stays as it is.
fn field(code: &str) -> &str {
    match code {
        "priority" => tr!(jobs.priority),
        "title" => tr!(jobs.timeline.job_title),
        "description" => tr!(jobs.description),
        "address" => tr!(jobs.address),
        "place" => tr!(jobs.timeline.position),
        "schedule" => tr!(jobs.schedule),
        "due_at" => tr!(jobs.timeline.due_at),
        other => other,
    }
}

fn heading(
    kind: TimelineKind,
    action: Option<shared::job_state_machine::JobAction>,
) -> &'static str {
    match (kind, action) {
        (TimelineKind::Transition, Some(action)) => action.label(),
        (TimelineKind::Transition, None) | (TimelineKind::Edited, _) => tr!(jobs.timeline.edited),
        (TimelineKind::Created, _) => tr!(jobs.timeline.created),
        (TimelineKind::Photo, _) => tr!(jobs.timeline.photo),
        (TimelineKind::Material, _) => tr!(jobs.timeline.material),
        (TimelineKind::ShortStock, _) => tr!(jobs.timeline.short_stock),
    }
}

#[component]
fn TimelineItem(entry: TimelineEntry) -> impl IntoView {
    let (kind, action) = (entry.kind, entry.action);
    let icon_class = match kind {
        TimelineKind::ShortStock => "size-4 text-warning",
        _ => "size-4 text-muted",
    };
    let place = entry.latitude.zip(entry.longitude);
    view! {
        <li class="group flex gap-3" data-testid="timeline-entry">
            <div class="flex flex-col items-center">
                <span class="mt-0.5 flex size-6 shrink-0 items-center justify-center rounded-full border border-base-300 bg-base-100">
                    <Icon name=entry_icon(&entry) class=icon_class />
                </span>
                <span class="w-px grow bg-base-300 group-last:hidden"></span>
            </div>
            <div class="min-w-0 grow pb-4">
                <p class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span class="font-medium">{move || heading(kind, action)}</span>
                    {entry.to_status.map(|status| view! { <StatusBadge status=status /> })}
                </p>
                <p class="text-sm text-muted">
                    {entry.actor_name} " · " <RelativeTime at=entry.at />
                    {entry
                        .device_time
                        .map(|at| {
                            view! {
                                <span title=move || format::exact(at)>
                                    " · " {tl!(jobs.timeline.device)} " "
                                    {move || format::compact(at, crate::core::clock::now())}
                                </span>
                            }
                        })}
                    {place
                        .map(|place| {
                            view! {
                                " · "
                                <a
                                    class="link"
                                    href=map_url("", Some(place))
                                    target="_blank"
                                    rel="noopener noreferrer"
                                >
                                    {tl!(jobs.timeline.place)}
                                </a>
                            }
                        })}
                </p>
                {entry.detail.map(|text| view! { <p class="whitespace-pre-line">{move || detail(kind, &text)}</p> })}
                {entry
                    .reason
                    .map(|text| {
                        view! {
                            <p class="mt-1 border-l-2 border-base-300 pl-2 whitespace-pre-line">
                                {text}
                            </p>
                        }
                    })}
            </div>
        </li>
    }
}
