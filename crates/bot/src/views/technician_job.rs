//! A job as one technician sees it, loaded once and passed along.

use services::jobs::{self, Offer};
use services::{Actor, Conn, Result};
use shared::job::Job;
use shared::job_state_machine::{JobAction, JobStatus, possible_actions};
use shared::{JobId, Lang};

use super::job_view::own_job;
use super::offer_view::{closed_offer, open_offer};
use crate::format;
use crate::message_view::MessageView;
use crate::texts;
use crate::view_context::ViewContext;

/// A job as one technician sees it.
pub enum TechnicianJob {
    /// The technician is assigned to it.
    Own(Box<Job>),
    /// It is open, or somebody else has it.
    Offer(Offer),
}

impl TechnicianJob {
    /// Loads the job.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` if the actor is no technician.
    pub fn load(
        conn: &mut Conn,
        view_ctx: ViewContext<'_>,
        actor: &Actor,
        id: JobId,
    ) -> Result<Self> {
        if jobs::is_assigned(conn, actor, id)? {
            return Ok(Self::Own(Box::new(jobs::get(conn, actor, id)?)));
        }
        jobs::offer(conn, actor, view_ctx.now, id).map(Self::Offer)
    }

    /// The actions that the technician can take now.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<JobAction> {
        match self {
            Self::Own(job) => jobs::allowed_actions_for(actor, job),
            Self::Offer(offer) => possible_actions(offer.status, actor.job_caller(&[])),
        }
    }

    /// The job as a message: the own job, an offer, or a line that says who has it.
    ///
    /// # Errors
    /// `NotFound` if the customer is gone.
    pub fn view(
        &self,
        conn: &mut Conn,
        view_ctx: ViewContext<'_>,
        actor: &Actor,
    ) -> Result<MessageView> {
        match self {
            Self::Own(job) => own_job(conn, view_ctx, actor, job),
            Self::Offer(offer) if offer.status == JobStatus::Open => {
                open_offer(conn, view_ctx, offer)
            }
            Self::Offer(offer) => Ok(closed_offer(view_ctx.lang, offer)),
        }
    }

    /// Explains why a button has no effect any more, and what is possible now. Without markup, for a
    /// toast.
    pub fn unavailable_reason(&self, lang: Lang, actor: &Actor) -> String {
        let actions = self.allowed_actions(actor);
        let labels: Vec<&str> = actions
            .iter()
            .filter_map(|action| format::action_label(lang, *action, self.status()))
            .collect();
        if !labels.is_empty() {
            return texts::jobs::possible_now(lang, labels.join(", "));
        }
        match (self.status(), self.lead()) {
            (JobStatus::Cancelled, _) => texts::jobs::cancelled(lang).to_owned(),
            (JobStatus::Completed | JobStatus::Closed, _) => {
                texts::jobs::completed(lang).to_owned()
            }
            (_, Some(lead)) => texts::jobs::taken_by(lang, lead),
            (_, None) => texts::jobs::unavailable(lang).to_owned(),
        }
    }

    /// The number that people know the job by.
    pub fn number(&self) -> &str {
        match self {
            Self::Own(job) => &job.number,
            Self::Offer(offer) => &offer.number,
        }
    }

    /// The status of the job.
    pub const fn status(&self) -> JobStatus {
        match self {
            Self::Own(job) => job.status,
            Self::Offer(offer) => offer.status,
        }
    }

    /// The name of the technician who leads the job.
    fn lead(&self) -> Option<&str> {
        match self {
            Self::Own(job) => job.technicians.first().map(|lead| lead.name.as_str()),
            Self::Offer(offer) => offer.lead.as_deref(),
        }
    }
}
