//! Jobs of the whole organisation, a few at a time.

use notify::telegram::Button;
use serde::{Deserialize, Serialize};
use services::Result;
use services::jobs::{self, area_of_address};
use shared::Permission;
use shared::job::{Job, JobQuery, JobSort};
use shared::job_state_machine::JobStatus;
use shared::pagination::{CommaList, MAX_LIMIT};

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::AdminCallback;
use crate::flows::admin::job::{assignee_line, status_label};
use crate::flows::admin::{office_actor, show_view};
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Jobs on one page.
const PAGE_SIZE: usize = 5;

/// Which jobs a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobFilter {
    #[serde(rename = "u")]
    Unfinished,
    #[serde(rename = "l")]
    Overdue,
    #[serde(rename = "s")]
    DueSoon,
    #[serde(rename = "o")]
    Open,
    /// Somebody has them, and has not begun.
    #[serde(rename = "a")]
    Assigned,
    #[serde(rename = "w")]
    InProgress,
    #[serde(rename = "h")]
    OnHold,
    /// They wait for verification.
    #[serde(rename = "d")]
    Completed,
}

impl JobFilter {
    const ALL: [Self; 8] = [
        Self::Unfinished,
        Self::Overdue,
        Self::DueSoon,
        Self::Open,
        Self::Assigned,
        Self::InProgress,
        Self::OnHold,
        Self::Completed,
    ];

    /// As it stands on a button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unfinished => "Semua aktif",
            Self::Overdue => "🔴 Lewat batas",
            Self::DueSoon => "⏳ Segera",
            Self::Open => "🆕 Terbuka",
            Self::Assigned => "👷 Ditugaskan",
            Self::InProgress => "🔧 Dikerjakan",
            Self::OnHold => "⏸ Ditunda",
            Self::Completed => "☑️ Verifikasi",
        }
    }

    fn query(self) -> JobQuery {
        use JobStatus::{Accepted, Assigned, Completed, EnRoute, InProgress, OnHold, Open};
        let unfinished = || JobStatus::ALL.iter().copied().filter(|s| s.is_unfinished()).collect();
        let statuses: Vec<JobStatus> = match self {
            Self::Unfinished => unfinished(),
            Self::Overdue | Self::DueSoon => Vec::new(),
            Self::Open => vec![Open],
            Self::Assigned => vec![Assigned, Accepted, EnRoute],
            Self::InProgress => vec![InProgress],
            Self::OnHold => vec![OnHold],
            Self::Completed => vec![Completed],
        };
        JobQuery {
            status: (!statuses.is_empty()).then_some(CommaList(statuses)),
            overdue: (self == Self::Overdue).then_some(true),
            due_soon: (self == Self::DueSoon).then_some(true),
            sort: Some(JobSort::DueFirst),
            limit: Some(MAX_LIMIT),
            ..JobQuery::default()
        }
    }
}

/// A page of the jobs of one choice, what is due first on top.
pub fn list_page(
    here: UpdateContext<'_, '_>,
    at: Option<i32>,
    choice: JobFilter,
    page: usize,
) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::JobsRead)?;
    let screen = here.view_ctx();
    let found = jobs::list(here.tx.conn(), &actor, screen.now, &choice.query())?;
    let more = found.next_cursor.is_some();
    Ok(show_view(at, list_view(screen, choice, &found.items, more, page)))
}

fn list_view(
    screen: ViewContext<'_>,
    choice: JobFilter,
    all: &[Job],
    more: bool,
    page: usize,
) -> MessageView {
    let pages = all.len().div_ceil(PAGE_SIZE).max(1);
    let page = page.min(pages - 1);
    let here = &all[page * PAGE_SIZE..all.len().min((page + 1) * PAGE_SIZE)];
    let count = if more { format!("{}+", all.len()) } else { all.len().to_string() };
    let mut parts = vec![bold(&format!("{} ({count})", choice.label()))];
    if all.is_empty() {
        parts.push("Tidak ada pekerjaan di daftar ini.".to_owned());
    }
    parts.extend(here.iter().map(|job| job_text(screen, job)));
    let open = |job: &Job| {
        let label = format!("{} · {}", job.number, status_label(job.status));
        vec![screen.button(label, &CallbackData::Admin(AdminCallback::Open(job.id)))]
    };
    let mut buttons: Vec<Vec<Button>> = here.iter().map(open).collect();
    let turn = |label: String, to: usize| {
        screen.button(label, &CallbackData::Admin(AdminCallback::JobPage(choice, to)))
    };
    let mut turns = Vec::new();
    if page > 0 {
        turns.push(turn("⬅️ Sebelumnya".into(), page - 1));
    }
    if page + 1 < pages {
        turns.push(turn(format!("Berikutnya {}/{pages} ➡️", page + 2), page + 1));
    }
    if !turns.is_empty() {
        buttons.push(turns);
    }
    buttons.extend(filter_buttons(screen, choice));
    MessageView { text: parts.join("\n\n"), buttons }
}

fn filter_buttons(screen: ViewContext<'_>, now: JobFilter) -> Vec<Vec<Button>> {
    let others = JobFilter::ALL.into_iter().filter(|choice| *choice != now);
    let press = |choice| CallbackData::Admin(AdminCallback::JobPage(choice, 0));
    let buttons: Vec<Button> =
        others.map(|choice| screen.button(choice.label(), &press(choice))).collect();
    buttons.chunks(3).map(<[_]>::to_vec).collect()
}

fn job_text(screen: ViewContext<'_>, job: &Job) -> String {
    let mut first = format!("{} · {}", bold(&job.number), format::job_type(job.job_type));
    if let Some(priority) = format::priority(job.priority) {
        first = format!("{first} · {priority}");
    }
    let place = area_of_address(&job.address);
    let place = if place.is_empty() { job.address.clone() } else { place };
    let mut lines = vec![first, format!("👤 {}, {}", escape(&job.customer_name), escape(&place))];
    if job.status.is_unfinished() && job.status != JobStatus::OnHold {
        lines.push(format!("⏰ {}", format::due_time(job.due_at, screen.now, screen.zone())));
    }
    lines.push(assignee_line(job));
    lines.join("\n")
}
