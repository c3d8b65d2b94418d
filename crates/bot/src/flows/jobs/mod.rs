//! Jobs in the hands of a technician: take, accept, decline, and the way there.

mod lists;
mod reasons;
mod steps;

pub use lists::{offers, own};
pub use reasons::{JobDialogue, Why};
pub use steps::{Way, instead};

use notify::telegram::Message;
use serde::{Deserialize, Serialize};
use services::{Actor, Error, Result, jobs};
use shared::{ErrorCode, JobId};

use crate::answer::Answer;
use crate::cards;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::update::Input;

/// Buttons of this flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobPress {
    /// A step that needs nothing else.
    #[serde(rename = "s")]
    Step(JobId, Way),
    /// Puts an offer aside.
    #[serde(rename = "k")]
    Skip(JobId),
    /// Shows the job at the end of the chat.
    #[serde(rename = "o")]
    Open(JobId),
    /// Shows the job as it is now, in place.
    #[serde(rename = "f")]
    Refresh(JobId),
    /// Asks why.
    #[serde(rename = "w")]
    Ask(JobId, Why),
    /// One of the ready-made reasons.
    #[serde(rename = "b")]
    Because(JobId, Why, usize),
    /// A reason that has to be typed.
    #[serde(rename = "t")]
    Other(JobId, Why),
    /// The job's place as a point on the map.
    #[serde(rename = "m")]
    Map(JobId),
    /// A page of the open jobs.
    #[serde(rename = "p")]
    Offers(usize),
    /// A page of the own jobs.
    #[serde(rename = "q")]
    Own(usize),
}

/// Answers a button.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn press(
    here: Here<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    press: JobPress,
) -> Result<Answer> {
    let (actor, _) = here.technician()?;
    let screen = here.screen();
    // Whoever presses something else types no reason any more.
    let asked = matches!(dialogue, Some(Dialogue::Job(_)));
    let answer = match press {
        JobPress::Step(id, way) => steps::take(here, &actor, message_id, id, way.action()),
        JobPress::Skip(id) => skip(here, &actor, message_id, id),
        JobPress::Open(id) => Ok(Answer::card(cards::present(here.tx.conn(), screen, &actor, id)?)),
        JobPress::Refresh(id) => redraw(here, &actor, message_id, id),
        JobPress::Ask(id, why) => reasons::ask(here, &actor, message_id, id, why),
        JobPress::Because(id, why, reason) => {
            reasons::because(here, &actor, message_id, id, (why, reason))
        }
        JobPress::Other(id, why) => return reasons::other(here, &actor, message_id, id, why),
        JobPress::Map(id) => point(here, &actor, id),
        JobPress::Offers(page) => lists::offers_page(here, &actor, Some(message_id), page),
        JobPress::Own(page) => lists::own_page(here, &actor, Some(message_id), page),
    }?;
    Ok(if asked { answer.end() } else { answer })
}

/// Goes on with what was asked.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn go_on(here: Here<'_, '_>, state: &JobDialogue, input: &Input) -> Result<Answer> {
    reasons::go_on(here, state, input)
}

fn skip(here: Here<'_, '_>, actor: &Actor, message_id: i32, id: JobId) -> Result<Answer> {
    let screen = here.screen();
    let offer = jobs::offer(here.tx.conn(), actor, screen.now, id)?;
    if offer.status != shared::job_state_machine::JobStatus::Open {
        return redraw(here, actor, message_id, id);
    }
    Ok(Answer::redraw(message_id, cards::folded(screen, &offer)))
}

/// The job as it is now in place of the pressed message.
pub(super) fn redraw(
    here: Here<'_, '_>,
    actor: &Actor,
    message_id: i32,
    id: JobId,
) -> Result<Answer> {
    let screen = here.screen();
    let card = cards::present(here.tx.conn(), screen, actor, id)?;
    Ok(Answer::redraw(message_id, card))
}

fn point(here: Here<'_, '_>, actor: &Actor, id: JobId) -> Result<Answer> {
    let job = jobs::get(here.tx.conn(), actor, id)?;
    match job.latitude.zip(job.longitude) {
        Some((latitude, longitude)) => Ok(Answer::message(Message::Place { latitude, longitude })),
        None => Err(Error::refuse(ErrorCode::NotFound)),
    }
}
