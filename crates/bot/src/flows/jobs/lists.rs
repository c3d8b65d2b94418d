//! Lists of open jobs and of own jobs.

use notify::telegram::Button;
use services::jobs::Offer;
use services::{Actor, Result, jobs, technicians};
use shared::JobId;
use shared::job::Job;
use shared::job_state_machine::JobStatus;

use crate::callback_data::jobs::JobCallback;
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::pickers::pagination::Page;
use crate::response::BotResponse;
use crate::texts;
use crate::view_context::ViewContext;

/// Jobs on one page.
const PAGE_SIZE: usize = 5;

/// `/jobs`: the jobs that the technician can claim.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn offers(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    offers_page(ctx, &actor, None, 0)
}

/// `/myjobs`: the unfinished jobs of the technician.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn own_jobs(ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let (actor, _) = ctx.technician()?;
    own_jobs_page(ctx, &actor, None, 0)
}

/// A page of the open jobs; `replaces` is the message that shows the list already.
pub fn offers_page(
    mut ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    replaces: Option<i32>,
    page: usize,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let offers = jobs::offers(ctx.tx.conn(), actor, view_ctx.now)?;
    let hint = off_duty_hint(&mut ctx, actor)?;
    if offers.is_empty() {
        let text = format!("{}{hint}", texts::jobs::none_open(ctx.lang));
        return Ok(BotResponse::show_view(replaces, MessageView::text(text)));
    }
    let rows: Vec<JobRow> =
        offers.iter().map(|offer| JobRow::from_offer(view_ctx, offer)).collect();
    let title = texts::jobs::open_title(ctx.lang, rows.len());
    let mut view = list_view(view_ctx, &title, &rows, page, JobCallback::OfferPage);
    view.text.push_str(&hint);
    Ok(BotResponse::show_view(replaces, view))
}

/// A page of the own jobs; `replaces` is the message that shows the list already.
pub fn own_jobs_page(
    ctx: UpdateContext<'_, '_>,
    actor: &Actor,
    replaces: Option<i32>,
    page: usize,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let jobs = jobs::own_jobs(ctx.tx.conn(), actor, view_ctx.now)?;
    if jobs.is_empty() {
        let view = MessageView::text(texts::jobs::none_own(ctx.lang));
        return Ok(BotResponse::show_view(replaces, view));
    }
    let rows: Vec<JobRow> = jobs.iter().map(|job| JobRow::from_job(view_ctx, job)).collect();
    let title = texts::jobs::own_title(ctx.lang, rows.len());
    let view = list_view(view_ctx, &title, &rows, page, JobCallback::OwnJobsPage);
    Ok(BotResponse::show_view(replaces, view))
}

fn off_duty_hint(ctx: &mut UpdateContext<'_, '_>, actor: &Actor) -> Result<String> {
    let Some(id) = actor.technician_id else { return Ok(String::new()) };
    let on_duty = technicians::get(ctx.tx.conn(), id)?.on_duty;
    Ok(match on_duty {
        true => String::new(),
        false => format!("\n\n{}", texts::jobs::off_duty_hint(ctx.lang)),
    })
}

/// One job of a list.
struct JobRow {
    id: JobId,
    number: String,
    /// The lines below the number.
    text: String,
    /// What the button says beside the number.
    detail: Option<String>,
}

impl JobRow {
    fn from_offer(view_ctx: ViewContext<'_>, offer: &Offer) -> Self {
        let distance = offer.distance_km.map(|km| format::distance(view_ctx.lang, km));
        let area = Some(escape(&offer.area)).filter(|area| !area.is_empty());
        let location: Vec<String> = area.into_iter().chain(distance.clone()).collect();
        let location = (!location.is_empty()).then(|| location.join(" · "));
        let kind = format::type_line(view_ctx.lang, offer.job_type, offer.priority);
        let due = format!("⏰ {}", format::due_time(view_ctx, offer.due_at));
        let lines = [Some(kind), location, Some(due)];
        Self {
            id: offer.id,
            number: offer.number.clone(),
            text: lines.into_iter().flatten().collect::<Vec<_>>().join("\n"),
            detail: distance,
        }
    }

    fn from_job(view_ctx: ViewContext<'_>, job: &Job) -> Self {
        let status = format::status(view_ctx.lang, job.status);
        let kind = format::type_line(view_ctx.lang, job.job_type, job.priority);
        let due = (job.status != JobStatus::OnHold)
            .then(|| format!("⏰ {}", format::due_time(view_ctx, job.due_at)));
        let customer = format!("{} · {}", escape(&job.customer_name), escape(&job.address));
        let lines = [Some(format!("{kind} · {}", bold(status))), Some(customer), due];
        Self {
            id: job.id,
            number: job.number.clone(),
            text: lines.into_iter().flatten().collect::<Vec<_>>().join("\n"),
            detail: Some(status.to_owned()),
        }
    }

    fn button(&self, view_ctx: ViewContext<'_>) -> Button {
        let label = match &self.detail {
            Some(detail) => format!("{} · {detail}", self.number),
            None => self.number.clone(),
        };
        view_ctx.button(label, JobCallback::Open(self.id))
    }
}

fn list_view(
    view_ctx: ViewContext<'_>,
    title: &str,
    rows: &[JobRow],
    page: usize,
    page_callback: fn(usize) -> JobCallback,
) -> MessageView {
    let page = Page::new(rows.len(), PAGE_SIZE, page);
    let rows = page.slice(rows);
    let mut parts = vec![bold(title)];
    parts.extend(rows.iter().map(|row| format!("{}\n{}", bold(&row.number), row.text)));
    let mut buttons: Vec<_> = rows.iter().map(|row| vec![row.button(view_ctx)]).collect();
    buttons.push(page.neighbour_buttons(view_ctx, page_callback));
    buttons.retain(|row| !row.is_empty());
    MessageView { text: parts.join("\n\n"), buttons }
}
