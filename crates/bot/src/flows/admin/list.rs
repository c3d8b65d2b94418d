//! Jobs of the whole organisation, a few at a time.

use notify::telegram::Button;
use serde::{Deserialize, Serialize};
use services::Result;
use services::jobs::{self, area};
use shared::Permission;
use shared::job::{Job, JobQuery, JobSort};
use shared::job_state_machine::JobStatus;
use shared::page::{CommaList, MAX_LIMIT};

use crate::answer::Answer;
use crate::cards::Card;
use crate::flows::AdminPress;
use crate::flows::admin::job::{crew, status};
use crate::flows::admin::{office, shown};
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;

/// Jobs on one page.
const PAGE: usize = 5;

/// Which jobs a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    #[serde(rename = "u")]
    Unfinished,
    #[serde(rename = "l")]
    Late,
    #[serde(rename = "s")]
    Soon,
    #[serde(rename = "o")]
    Open,
    /// Somebody has them, and has not begun.
    #[serde(rename = "a")]
    Taken,
    #[serde(rename = "w")]
    Working,
    #[serde(rename = "h")]
    OnHold,
    /// They wait for verification.
    #[serde(rename = "d")]
    Done,
}

impl Choice {
    const ALL: [Self; 8] = [
        Self::Unfinished,
        Self::Late,
        Self::Soon,
        Self::Open,
        Self::Taken,
        Self::Working,
        Self::OnHold,
        Self::Done,
    ];

    /// As it stands on a button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unfinished => "Semua aktif",
            Self::Late => "🔴 Lewat batas",
            Self::Soon => "⏳ Segera",
            Self::Open => "🆕 Terbuka",
            Self::Taken => "👷 Ditugaskan",
            Self::Working => "🔧 Dikerjakan",
            Self::OnHold => "⏸ Ditunda",
            Self::Done => "☑️ Verifikasi",
        }
    }

    fn query(self) -> JobQuery {
        use JobStatus::{Accepted, Assigned, Completed, EnRoute, InProgress, OnHold, Open};
        let unfinished = || JobStatus::ALL.iter().copied().filter(|s| s.is_unfinished()).collect();
        let statuses: Vec<JobStatus> = match self {
            Self::Unfinished => unfinished(),
            Self::Late | Self::Soon => Vec::new(),
            Self::Open => vec![Open],
            Self::Taken => vec![Assigned, Accepted, EnRoute],
            Self::Working => vec![InProgress],
            Self::OnHold => vec![OnHold],
            Self::Done => vec![Completed],
        };
        JobQuery {
            status: (!statuses.is_empty()).then_some(CommaList(statuses)),
            overdue: (self == Self::Late).then_some(true),
            due_soon: (self == Self::Soon).then_some(true),
            sort: Some(JobSort::DueFirst),
            limit: Some(MAX_LIMIT),
            ..JobQuery::default()
        }
    }
}

/// A page of the jobs of one choice, what is due first on top.
pub fn page(here: Here<'_, '_>, at: Option<i32>, choice: Choice, page: usize) -> Result<Answer> {
    let actor = office(&here, Permission::JobsRead)?;
    let screen = here.screen();
    let found = jobs::list(here.tx.conn(), &actor, screen.now, &choice.query())?;
    let more = found.next_cursor.is_some();
    Ok(shown(at, card(screen, choice, &found.items, more, page)))
}

fn card(screen: Screen<'_>, choice: Choice, all: &[Job], more: bool, page: usize) -> Card {
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let here = &all[page * PAGE..all.len().min((page + 1) * PAGE)];
    let count = if more { format!("{}+", all.len()) } else { all.len().to_string() };
    let mut parts = vec![bold(&format!("{} ({count})", choice.label()))];
    if all.is_empty() {
        parts.push("Tidak ada pekerjaan di daftar ini.".to_owned());
    }
    parts.extend(here.iter().map(|job| row(screen, job)));
    let open = |job: &Job| {
        let label = format!("{} · {}", job.number, status(job.status));
        vec![screen.button(label, &Press::Admin(AdminPress::Open(job.id)))]
    };
    let mut buttons: Vec<Vec<Button>> = here.iter().map(open).collect();
    let turn = |label: String, to: usize| {
        screen.button(label, &Press::Admin(AdminPress::Jobs(choice, to)))
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
    buttons.extend(choices(screen, choice));
    Card { text: parts.join("\n\n"), buttons }
}

fn choices(screen: Screen<'_>, now: Choice) -> Vec<Vec<Button>> {
    let others = Choice::ALL.into_iter().filter(|choice| *choice != now);
    let press = |choice| Press::Admin(AdminPress::Jobs(choice, 0));
    let buttons: Vec<Button> =
        others.map(|choice| screen.button(choice.label(), &press(choice))).collect();
    buttons.chunks(3).map(<[_]>::to_vec).collect()
}

fn row(screen: Screen<'_>, job: &Job) -> String {
    let mut first = format!("{} · {}", bold(&job.number), say::job_type(job.job_type));
    if let Some(priority) = say::priority(job.priority) {
        first = format!("{first} · {priority}");
    }
    let place = area(&job.address);
    let place = if place.is_empty() { job.address.clone() } else { place };
    let mut lines = vec![first, format!("👤 {}, {}", escape(&job.customer_name), escape(&place))];
    if job.status.is_unfinished() && job.status != JobStatus::OnHold {
        lines.push(format!("⏰ {}", say::due(job.due_at, screen.now, screen.zone())));
    }
    lines.push(crew(job));
    lines.join("\n")
}
