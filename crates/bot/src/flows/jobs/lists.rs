//! Lists of jobs, a few at a time.

use chrono::{DateTime, Utc};
use notify::telegram::Button;
use services::jobs::Offer;
use services::{Actor, Result, jobs, technicians};
use shared::JobId;
use shared::job::{Job, JobPriority, JobType};
use shared::job_state_machine::JobStatus;

use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::flows::JobCallback;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Jobs on one page.
const PAGE_SIZE: usize = 5;

/// Jobs that the technician can take.
///
/// # Errors
/// The caller may not; the database fails.
pub fn offers(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    offers_page(here, &actor, None, 0)
}

/// Jobs of the technician.
///
/// # Errors
/// The caller may not; the database fails.
pub fn own_jobs(here: UpdateContext<'_, '_>) -> Result<BotResponse> {
    let (actor, _) = here.technician()?;
    own_jobs_page(here, &actor, None, 0)
}

/// A page of the open jobs; `at` is the message that shows the list already.
pub fn offers_page(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    at: Option<i32>,
    page: usize,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let offers = jobs::offers(here.tx.conn(), actor, screen.now)?;
    let hint = off_duty_hint(here, actor)?;
    if offers.is_empty() {
        let text = format!(
            "Belum ada pekerjaan yang bisa diambil.\n\
             Kalau ada yang baru, kartunya langsung dikirim ke sini.{hint}"
        );
        return Ok(show_view(at, MessageView { text, buttons: Vec::new() }));
    }
    let rows: Vec<JobRow> = offers.iter().map(|offer| JobRow::from_offer(screen, offer)).collect();
    let title = format!("Bisa diambil ({})", rows.len());
    let mut card = list_view(screen, &title, &rows, page, JobCallback::OfferPage);
    card.text.push_str(&hint);
    Ok(show_view(at, card))
}

/// A page of the own jobs.
pub fn own_jobs_page(
    here: UpdateContext<'_, '_>,
    actor: &Actor,
    at: Option<i32>,
    page: usize,
) -> Result<BotResponse> {
    let screen = here.view_ctx();
    let own = jobs::own_jobs(here.tx.conn(), actor, screen.now)?;
    if own.is_empty() {
        let text = "Anda belum memegang pekerjaan. Cari di /jobs.".to_owned();
        return Ok(show_view(at, MessageView { text, buttons: Vec::new() }));
    }
    let rows: Vec<JobRow> = own.iter().map(|job| JobRow::from_job(screen, job)).collect();
    let title = format!("Pekerjaan saya ({})", rows.len());
    Ok(show_view(at, list_view(screen, &title, &rows, page, JobCallback::OwnJobsPage)))
}

fn off_duty_hint(here: UpdateContext<'_, '_>, actor: &Actor) -> Result<String> {
    let Some(id) = actor.technician_id else { return Ok(String::new()) };
    let on_duty = technicians::get(here.tx.conn(), id)?.on_duty;
    Ok(match on_duty {
        true => String::new(),
        false => "\n\n😴 Anda sedang tidak dinas: pekerjaan baru tidak dikirim. \
                  Ubah di /profile."
            .to_owned(),
    })
}

fn show_view(at: Option<i32>, card: MessageView) -> BotResponse {
    match at {
        Some(message_id) => BotResponse::edit_view(message_id, card),
        None => BotResponse::view(card),
    }
}

/// One job of a list.
struct JobRow {
    id: JobId,
    number: String,
    /// Below the number.
    text: String,
    /// Beside the number on the button.
    brief: Option<String>,
}

impl JobRow {
    fn from_offer(screen: ViewContext<'_>, offer: &Offer) -> Self {
        let far = offer.distance_km.map(format::distance);
        let area = Some(escape(&offer.area)).filter(|area| !area.is_empty());
        let place: Vec<String> = area.into_iter().chain(far.clone()).collect();
        let place = (!place.is_empty()).then(|| place.join(" · "));
        let kind = type_label(offer.job_type, offer.priority);
        let due = Some(due_line(screen, offer.due_at));
        let text = [Some(kind), place, due].into_iter().flatten().collect::<Vec<_>>().join("\n");
        Self { id: offer.id, number: offer.number.clone(), text, brief: far }
    }

    fn from_job(screen: ViewContext<'_>, job: &Job) -> Self {
        let state = format::status(job.status);
        let due = (job.status != JobStatus::OnHold).then(|| due_line(screen, job.due_at));
        let customer = format!("{} · {}", escape(&job.customer_name), escape(&job.address));
        let kind = format!("{} · {}", type_label(job.job_type, job.priority), bold(state));
        let text =
            [Some(kind), Some(customer), due].into_iter().flatten().collect::<Vec<_>>().join("\n");
        Self { id: job.id, number: job.number.clone(), text, brief: Some(state.to_owned()) }
    }

    fn button(&self, screen: ViewContext<'_>) -> Button {
        let label = match &self.brief {
            Some(brief) => format!("{} · {brief}", self.number),
            None => self.number.clone(),
        };
        screen.button(label, &CallbackData::Job(JobCallback::Open(self.id)))
    }
}

fn type_label(job_type: JobType, priority: JobPriority) -> String {
    match format::priority(priority) {
        Some(priority) => format!("{} · {priority}", format::job_type(job_type)),
        None => format::job_type(job_type).to_owned(),
    }
}

fn due_line(screen: ViewContext<'_>, at: DateTime<Utc>) -> String {
    format!("⏰ {}", format::due_time(at, screen.now, screen.zone()))
}

fn list_view(
    screen: ViewContext<'_>,
    title: &str,
    rows: &[JobRow],
    page: usize,
    turn: fn(usize) -> JobCallback,
) -> MessageView {
    let pages = rows.len().div_ceil(PAGE_SIZE).max(1);
    let page = page.min(pages - 1);
    let here = &rows[page * PAGE_SIZE..rows.len().min((page + 1) * PAGE_SIZE)];
    let mut parts = vec![bold(title)];
    parts.extend(here.iter().map(|row| format!("{}\n{}", bold(&row.number), row.text)));
    let mut buttons: Vec<Vec<Button>> = here.iter().map(|row| vec![row.button(screen)]).collect();
    let mut turns = Vec::new();
    if page > 0 {
        turns.push(screen.button("⬅️ Sebelumnya", &CallbackData::Job(turn(page - 1))));
    }
    if page + 1 < pages {
        let label = format!("Berikutnya {}/{pages} ➡️", page + 2);
        turns.push(screen.button(label, &CallbackData::Job(turn(page + 1))));
    }
    if !turns.is_empty() {
        buttons.push(turns);
    }
    MessageView { text: parts.join("\n\n"), buttons }
}
