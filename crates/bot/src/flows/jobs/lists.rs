//! Lists of jobs, a few at a time.

use chrono::{DateTime, Utc};
use notify::telegram::Button;
use services::jobs::Offer;
use services::{Actor, Result, jobs, technicians};
use shared::JobId;
use shared::job::{Job, JobPriority, JobType};
use shared::job_state_machine::JobStatus;

use crate::answer::Answer;
use crate::cards::Card;
use crate::flows::JobPress;
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;

/// Jobs on one page.
const PAGE: usize = 5;

/// Jobs that the technician can take.
///
/// # Errors
/// The caller may not; the database fails.
pub fn offers(here: Here<'_, '_>) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    offers_page(here, &actor, None, 0)
}

/// Jobs of the technician.
///
/// # Errors
/// The caller may not; the database fails.
pub fn own(here: Here<'_, '_>) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    own_page(here, &actor, None, 0)
}

/// A page of the open jobs; `at` is the message that shows the list already.
pub fn offers_page(
    here: Here<'_, '_>,
    actor: &Actor,
    at: Option<i32>,
    page: usize,
) -> Result<Answer> {
    let screen = here.screen();
    let offers = jobs::offers(here.tx.conn(), actor, screen.now)?;
    let hint = off_duty_hint(here, actor)?;
    if offers.is_empty() {
        let text = format!(
            "Belum ada pekerjaan yang bisa diambil.\n\
             Kalau ada yang baru, kartunya langsung dikirim ke sini.{hint}"
        );
        return Ok(shown(at, Card { text, buttons: Vec::new() }));
    }
    let rows: Vec<Row> = offers.iter().map(|offer| Row::of_offer(screen, offer)).collect();
    let title = format!("Bisa diambil ({})", rows.len());
    let mut card = list(screen, &title, &rows, page, JobPress::Offers);
    card.text.push_str(&hint);
    Ok(shown(at, card))
}

/// A page of the own jobs.
pub fn own_page(here: Here<'_, '_>, actor: &Actor, at: Option<i32>, page: usize) -> Result<Answer> {
    let screen = here.screen();
    let own = jobs::own(here.tx.conn(), actor, screen.now)?;
    if own.is_empty() {
        let text = "Anda belum memegang pekerjaan. Cari di /jobs.".to_owned();
        return Ok(shown(at, Card { text, buttons: Vec::new() }));
    }
    let rows: Vec<Row> = own.iter().map(|job| Row::of_job(screen, job)).collect();
    let title = format!("Pekerjaan saya ({})", rows.len());
    Ok(shown(at, list(screen, &title, &rows, page, JobPress::Own)))
}

fn off_duty_hint(here: Here<'_, '_>, actor: &Actor) -> Result<String> {
    let Some(id) = actor.technician_id else { return Ok(String::new()) };
    let on_duty = technicians::get(here.tx.conn(), id)?.on_duty;
    Ok(match on_duty {
        true => String::new(),
        false => "\n\n😴 Anda sedang tidak dinas: pekerjaan baru tidak dikirim. \
                  Ubah di /profile."
            .to_owned(),
    })
}

fn shown(at: Option<i32>, card: Card) -> Answer {
    match at {
        Some(message_id) => Answer::redraw(message_id, card),
        None => Answer::card(card),
    }
}

/// One job of a list.
struct Row {
    id: JobId,
    number: String,
    /// Below the number.
    text: String,
    /// Beside the number on the button.
    brief: Option<String>,
}

impl Row {
    fn of_offer(screen: Screen<'_>, offer: &Offer) -> Self {
        let far = offer.distance_km.map(say::distance);
        let area = Some(escape(&offer.area)).filter(|area| !area.is_empty());
        let place: Vec<String> = area.into_iter().chain(far.clone()).collect();
        let place = (!place.is_empty()).then(|| place.join(" · "));
        let kind = kind(offer.job_type, offer.priority);
        let due = Some(due(screen, offer.due_at));
        let text = [Some(kind), place, due].into_iter().flatten().collect::<Vec<_>>().join("\n");
        Self { id: offer.id, number: offer.number.clone(), text, brief: far }
    }

    fn of_job(screen: Screen<'_>, job: &Job) -> Self {
        let state = say::status(job.status);
        let due = (job.status != JobStatus::OnHold).then(|| due(screen, job.due_at));
        let customer = format!("{} · {}", escape(&job.customer_name), escape(&job.address));
        let kind = format!("{} · {}", kind(job.job_type, job.priority), bold(state));
        let text =
            [Some(kind), Some(customer), due].into_iter().flatten().collect::<Vec<_>>().join("\n");
        Self { id: job.id, number: job.number.clone(), text, brief: Some(state.to_owned()) }
    }

    fn button(&self, screen: Screen<'_>) -> Button {
        let label = match &self.brief {
            Some(brief) => format!("{} · {brief}", self.number),
            None => self.number.clone(),
        };
        screen.button(label, &Press::Job(JobPress::Open(self.id)))
    }
}

fn kind(job_type: JobType, priority: JobPriority) -> String {
    match say::priority(priority) {
        Some(priority) => format!("{} · {priority}", say::job_type(job_type)),
        None => say::job_type(job_type).to_owned(),
    }
}

fn due(screen: Screen<'_>, at: DateTime<Utc>) -> String {
    format!("⏰ {}", say::due(at, screen.now, screen.zone()))
}

fn list(
    screen: Screen<'_>,
    title: &str,
    rows: &[Row],
    page: usize,
    turn: fn(usize) -> JobPress,
) -> Card {
    let pages = rows.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let here = &rows[page * PAGE..rows.len().min((page + 1) * PAGE)];
    let mut parts = vec![bold(title)];
    parts.extend(here.iter().map(|row| format!("{}\n{}", bold(&row.number), row.text)));
    let mut buttons: Vec<Vec<Button>> = here.iter().map(|row| vec![row.button(screen)]).collect();
    let mut turns = Vec::new();
    if page > 0 {
        turns.push(screen.button("⬅️ Sebelumnya", &Press::Job(turn(page - 1))));
    }
    if page + 1 < pages {
        let label = format!("Berikutnya {}/{pages} ➡️", page + 2);
        turns.push(screen.button(label, &Press::Job(turn(page + 1))));
    }
    if !turns.is_empty() {
        buttons.push(turns);
    }
    Card { text: parts.join("\n\n"), buttons }
}
