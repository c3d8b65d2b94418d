//! Chart of created and completed jobs per day: bars, and a table for screen readers.

use chrono::Datelike;
use leptos::prelude::*;
use shared::dashboard::DayCount;

use crate::core::format;
use crate::{tl, tr};

const WIDTH: f64 = 336.0;
const HEIGHT: f64 = 96.0;
const BAR: f64 = 8.0;

/// The chart.
#[component]
pub fn DailyChart(days: Vec<DayCount>) -> impl IntoView {
    let most = days.iter().map(|day| day.created.max(day.completed)).max().unwrap_or(0).max(1);
    let step = WIDTH / days.len().max(1) as f64;
    let height = move |count: i64| count as f64 / most as f64 * (HEIGHT - 4.0);
    let bars = days
        .iter()
        .enumerate()
        .map(|(index, day)| {
            let left = index as f64 * step + (step - 2.0 * BAR - 1.0) / 2.0;
            let (created, completed) = (height(day.created), height(day.completed));
            let (label, counts) = (day.day, (day.created, day.completed));
            let tip = move || {
                let (created, completed) = counts;
                let day = format::short_day(label);
                tr!(dashboard.days.tip, day = day, created = created, completed = completed)
                    .to_string()
            };
            view! {
                <g>
                    <title>{tip}</title>
                    <rect
                        x=left + 0.5
                        y=HEIGHT - created
                        width=BAR - 1.0
                        height=created
                        fill="none"
                        class="stroke-current text-muted"
                    />
                    <rect
                        x=left + BAR + 1.0
                        y=HEIGHT - completed
                        width=BAR
                        height=completed
                        class="fill-primary"
                    />
                    // Invisible, so that the whole day shows the tooltip.
                    <rect x=index as f64 * step y="0" width=step height=HEIGHT fill="transparent" />
                </g>
            }
        })
        .collect_view();
    let first = days.first().map(|day| day.day);
    let last = days.last().map(|day| day.day);
    let name = move |day: Option<chrono::NaiveDate>| day.map(format::short_day);
    view! {
        <div class="p-4" data-testid="days-chart">
            <p class="mb-2 flex gap-4 text-sm text-muted" aria-hidden="true">
                <span class="inline-flex items-center gap-1.5">
                    <span class="size-2.5 border border-current"></span>
                    {tl!(dashboard.days.created)}
                </span>
                <span class="inline-flex items-center gap-1.5">
                    <span class="size-2.5 bg-primary"></span>
                    {tl!(dashboard.days.completed)}
                </span>
                <span class="ml-auto">{move || tr!(dashboard.days.most, count = most).to_string()}</span>
            </p>
            <svg
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                class="block h-24 w-full border-b border-base-300"
                preserveAspectRatio="none"
                aria-hidden="true"
            >
                {bars}
            </svg>
            <p class="mt-1 flex justify-between text-xs text-muted" aria-hidden="true">
                <span>{move || name(first)}</span>
                <span>{move || name(last)}</span>
            </p>
            <div class="sr-only"><table>
                <caption>{tl!(dashboard.days.title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tl!(dashboard.days.day)}</th>
                        <th scope="col">{tl!(dashboard.days.created)}</th>
                        <th scope="col">{tl!(dashboard.days.completed)}</th>
                    </tr>
                </thead>
                <tbody>
                    {days
                        .into_iter()
                        .map(|day| {
                            view! {
                                <tr>
                                    <th scope="row">
                                        {move || {
                                            let name = format::short_day(day.day);
                                            format!("{} {name}", format::weekday(day.day.weekday()))
                                        }}
                                    </th>
                                    <td>{day.created}</td>
                                    <td>{day.completed}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table></div>
        </div>
    }
}
