//! Bar chart of two counts per day: bars, and a table for screen readers.

use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;

use crate::core::format;

const WIDTH: f64 = 336.0;
const HEIGHT: f64 = 96.0;
const BAR_WIDTH: f64 = 8.0;

/// The two counts of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCounts {
    pub day: NaiveDate,
    /// Drawn as an outline.
    pub first: i64,
    /// Drawn as a filled bar.
    pub second: i64,
}

/// The texts of a chart; they track the language.
#[derive(Clone, Copy)]
pub struct DayChartTexts {
    pub caption: fn() -> &'static str,
    /// Heading of the days in the table.
    pub day: fn() -> &'static str,
    /// Names of the two counts.
    pub series: [fn() -> &'static str; 2],
    /// Label of the highest count.
    pub highest: fn(i64) -> String,
    pub tooltip: fn(DayCounts) -> String,
}

/// The chart.
#[component]
pub fn DayChart(
    days: Vec<DayCounts>,
    texts: DayChartTexts,
    #[prop(default = "days-chart")] testid: &'static str,
) -> impl IntoView {
    let highest = days.iter().map(|day| day.first.max(day.second)).max().unwrap_or(0).max(1);
    let step = WIDTH / days.len().max(1) as f64;
    let height = move |count: i64| count as f64 / highest as f64 * (HEIGHT - 4.0);
    let bars = move |(index, day): (usize, DayCounts)| {
        let left = index as f64 * step + (step - 2.0 * BAR_WIDTH - 1.0) / 2.0;
        let (first, second) = (height(day.first), height(day.second));
        view! {
            <g>
                <title>{move || (texts.tooltip)(day)}</title>
                <rect
                    x=left + 0.5
                    y=HEIGHT - first
                    width=BAR_WIDTH - 1.0
                    height=first
                    fill="none"
                    class="stroke-current text-muted"
                />
                <rect
                    x=left + BAR_WIDTH + 1.0
                    y=HEIGHT - second
                    width=BAR_WIDTH
                    height=second
                    class="fill-primary"
                />
                // Invisible, so that the whole day shows the tooltip.
                <rect x=index as f64 * step y="0" width=step height=HEIGHT fill="transparent" />
            </g>
        }
    };
    let bars = days.iter().copied().enumerate().map(bars).collect_view();
    let first_day = days.first().map(|day| day.day);
    let last_day = days.last().map(|day| day.day);
    let name = move |day: Option<NaiveDate>| day.map(format::short_day);
    view! {
        <div class="p-4" data-testid=testid>
            <p class="mb-2 flex gap-4 text-sm text-muted" aria-hidden="true">
                <span class="inline-flex items-center gap-1.5">
                    <span class="size-2.5 border border-current"></span>
                    {texts.series[0]}
                </span>
                <span class="inline-flex items-center gap-1.5">
                    <span class="size-2.5 bg-primary"></span>
                    {texts.series[1]}
                </span>
                <span class="ml-auto">{move || (texts.highest)(highest)}</span>
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
                <span>{move || name(first_day)}</span>
                <span>{move || name(last_day)}</span>
            </p>
            <HiddenTable days=days texts=texts />
        </div>
    }
}

/// The counts as a table for screen readers.
#[component]
fn HiddenTable(days: Vec<DayCounts>, texts: DayChartTexts) -> impl IntoView {
    let row = |day: DayCounts| {
        let name = move || {
            format!("{} {}", format::weekday(day.day.weekday()), format::short_day(day.day))
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{day.first}</td>
                <td>{day.second}</td>
            </tr>
        }
    };
    view! {
        <div class="sr-only">
            <table>
                <caption>{texts.caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{texts.day}</th>
                        <th scope="col">{texts.series[0]}</th>
                        <th scope="col">{texts.series[1]}</th>
                    </tr>
                </thead>
                <tbody>{days.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
