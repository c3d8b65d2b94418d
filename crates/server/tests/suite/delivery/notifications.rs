//! Notification list and resending.

use chrono::TimeDelta;
use db::Tx;
use reqwest::Method;
use services::outbox::{self, Notice, Recipient};
use services::{Error, housekeeping};
use shared::job::JobType;
use shared::live::LiveEvent;
use shared::notification::{DeliveryFailure, MessageKind, MessageStatus, Notification};
use shared::{ChatId, ErrorCode, Page, RegistrationId, Role, UserId};
use telegram_fake::TestUser;

use super::fixtures::{
    all_finished, enqueue_replies, low_stock_notice, outbox_rows, wait_for_rows,
};
use crate::harness::telegram::{TelegramApp, user_id};
use crate::harness::{Backend, Client, TestApp, assign_job, create_job, create_technician};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(starting:
    the_list_shows_each_status_and_no_secret,
    a_failed_message_is_reported_and_can_be_resent,
    only_undelivered_messages_can_be_resent,
    without_the_channel_nothing_can_be_resent,
    old_finished_messages_are_deleted,
);

async fn notice_to(app: &TestApp, user: UserId, dedupe_key: &'static str) {
    let send = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        outbox::enqueue(tx, Recipient::User(user), &low_stock_notice(1), dedupe_key)
    };
    app.db.write(send).await.unwrap();
}

async fn list(client: &Client, query: &str) -> Vec<Notification> {
    let page: Page<Notification> = client.get(&format!("/notifications{query}")).await;
    page.items
}

async fn the_list_shows_each_status_and_no_secret(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let admin = bot_app.app.sign_in_as(Role::Admin).await;
    let (siti, phone) = bot_app.technician(&admin, "Siti Rahayu").await;
    let repair = create_job(&admin, JobType::Repair).await;
    phone.expect(&repair.number).await;
    assign_job(&admin, repair.id, &[siti.id]).await;
    enqueue_replies(&bot_app.app, phone.id(), &["Rahasia di chat"]).await;
    let approved = |tx: &mut Tx<'_>| -> Result<(), Error> {
        let notice = Notice::RegistrationApproved {
            registration_id: RegistrationId(1),
            username: "agus".into(),
            encrypted_password: "tersegel-9f2c".into(),
        };
        outbox::enqueue(tx, Recipient::Chat(ChatId(99)), &notice, "1")
    };
    bot_app.app.db.write(approved).await.unwrap();
    wait_for_rows(&bot_app.app, "nothing waits", all_finished).await;
    let all = list(&admin, "").await;
    assert!(all.is_sorted_by(|one, next| one.id.0 > next.id.0));
    assert!(all.iter().all(|one| one.kind != MessageKind::Reply));
    let offered = all.iter().find(|one| one.kind == MessageKind::JobOffered).unwrap();
    assert_eq!(offered.recipient.as_deref(), Some("Siti Rahayu"));
    assert_eq!(offered.job_number.as_deref(), Some(repair.number.as_str()));
    assert_eq!((offered.summary.as_str(), offered.attempts), (repair.number.as_str(), 1));
    assert!(offered.status == MessageStatus::Sent && offered.sent_at.is_some());
    let response = admin.request(Method::GET, "/notifications").send().await.unwrap();
    let text = response.text().await.unwrap();
    assert!(text.contains("agus") && !text.contains("tersegel") && !text.contains("Rahasia"));
    for (query, fits) in [
        ("?q=siti+rahayu", all.iter().filter(|one| one.recipient.is_some()).count()),
        ("?kind=job_offered", 1),
        ("?kind=registration_approved&status=dead,withdrawn", 1),
        ("?channel=whatsapp", 0),
        (&format!("?job_id={}&kind=job_offered,job_assigned", repair.id), 2),
    ] {
        assert_eq!(list(&admin, query).await.len(), fits, "{query}");
    }
    let first: Page<Notification> = admin.get("/notifications?limit=1&with_total=true").await;
    assert_eq!(first.total, Some(all.len() as i64));
    let next = format!("?limit=1&cursor={}", first.next_cursor.unwrap());
    assert_eq!(list(&admin, &next).await[0].id, all[1].id);
}

async fn a_failed_message_is_reported_and_can_be_resent(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let (admin, phone) = bot_app.office_user(Role::Admin, "Admin").await;
    let mut socket = Socket::open(&admin, None).await;
    socket.wait_until_ready().await;
    phone.block_bot();
    notice_to(&bot_app.app, user_id(&admin).await, "1").await;
    let failed = loop {
        if let LiveEvent::NotificationFailed(event) = socket.next().await.unwrap().event {
            break event;
        }
    };
    assert_eq!(failed.kind, MessageKind::LowStock);
    let dead = list(&admin, "?status=dead").await;
    assert_eq!((dead.len(), dead[0].id), (1, failed.id));
    assert_eq!(dead[0].failure, Some(DeliveryFailure::Blocked));
    phone.set_blocked_unnoticed(false);
    let path = format!("/notifications/{}/retry", failed.id);
    let again: Notification = admin.post(&path, &()).await;
    assert_eq!((again.status, again.attempts), (MessageStatus::Pending, 0));
    phone.expect("Kabel dropcore").await;
    wait_for_rows(&bot_app.app, "it is sent", all_finished).await;
    assert!(list(&admin, "?status=dead").await.is_empty());
    let superadmin = bot_app.app.sign_in_as(Role::Superadmin).await;
    let audit: Page<shared::audit::AuditEntry> =
        superadmin.get("/audit?action=notification.retry").await;
    assert_eq!(audit.items[0].entity_id, Some(failed.id.0));
}

async fn only_undelivered_messages_can_be_resent(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let (admin, _phone) = bot_app.office_user(Role::Admin, "Admin").await;
    notice_to(&bot_app.app, user_id(&admin).await, "1").await;
    wait_for_rows(&bot_app.app, "it is sent", all_finished).await;
    let sent = list(&admin, "?status=sent").await;
    let path = |id| format!("/notifications/{id}/retry");
    let refused = admin.post_refused(&path(sent[0].id), &()).await;
    assert_eq!(refused.code, ErrorCode::NotResendable);
    // A user without a linked chat.
    let siti = create_technician(&bot_app.app, &admin, "Siti").await;
    notice_to(&bot_app.app, siti.record.user_id, "1").await;
    let disabled = list(&admin, "?status=disabled&q=siti").await;
    assert_eq!(disabled[0].failure, Some(DeliveryFailure::NotLinked));
    let refused = admin.post_refused(&path(disabled[0].id), &()).await;
    assert_eq!(refused.code, ErrorCode::RecipientNotLinked);
    let phone: TestUser = bot_app.unknown_user("Siti");
    bot_app.link(siti.record.user_id, &phone).await;
    let again: Notification = admin.post(&path(disabled[0].id), &()).await;
    assert_eq!(again.status, MessageStatus::Pending);
    phone.expect("Kabel dropcore").await;
    // Responses of the bot are not listed.
    enqueue_replies(&bot_app.app, 4_711, &["Halo"]).await;
    let all = wait_for_rows(&bot_app.app, "it is given up", all_finished).await;
    let refused =
        admin.post_refused(&path(shared::NotificationId(all.last().unwrap().id)), &()).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
}

async fn without_the_channel_nothing_can_be_resent(backend: Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.sign_in_as(Role::Admin).await;
    notice_to(&app, user_id(&admin).await, "1").await;
    let disabled = list(&admin, "?status=disabled").await;
    assert_eq!(disabled[0].failure, None);
    let path = format!("/notifications/{}/retry", disabled[0].id);
    assert_eq!(admin.post_refused(&path, &()).await.code, ErrorCode::ChannelDisabled);
}

async fn old_finished_messages_are_deleted(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let (admin, phone) = bot_app.office_user(Role::Admin, "Admin").await;
    notice_to(&bot_app.app, user_id(&admin).await, "1").await;
    enqueue_replies(&bot_app.app, phone.id(), &["Halo"]).await;
    wait_for_rows(&bot_app.app, "both are sent", all_finished).await;
    let sweep = async |days: i64| {
        bot_app.app.clock.advance(TimeDelta::days(days));
        bot_app.app.db.write(housekeeping::delete_expired).await.unwrap();
        outbox_rows(&bot_app.app).await.len()
    };
    assert_eq!(sweep(0).await, 2);
    assert_eq!(sweep(2).await, 1, "the reply is deleted, the notice is not");
    assert_eq!(sweep(89).await, 0);
}
