//! Status badges: always a text with an icon, never a colour alone.

use leptos::prelude::*;
use shared::customer::CustomerStatus;
use shared::job::{JobPriority, JobType};
use shared::job_state_machine::JobStatus;

use super::icon::{Icon, IconName};
use crate::core::labels::Label;

/// The meaning of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Accent,
    Info,
    Success,
    Warning,
    Error,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "badge badge-sm badge-ghost gap-1 whitespace-nowrap",
            Tone::Accent => "badge badge-sm badge-soft badge-primary gap-1 whitespace-nowrap",
            Tone::Info => "badge badge-sm badge-soft badge-info gap-1 whitespace-nowrap",
            Tone::Success => "badge badge-sm badge-soft badge-success gap-1 whitespace-nowrap",
            Tone::Warning => "badge badge-sm badge-soft badge-warning gap-1 whitespace-nowrap",
            Tone::Error => "badge badge-sm badge-soft badge-error gap-1 whitespace-nowrap",
        }
    }
}

/// A text with an icon and the colour of a status.
#[component]
pub fn Badge(
    tone: Tone,
    icon: IconName,
    /// The text.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    view! {
        <span class=tone.class()>
            <Icon name=icon class="size-3 shrink-0" />
            {move || text.get()}
        </span>
    }
}

/// Returns colour and icon of a job status.
pub const fn status_style(status: JobStatus) -> (Tone, IconName) {
    match status {
        JobStatus::Open => (Tone::Warning, IconName::Circle),
        JobStatus::Assigned => (Tone::Info, IconName::Person),
        JobStatus::Accepted => (Tone::Info, IconName::Check),
        JobStatus::EnRoute => (Tone::Accent, IconName::Route),
        JobStatus::InProgress => (Tone::Accent, IconName::Technicians),
        JobStatus::OnHold => (Tone::Neutral, IconName::Pause),
        JobStatus::Completed => (Tone::Success, IconName::CheckCircle),
        JobStatus::Closed => (Tone::Neutral, IconName::Lock),
        JobStatus::Cancelled => (Tone::Neutral, IconName::Ban),
    }
}

/// Badge of a job status.
#[component]
pub fn StatusBadge(status: JobStatus) -> impl IntoView {
    let (tone, icon) = status_style(status);
    view! { <Badge tone=tone icon=icon text=move || status.label() /> }
}

/// Badge of a priority. Normal and low are neutral: only what stands out needs a colour.
#[component]
pub fn PriorityBadge(priority: JobPriority) -> impl IntoView {
    let (tone, icon) = match priority {
        JobPriority::Low => (Tone::Neutral, IconName::Down),
        JobPriority::Normal => (Tone::Neutral, IconName::Equal),
        JobPriority::High => (Tone::Warning, IconName::Up),
        JobPriority::Urgent => (Tone::Error, IconName::Alert),
    };
    view! { <Badge tone=tone icon=icon text=move || priority.label() /> }
}

/// Type of a job with an icon.
#[component]
pub fn JobTypeLabel(job_type: JobType) -> impl IntoView {
    let icon = match job_type {
        JobType::Installation => IconName::Cable,
        JobType::Repair => IconName::Technicians,
        JobType::Dismantle => IconName::Undo,
    };
    view! {
        <span class="inline-flex items-center gap-1 whitespace-nowrap">
            <Icon name=icon class="size-3.5 shrink-0 text-muted" />
            {move || job_type.label()}
        </span>
    }
}

/// Badge of a customer status.
#[component]
pub fn CustomerBadge(status: CustomerStatus) -> impl IntoView {
    let (tone, icon) = match status {
        CustomerStatus::Prospect => (Tone::Info, IconName::Circle),
        CustomerStatus::Active => (Tone::Success, IconName::Check),
        CustomerStatus::Suspended => (Tone::Warning, IconName::Pause),
        CustomerStatus::Terminated => (Tone::Neutral, IconName::Ban),
    };
    view! { <Badge tone=tone icon=icon text=move || status.label() /> }
}
