//! Jobs of the whole organisation, page by page.

use notify::telegram::Button;
use services::Result;
use services::jobs::{self, area_of_address};
use shared::job::{Job, JobQuery, JobSort};
use shared::job_state_machine::JobStatus;
use shared::pagination::{CommaList, MAX_LIMIT};
use shared::{Lang, Permission};

use super::access::office_actor;
use super::job::{assignee_line, status_label};
use crate::callback_data::admin::{AdminCallback, JobFilter};
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::pickers::pagination::Page;
use crate::response::BotResponse;
use crate::texts::admin;
use crate::view_context::ViewContext;

/// Jobs on one page.
const PAGE_SIZE: usize = 5;

const FILTERS: [JobFilter; 8] = [
    JobFilter::Unfinished,
    JobFilter::Overdue,
    JobFilter::DueSoon,
    JobFilter::Open,
    JobFilter::Assigned,
    JobFilter::InProgress,
    JobFilter::OnHold,
    JobFilter::Completed,
];

/// The button of a filter.
pub const fn filter_label(lang: Lang, filter: JobFilter) -> &'static str {
    match filter {
        JobFilter::Unfinished => admin::filter_unfinished(lang),
        JobFilter::Overdue => admin::filter_overdue(lang),
        JobFilter::DueSoon => admin::filter_due_soon(lang),
        JobFilter::Open => admin::filter_open(lang),
        JobFilter::Assigned => admin::filter_assigned(lang),
        JobFilter::InProgress => admin::filter_in_progress(lang),
        JobFilter::OnHold => admin::filter_on_hold(lang),
        JobFilter::Completed => admin::filter_completed(lang),
    }
}

fn query(filter: JobFilter) -> JobQuery {
    use JobStatus::{Accepted, Assigned, Completed, EnRoute, InProgress, OnHold, Open};
    let unfinished = || JobStatus::ALL.iter().copied().filter(|s| s.is_unfinished()).collect();
    let statuses: Vec<JobStatus> = match filter {
        JobFilter::Unfinished => unfinished(),
        JobFilter::Overdue | JobFilter::DueSoon => Vec::new(),
        JobFilter::Open => vec![Open],
        JobFilter::Assigned => vec![Assigned, Accepted, EnRoute],
        JobFilter::InProgress => vec![InProgress],
        JobFilter::OnHold => vec![OnHold],
        JobFilter::Completed => vec![Completed],
    };
    JobQuery {
        status: (!statuses.is_empty()).then_some(CommaList(statuses)),
        overdue: (filter == JobFilter::Overdue).then_some(true),
        due_soon: (filter == JobFilter::DueSoon).then_some(true),
        sort: Some(JobSort::DueFirst),
        limit: Some(MAX_LIMIT),
        ..JobQuery::default()
    }
}

/// A page of the jobs that pass a filter, those that are due first on top.
pub fn list_page(
    ctx: UpdateContext<'_, '_>,
    replaces: Option<i32>,
    filter: JobFilter,
    page: usize,
) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::JobsRead)?;
    let view_ctx = ctx.view_ctx();
    let now = view_ctx.now.with_timezone(&view_ctx.zone());
    let found = jobs::list(ctx.tx.conn(), &actor, now, &query(filter))?;
    let more = found.next_cursor.is_some();
    let view = list_view(view_ctx, filter, &found.items, more, page);
    Ok(BotResponse::show_view(replaces, view))
}

fn list_view(
    view_ctx: ViewContext<'_>,
    filter: JobFilter,
    jobs: &[Job],
    more: bool,
    page: usize,
) -> MessageView {
    let lang = view_ctx.lang;
    let page = Page::new(jobs.len(), PAGE_SIZE, page);
    let count = if more { format!("{}+", jobs.len()) } else { jobs.len().to_string() };
    let mut parts = vec![bold(&format!("{} ({count})", filter_label(lang, filter)))];
    if jobs.is_empty() {
        parts.push(admin::list_empty(lang).to_owned());
    }
    let jobs = page.slice(jobs);
    parts.extend(jobs.iter().map(|job| job_text(view_ctx, job)));
    let row = |job: &Job| {
        let label = format!("{} · {}", job.number, status_label(lang, job.status));
        vec![view_ctx.button(label, AdminCallback::Open(job.id))]
    };
    let mut buttons: Vec<Vec<Button>> = jobs.iter().map(row).collect();
    let to_page = |page| AdminCallback::JobPage(filter, page);
    buttons.push(page.neighbour_buttons(view_ctx, to_page));
    buttons.extend(filter_buttons(view_ctx, filter));
    buttons.retain(|row| !row.is_empty());
    MessageView { text: parts.join("\n\n"), buttons }
}

/// Buttons to the other filters.
fn filter_buttons(view_ctx: ViewContext<'_>, current: JobFilter) -> Vec<Vec<Button>> {
    let others = FILTERS.into_iter().filter(|filter| *filter != current);
    let button = |filter| {
        let label = filter_label(view_ctx.lang, filter);
        view_ctx.button(label, AdminCallback::JobPage(filter, 0))
    };
    let buttons: Vec<Button> = others.map(button).collect();
    buttons.chunks(3).map(<[_]>::to_vec).collect()
}

fn job_text(view_ctx: ViewContext<'_>, job: &Job) -> String {
    let kind = format::type_line(view_ctx.lang, job.job_type, job.priority);
    let area = area_of_address(&job.address);
    let area = if area.is_empty() { job.address.clone() } else { area };
    let mut lines = vec![
        format!("{} · {kind}", bold(&job.number)),
        format!("👤 {}, {}", escape(&job.customer_name), escape(&area)),
    ];
    if job.status.is_unfinished() && job.status != JobStatus::OnHold {
        lines.push(format!("⏰ {}", format::due_time(view_ctx, job.due_at)));
    }
    lines.push(assignee_line(view_ctx.lang, job));
    lines.join("\n")
}
