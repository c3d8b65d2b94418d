//! Notices as messages, rendered from the state of things at the moment of delivery.

mod applicant;
mod office;
mod storage;
mod technician;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use notify::telegram::{Addressee, Message, NoticeRenderer};
use services::outbox::Notice;
use services::{Conn, telegram};

use crate::bot_state::BotState;
use crate::view_context::ViewContext;

/// Renders notices for Telegram.
pub struct Composer {
    pub state: Arc<BotState>,
}

impl NoticeRenderer for Composer {
    fn render(
        &self,
        conn: &mut Conn,
        now: DateTime<Utc>,
        to: Addressee,
        notice: &Notice,
        replaces: Option<i32>,
    ) -> services::Result<Option<Message>> {
        let lang = telegram::language_for_notice(conn, to.chat_id)?;
        let view_ctx = ViewContext { state: &self.state, chat: to.chat_id, lang, now };
        let view = match notice {
            Notice::JobOffered { job_id, .. } => technician::job_offered(conn, view_ctx, *job_id)?,
            Notice::OfferClosed { job_id, .. } => {
                technician::offer_closed(conn, view_ctx, *job_id)?
            }
            Notice::JobAssigned { job_id, .. } => {
                technician::job_assigned(conn, view_ctx, *job_id)?
            }
            Notice::JobTakenAway { job_id, number } => {
                technician::job_taken_away(conn, view_ctx, *job_id, number)?
            }
            Notice::JobCancelled { job_id, number } => {
                technician::job_cancelled(conn, lang, *job_id, number)?
            }
            Notice::ShortStock { job_id, number, missing } => {
                Some(office::short_stock(view_ctx, *job_id, number, missing))
            }
            Notice::SlaWarning { job_id, number, due_at } => {
                office::sla_warning(conn, view_ctx, *job_id, number, *due_at)?
            }
            Notice::SlaBreached { job_id, number, due_at } => {
                office::sla_breached(conn, view_ctx, *job_id, number, *due_at)?
            }
            Notice::LowStock { item_id, code, name, on_hand, min_stock } => {
                let item = office::LowStockItem { id: *item_id, code, name };
                Some(office::low_stock(view_ctx, &item, *on_hand, *min_stock))
            }
            Notice::RegistrationReceived { registration_id, .. } => {
                applicant::registration_received(conn, view_ctx, *registration_id, replaces)?
            }
            Notice::RegistrationApproved { registration_id, username, encrypted_password } => {
                let id = *registration_id;
                Some(applicant::registration_approved(view_ctx, id, username, encrypted_password))
            }
            Notice::RegistrationRejected { reason, .. } => {
                Some(applicant::registration_rejected(lang, reason))
            }
            Notice::BagReturnRequested { bag_return_id, .. } => {
                office::bag_return_requested(conn, view_ctx, *bag_return_id, replaces)?
            }
            Notice::BagReturnDecided { bag_return_id } => {
                technician::bag_return_decided(conn, view_ctx, *bag_return_id)?
            }
            Notice::StorageFault { place, fault } => Some(storage::fault(lang, *place, *fault)),
            Notice::StorageRecovered { place } => Some(storage::recovered(lang, *place)),
        };
        Ok(view.map(|view| view.into_message(replaces)))
    }
}
