//! Counters of the dashboard. Each leads to the jobs that it counts.

use leptos::prelude::*;
use shared::dashboard::{Dashboard, Trend};

use crate::components::icon::{Icon, IconName};
use crate::core::format;
use crate::{tl, tr};

/// All counters.
#[component]
pub fn Counters(dashboard: Dashboard) -> impl IntoView {
    let (on_duty, active) = (dashboard.technicians_on_duty, dashboard.technicians_active);
    view! {
        <div class="grid grid-cols-2 gap-2 sm:grid-cols-3 sm:gap-4 xl:grid-cols-6">
            <Counter
                name="overdue"
                label=tl!(dashboard.counter.overdue)
                value=dashboard.overdue
                tone=alert_class(dashboard.overdue, "text-error")
                icon=IconName::Alert
                href="/jobs?overdue=true&sort=due_at"
            />
            <Counter
                name="due-soon"
                label=tl!(dashboard.counter.due_soon)
                value=dashboard.due_soon
                tone=alert_class(dashboard.due_soon, "text-warning")
                icon=IconName::Clock
                href="/jobs?due_soon=true&sort=due_at"
            />
            <Counter
                name="unassigned"
                label=tl!(dashboard.counter.unassigned)
                value=dashboard.unassigned
                tone=alert_class(dashboard.unassigned, "text-warning")
                icon=IconName::Circle
                href="/jobs?status=open&sort=due_at"
            />
            <Counter
                name="created-today"
                label=tl!(dashboard.counter.created)
                value=dashboard.created_today.value
                icon=IconName::Plus
                href="/jobs?sort=-created_at"
                trend=dashboard.created_today
            />
            <Counter
                name="completed-today"
                label=tl!(dashboard.counter.completed)
                value=dashboard.completed_today.value
                icon=IconName::CheckCircle
                href="/jobs?status=completed%2Cclosed&sort=-created_at"
                trend=dashboard.completed_today
            />
            <Counter
                name="on-duty"
                label=tl!(dashboard.counter.on_duty)
                value=on_duty
                icon=IconName::Technicians
                href="/technicians?on_duty=true"
                note=move || {
                    tr!(dashboard.counter.of_active, count = format::number(active)).to_string()
                }
            />
        </div>
    }
}

/// Returns the class of a counter that is alarming unless it is zero.
const fn alert_class(count: i64, class: &'static str) -> &'static str {
    if count > 0 { class } else { "text-muted" }
}

#[component]
fn Counter(
    name: &'static str,
    #[prop(into)] label: TextProp,
    value: i64,
    #[prop(default = "text-muted")] tone: &'static str,
    icon: IconName,
    href: &'static str,
    #[prop(optional)] trend: Option<Trend>,
    #[prop(optional, into)] note: Option<TextProp>,
) -> impl IntoView {
    view! {
        <a
            href=href
            class="flex flex-col rounded-box border border-base-300 bg-base-100 px-4 py-3 hover:border-primary"
            data-testid=format!("counter-{name}")
        >
            <span class="flex items-center gap-1.5 text-sm text-muted">
                <Icon name=icon class="size-3.5 shrink-0" />
                {move || label.get()}
            </span>
            <span
                class=format!("text-2xl font-semibold {}", if tone == "text-muted" { "" } else { tone })
                data-testid="counter-value"
            >
                {move || format::number(value)}
            </span>
            <span class="text-sm text-muted">
                {trend.map(|trend| view! { <TrendLine trend=trend /> })}
                {note.map(|note| view! { <span>{move || note.get()}</span> })}
            </span>
        </a>
    }
}

#[component]
fn TrendLine(trend: Trend) -> impl IntoView {
    let difference = trend.value - trend.before;
    let icon = match difference {
        0 => IconName::Equal,
        1.. => IconName::Up,
        _ => IconName::Down,
    };
    let text =
        move || tr!(dashboard.trend.before, before = format::number(trend.before)).to_string();
    view! {
        <span class="inline-flex items-center gap-1" title=tl!(dashboard.trend.hint)>
            <Icon name=icon class="size-3 shrink-0" />
            {text}
        </span>
    }
}
