//! Notices in the words of a chat, as things stand when they are delivered.

mod applicant;
mod office;
mod storage;
mod technician;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use notify::telegram::{Addressee, Keyboard, Message, NoticeRenderer};
use services::Conn;
use services::outbox::Notice;

use crate::context::BotState;
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// The bot's way of telling.
pub struct Composer {
    pub shared: Arc<BotState>,
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
        let screen = ViewContext { state: &self.shared, chat: to.chat_id, now };
        let card = match notice {
            Notice::JobOffered { job_id, .. } => technician::job_offered(conn, screen, *job_id)?,
            Notice::OfferClosed { job_id, .. } => technician::offer_closed(conn, screen, *job_id)?,
            Notice::JobAssigned { job_id, .. } => technician::job_assigned(conn, screen, *job_id)?,
            Notice::JobTakenAway { job_id, number } => {
                technician::job_taken_away(conn, screen, *job_id, number)?
            }
            Notice::JobCancelled { job_id, number } => {
                technician::job_cancelled(conn, *job_id, number)?
            }
            Notice::ShortStock { job_id, number, missing } => {
                Some(office::short_stock(screen, *job_id, number, missing))
            }
            Notice::SlaWarning { job_id, number, due_at } => {
                office::sla_warning(conn, screen, *job_id, number, *due_at)?
            }
            Notice::SlaBreached { job_id, number, due_at } => {
                office::sla_breached(conn, screen, *job_id, number, *due_at)?
            }
            Notice::LowStock { item_id, code, name, on_hand, min_stock } => {
                let item = office::LowStockItem { id: *item_id, code, name };
                Some(office::low_stock(screen, &item, *on_hand, *min_stock))
            }
            Notice::RegistrationReceived { registration_id, .. } => {
                applicant::registration_received(conn, screen, *registration_id, replaces)?
            }
            Notice::RegistrationApproved { registration_id, username, encrypted_password } => {
                Some(applicant::registration_approved(
                    screen,
                    *registration_id,
                    username,
                    encrypted_password,
                ))
            }
            Notice::RegistrationRejected { reason, .. } => {
                Some(applicant::registration_rejected(reason))
            }
            Notice::BagReturnRequested { bag_return_id, .. } => {
                office::bag_return_requested(conn, screen, *bag_return_id, replaces)?
            }
            Notice::BagReturnDecided { bag_return_id } => {
                technician::bag_return_decided(conn, screen, *bag_return_id)?
            }
            Notice::StorageTrouble { place, fault } => Some(storage::trouble(*place, *fault)),
            Notice::StorageRecovered { place } => Some(storage::recovered(*place)),
        };
        Ok(card.map(|card| to_message(card, replaces)))
    }
}

fn to_message(MessageView { text, buttons }: MessageView, replaces: Option<i32>) -> Message {
    let keyboard = match buttons.is_empty() {
        true => Keyboard::None,
        false => Keyboard::Inline(buttons),
    };
    match replaces {
        Some(message_id) => Message::Edit { message_id, text, keyboard },
        None => Message::Text { text, keyboard },
    }
}
