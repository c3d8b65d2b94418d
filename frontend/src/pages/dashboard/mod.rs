//! Dashboard: counters and items that need attention.

mod attention;
mod counters;
mod pending_links;
mod side_cards;

use leptos::prelude::*;
use shared::Permission;
use shared::dashboard::{Dashboard, DayCount};
use shared::live::LiveEvent;

use crate::components::day_chart::{DayChart, DayChartTexts, DayCounts};
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{EmptyState, Loaded};
use crate::core::load::use_load;
use crate::core::{format, session};
use crate::{api, tl, tr};

/// The start page.
#[component]
pub fn DashboardPage() -> impl IntoView {
    if !session::can(Permission::DashboardRead) {
        // Technicians start at their jobs.
        return view! { <leptos_router::components::Redirect path="/jobs" /> }.into_any();
    }
    let load = use_load(api::dashboard::get, |event| {
        matches!(
            event,
            LiveEvent::JobCreated(_)
                | LiveEvent::JobUpdated(_)
                | LiveEvent::SlaWarning(_)
                | LiveEvent::SlaBreached(_)
                | LiveEvent::TechnicianCreated(_)
                | LiveEvent::TechnicianUpdated(_)
                | LiveEvent::InventoryMoved(_)
                | LiveEvent::LowStock(_)
                | LiveEvent::ItemChanged(_)
        )
    });
    view! {
        <PageHeader title=tl!(dashboard.title)>
            <Show when=|| session::can(Permission::JobsCreate)>
                <a href="/jobs/new" class="btn btn-primary btn-sm" data-testid="new-job">
                    <Icon name=IconName::Plus />
                    {tl!(jobs.new.title)}
                </a>
            </Show>
        </PageHeader>
        <pending_links::PendingLinks />
        <Loaded data=load view=|dashboard| dashboard_view(dashboard).into_any() skeleton_rows=10 />
    }
    .into_any()
}

fn dashboard_view(dashboard: Dashboard) -> impl IntoView {
    let shows_stock = session::can(Permission::InventoryRead);
    let Dashboard { by_status, days, low_stock, needs_attention, .. } = dashboard.clone();
    view! {
        <counters::Counters dashboard=dashboard />
        <div class="mt-4 grid gap-4 lg:grid-cols-3">
            <Card title=tl!(dashboard.attention.title) class="lg:col-span-2">
                {if needs_attention.is_empty() {
                    view! {
                        <EmptyState
                            title=tl!(dashboard.attention.none)
                            hint=tl!(dashboard.attention.none_hint)
                        />
                    }
                        .into_any()
                } else {
                    view! { <attention::AttentionList jobs=needs_attention /> }.into_any()
                }}
            </Card>
            <div class="flex flex-col gap-4">
                <Card title=tl!(dashboard.statuses)>
                    <side_cards::StatusCounts counts=by_status />
                </Card>
                {shows_stock
                    .then(|| {
                        view! {
                            <Card title=tl!(dashboard.stock.title)>
                                <side_cards::LowStock items=low_stock />
                            </Card>
                        }
                    })}
                <Card title=tl!(dashboard.days.title)>
                    <DayChart days=days.into_iter().map(day_counts).collect() texts=CHART_TEXTS />
                </Card>
            </div>
        </div>
    }
}

const CHART_TEXTS: DayChartTexts = DayChartTexts {
    caption: || tr!(dashboard.days.title),
    day: || tr!(dashboard.days.day),
    series: [|| tr!(dashboard.days.created), || tr!(dashboard.days.completed)],
    highest: |count| tr!(dashboard.days.most, count = count).to_string(),
    tooltip: |counts| {
        let day = format::short_day(counts.day);
        let (created, completed) = (counts.first, counts.second);
        tr!(dashboard.days.tip, day = day, created = created, completed = completed).to_string()
    },
};

fn day_counts(day: DayCount) -> DayCounts {
    DayCounts { day: day.day, first: day.created, second: day.completed }
}
