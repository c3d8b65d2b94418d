//! Due time of a job.

use chrono::{DateTime, Duration, Utc};
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::core::{clock, format};
use crate::{tl, tr};

/// State of a due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueState {
    /// The SLA clock is paused.
    Paused,
    Later,
    Soon,
    Overdue,
    /// The job is finished.
    Done,
}

/// A due time within this span is "soon": the same four hours as on the dashboard.
const DUE_SOON: Duration = Duration::hours(4);

impl DueState {
    /// Returns the state of a job's due time now.
    pub fn for_job(job: &shared::job::Job, now: DateTime<Utc>) -> Self {
        use shared::job_state_machine::JobStatus;
        let left = job.due_at - now;
        if !job.status.is_unfinished() {
            DueState::Done
        } else if job.status == JobStatus::OnHold {
            DueState::Paused
        } else if left < Duration::zero() {
            DueState::Overdue
        } else if left < DUE_SOON {
            DueState::Soon
        } else {
            DueState::Later
        }
    }

    const fn style(self) -> (IconName, &'static str) {
        match self {
            DueState::Paused => (IconName::Pause, "text-muted"),
            DueState::Later => (IconName::Clock, "text-muted"),
            DueState::Soon => (IconName::Clock, "text-warning font-medium"),
            DueState::Overdue => (IconName::Alert, "text-error font-medium"),
            DueState::Done => (IconName::Clock, "text-muted"),
        }
    }
}

/// Due time as text, icon and colour.
#[component]
pub fn DueTime(job: shared::job::Job) -> impl IntoView {
    let at = job.due_at;
    let state = Memo::new(move |_| DueState::for_job(&job, clock::now()));
    let text = move || {
        let now = clock::now();
        let span = format::duration(at - now);
        match state.get() {
            DueState::Overdue => tr!(jobs.due.late, span = span).to_string(),
            DueState::Paused => tr!(jobs.due.paused).to_owned(),
            DueState::Soon | DueState::Later => tr!(jobs.due.left, span = span).to_string(),
            DueState::Done => format::compact(at, now),
        }
    };
    view! {
        <span class=move || format!("inline-flex items-center gap-1 {}", state.get().style().1)>
            {move || view! { <Icon name=state.get().style().0 class="size-3.5 shrink-0" /> }}
            <time
                datetime=at.to_rfc3339()
                title=move || format::exact(at)
                class="whitespace-nowrap"
            >
                {text}
            </time>
            <Show when=move || state.get() == DueState::Overdue>
                <span class="sr-only">{tl!(jobs.due.overdue)}</span>
            </Show>
        </span>
    }
}
