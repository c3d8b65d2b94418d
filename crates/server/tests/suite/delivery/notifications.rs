//! What was told to whom, as the office sees it.

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

use super::world::{answer, is_quiet, low_stock, rows, until};
use crate::harness::telegram::{TelegramApp, user_id};
use crate::harness::{Backend, Client, TestApp, assign, job, technician};
use crate::live::Socket;
use crate::on_both_databases;

on_both_databases!(starting:
    the_list_shows_what_became_of_each_and_no_secret,
    what_was_given_up_is_told_and_can_be_sent_again,
    only_what_ended_without_arriving_can_be_sent_again,
    without_the_channel_nothing_can_be_sent_again,
    what_ended_long_ago_is_forgotten,
);

async fn notice_to(app: &TestApp, user: UserId, occasion: &'static str) {
    let send = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        outbox::enqueue(tx, Recipient::User(user), &low_stock(1), occasion)
    };
    app.db.write(send).await.unwrap();
}

async fn list(client: &Client, query: &str) -> Vec<Notification> {
    let page: Page<Notification> = client.get(&format!("/notifications{query}")).await;
    page.items
}

async fn the_list_shows_what_became_of_each_and_no_secret(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let admin = t.app.login(Role::Admin).await;
    let (siti, phone) = t.technician(&admin, "Siti Rahayu").await;
    let repair = job(&admin, JobType::Repair).await;
    phone.expect(&repair.number).await;
    assign(&admin, repair.id, &[siti.id]).await;
    answer(&t.app, phone.id(), &["Rahasia di chat"]).await;
    let approved = |tx: &mut Tx<'_>| -> Result<(), Error> {
        let notice = Notice::RegistrationApproved {
            registration_id: RegistrationId(1),
            username: "agus".into(),
            encrypted_password: "tersegel-9f2c".into(),
        };
        outbox::enqueue(tx, Recipient::Chat(ChatId(99)), &notice, "1")
    };
    t.app.db.write(approved).await.unwrap();
    until(&t.app, "nothing waits", is_quiet).await;
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

async fn what_was_given_up_is_told_and_can_be_sent_again(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let (admin, phone) = t.office(Role::Admin, "Admin").await;
    let mut socket = Socket::open(&admin, None).await;
    socket.until_ready().await;
    phone.block_bot();
    notice_to(&t.app, user_id(&admin).await, "1").await;
    let failed = loop {
        if let LiveEvent::NotificationFailed(event) = socket.next().await.unwrap().event {
            break event;
        }
    };
    assert_eq!(failed.kind, MessageKind::LowStock);
    let dead = list(&admin, "?status=dead").await;
    assert_eq!((dead.len(), dead[0].id), (1, failed.id));
    assert_eq!(dead[0].failure, Some(DeliveryFailure::Blocked));
    phone.unblock_bot();
    let path = format!("/notifications/{}/retry", failed.id);
    let again: Notification = admin.post(&path, &()).await;
    assert_eq!((again.status, again.attempts), (MessageStatus::Pending, 0));
    phone.expect("Kabel dropcore").await;
    until(&t.app, "it is sent", is_quiet).await;
    assert!(list(&admin, "?status=dead").await.is_empty());
    let boss = t.app.login(Role::Superadmin).await;
    let audit: Page<shared::audit::AuditEntry> = boss.get("/audit?action=notification.retry").await;
    assert_eq!(audit.items[0].entity_id, Some(failed.id.0));
}

async fn only_what_ended_without_arriving_can_be_sent_again(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let (admin, _phone) = t.office(Role::Admin, "Admin").await;
    notice_to(&t.app, user_id(&admin).await, "1").await;
    until(&t.app, "it is sent", is_quiet).await;
    let sent = list(&admin, "?status=sent").await;
    let path = |id| format!("/notifications/{id}/retry");
    let refused = admin.post_refused(&path(sent[0].id), &()).await;
    assert_eq!(refused.code, ErrorCode::NotResendable);
    // Somebody who has no Telegram yet.
    let siti = technician(&t.app, &admin, "Siti").await;
    notice_to(&t.app, siti.record.user_id, "1").await;
    let disabled = list(&admin, "?status=disabled&q=siti").await;
    assert_eq!(disabled[0].failure, Some(DeliveryFailure::NotLinked));
    let refused = admin.post_refused(&path(disabled[0].id), &()).await;
    assert_eq!(refused.code, ErrorCode::RecipientNotLinked);
    let phone: TestUser = t.person("Siti");
    t.link(siti.record.user_id, &phone).await;
    let again: Notification = admin.post(&path(disabled[0].id), &()).await;
    assert_eq!(again.status, MessageStatus::Pending);
    phone.expect("Kabel dropcore").await;
    // The bot's answers are nobody's business.
    answer(&t.app, 4_711, &["Halo"]).await;
    let all = until(&t.app, "it is given up", is_quiet).await;
    let refused =
        admin.post_refused(&path(shared::NotificationId(all.last().unwrap().id)), &()).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
}

async fn without_the_channel_nothing_can_be_sent_again(backend: Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.login(Role::Admin).await;
    notice_to(&app, user_id(&admin).await, "1").await;
    let disabled = list(&admin, "?status=disabled").await;
    assert_eq!(disabled[0].failure, None);
    let path = format!("/notifications/{}/retry", disabled[0].id);
    assert_eq!(admin.post_refused(&path, &()).await.code, ErrorCode::ChannelDisabled);
}

async fn what_ended_long_ago_is_forgotten(backend: Backend) {
    let t = TelegramApp::start(backend).await;
    let (admin, phone) = t.office(Role::Admin, "Admin").await;
    notice_to(&t.app, user_id(&admin).await, "1").await;
    answer(&t.app, phone.id(), &["Halo"]).await;
    until(&t.app, "both are sent", is_quiet).await;
    let sweep = async |days: i64| {
        t.app.clock.advance(TimeDelta::days(days));
        t.app.db.write(housekeeping::delete_expired).await.unwrap();
        rows(&t.app).await.len()
    };
    assert_eq!(sweep(0).await, 2);
    assert_eq!(sweep(2).await, 1, "the answer is forgotten, the notice is not");
    assert_eq!(sweep(89).await, 0);
}
