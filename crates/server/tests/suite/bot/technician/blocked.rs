//! The bot is blocked and unblocked.

use chrono::TimeDelta;
use shared::job::Job;
use shared::notification::{DeliveryFailure, MessageKind, MessageStatus, Notification};
use shared::technician::Technician;
use shared::{Page, Role};
use telegram_fake::{Chat, RequestOutcome, TestUser};

use super::fixtures::{Fixture, message_count};
use crate::harness::telegram::TelegramApp;
use crate::harness::{Backend, Client, TestTechnician, assign_job};
use crate::on_both_databases;

on_both_databases!(
    starting: nothing_is_sent_to_who_has_blocked_the_bot_and_the_office_sees_it,
    a_refused_delivery_stops_the_others_at_once,
    any_message_makes_deliveries_go_again_and_only_recent_ones_are_sent,
);

async fn wait_until_dead(admin: &Client, phone: &TestUser, job: &Job) -> Notification {
    for _ in 0..200 {
        let path = format!("/notifications?job_id={}", job.id);
        let page: Page<Notification> = admin.get(&path).await;
        let dead = page.items.into_iter().find(|message| {
            message.kind == MessageKind::JobAssigned && message.status == MessageStatus::Dead
        });
        if let Some(message) = dead {
            return message;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the notice was not given up\n{}", phone.transcript());
}

/// How often the bot tried to write to the chat and was refused.
fn refused(bot_app: &TelegramApp, phone: &TestUser) -> usize {
    let log = bot_app.telegram.log();
    let refused = |request: &&telegram_fake::LoggedRequest| {
        request.chat == Some(phone.id()) && request.outcome == RequestOutcome::Refused
    };
    log.iter().filter(refused).count()
}

async fn off_duty(fixture: &Fixture, phone: &TestUser, technician: &TestTechnician) {
    phone.send("/profile");
    phone.expect_button("Selesai dinas").await;
    phone.tap("Selesai dinas");
    phone.expect_button("Mulai dinas").await;
    let seen: Technician = fixture.admin.get(&format!("/technicians/{}", technician.id)).await;
    assert!(!seen.on_duty && !seen.telegram_blocked);
}

async fn nothing_is_sent_to_who_has_blocked_the_bot_and_the_office_sees_it(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (technician, phone) = fixture.technician("Budi").await;
    off_duty(&fixture, &phone, &technician).await;
    phone.block_bot();
    let confirmed = |_: &Chat| (fixture.bot_app.telegram.unconfirmed_updates() == 0).then_some(());
    phone.wait_for("the update was taken", confirmed).await;
    let job = fixture.repair().await;
    assign_job(&fixture.admin, job.id, &[technician.id]).await;
    let dead = wait_until_dead(&fixture.admin, &phone, &job).await;
    assert_eq!(dead.failure, Some(DeliveryFailure::Blocked));
    let seen: Technician = fixture.admin.get(&format!("/technicians/{}", technician.id)).await;
    assert!(seen.telegram_linked && seen.telegram_blocked);
    phone.unblock_bot();
    phone.expect(&job.number).await;
    let seen: Technician = fixture.admin.get(&format!("/technicians/{}", technician.id)).await;
    assert!(!seen.telegram_blocked);
}

async fn a_refused_delivery_stops_the_others_at_once(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (technician, phone) = fixture.technician("Budi").await;
    off_duty(&fixture, &phone, &technician).await;
    phone.set_blocked_unnoticed(true);
    let jobs = [fixture.repair().await, fixture.installation().await];
    for job in &jobs {
        assign_job(&fixture.admin, job.id, &[technician.id]).await;
        let dead = wait_until_dead(&fixture.admin, &phone, job).await;
        assert_eq!(dead.failure, Some(DeliveryFailure::Blocked));
    }
    assert_eq!(refused(&fixture.bot_app, &phone), 1);
    // After a while one is tried, in case the end of the block was missed.
    phone.set_blocked_unnoticed(false);
    fixture.bot_app.app.clock.advance(TimeDelta::minutes(61));
    let admin = fixture.bot_app.app.sign_in_as(Role::Admin).await;
    let job = fixture.bot_app.repair_for(&admin, technician.id).await;
    phone.expect(&job.number).await;
    for job in &jobs {
        phone.expect(&job.number).await;
    }
}

async fn any_message_makes_deliveries_go_again_and_only_recent_ones_are_sent(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (technician, phone) = fixture.technician("Budi").await;
    off_duty(&fixture, &phone, &technician).await;
    phone.set_blocked_unnoticed(true);
    let ancient = fixture.repair().await;
    assign_job(&fixture.admin, ancient.id, &[technician.id]).await;
    wait_until_dead(&fixture.admin, &phone, &ancient).await;
    fixture.bot_app.app.clock.advance(TimeDelta::hours(7));
    let admin = fixture.bot_app.app.sign_in_as(Role::Admin).await;
    let recent = fixture.bot_app.repair_for(&admin, technician.id).await;
    wait_until_dead(&admin, &phone, &recent).await;
    phone.set_blocked_unnoticed(false);
    phone.send("/help");
    phone.expect(&recent.number).await;
    assert_eq!(message_count(&phone, &ancient.number), 0, "{}", phone.transcript());
}
