//! Appointment of a job.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::job::Job;

use super::icon::{Icon, IconName};
use crate::core::{clock, format};
use crate::tr;

/// The appointment as text, and how late it is when it has passed and nobody has begun. Nothing without one.
#[component]
pub fn Appointment(job: Job) -> impl IntoView {
    let start = job.scheduled_start?;
    let end = job.scheduled_end;
    let missed = Memo::new(move |_| job.missed_by(clock::now()));
    let class = move || {
        if missed.get().is_some() { "text-error font-medium" } else { "" }
    };
    Some(view! {
        <span
            class=move || format!("inline-flex flex-wrap items-center gap-x-1 {}", class())
            data-testid="appointment"
            data-missed=move || missed.get().is_some().to_string()
        >
            <time
                datetime=start.to_rfc3339()
                title=move || format::exact(start)
                class="whitespace-nowrap"
            >
                {move || span(start, end, clock::now())}
            </time>
            {move || {
                missed
                    .get()
                    .map(|late| {
                        let text = tr!(jobs.due.late, span = format::duration(late)).to_string();
                        view! {
                            <span class="inline-flex items-center gap-1 whitespace-nowrap">
                                <Icon name=IconName::Alert class="size-3.5 shrink-0" />
                                {text}
                            </span>
                        }
                    })
            }}
        </span>
    })
}

/// Formats an appointment briefly; the end without its day if it is the same one.
fn span(start: DateTime<Utc>, end: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let begin = format::compact(start, now);
    match end {
        // Seen from the day of the start, the end of the same day is a time of day.
        Some(end) => format!("{begin} – {}", format::compact(end, start)),
        None => begin,
    }
}
