//! Edited and withdrawn messages, and messages of recipients whose chat has changed.

use chrono::TimeDelta;
use db::Tx;
use services::{Error, outbox};
use shared::job::{Job, JobType, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::notification::{DeliveryFailure, MessageStatus};
use shared::{ChatId, Role};

use super::fixtures::{
    OutboxRow, all_finished, enqueue_replies, low_stock_notice, text_payload, wait_for_rows,
};
use crate::harness::telegram::{TelegramApp, user_id};
use crate::harness::{Backend, Client, create_job};
use crate::on_both_databases;

on_both_databases!(starting:
    a_closed_offer_is_edited_in_place,
    an_undelivered_offer_of_a_cancelled_job_is_withdrawn,
    a_replacing_response_edits_the_earlier_message,
    pending_messages_go_to_the_current_chat_of_the_user,
);

/// The clock is fixed, so there is no automatic retry.
fn was_tried(rows: &[OutboxRow]) -> bool {
    rows.iter().any(|row| row.failure == Some(DeliveryFailure::Unreachable))
}

async fn cancel(admin: &Client, job: &Job) {
    let request = TransitionRequest {
        reason: Some("Pelanggan batal".into()),
        ..TransitionRequest::for_action(JobAction::Cancel)
    };
    let _: Job = admin.post(&format!("/jobs/{}/transitions", job.id), &request).await;
}

async fn a_closed_offer_is_edited_in_place(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let admin = bot_app.app.sign_in_as(Role::Admin).await;
    let (_, siti) = bot_app.technician(&admin, "Siti").await;
    let job = create_job(&admin, JobType::Repair).await;
    siti.expect(&job.number).await;
    cancel(&admin, &job).await;
    siti.expect("sudah dibatalkan").await;
    let chat = siti.chat();
    assert_eq!(chat.texts().len(), 1, "{}", siti.transcript());
    assert_eq!(chat.messages[0].edits, 1);
    assert!(chat.messages[0].buttons.is_empty(), "a removed button cannot be pressed");
}

async fn an_undelivered_offer_of_a_cancelled_job_is_withdrawn(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let admin = bot_app.app.sign_in_as(Role::Admin).await;
    let (_, siti) = bot_app.technician(&admin, "Siti").await;
    bot_app.telegram.shut_down();
    let job = create_job(&admin, JobType::Repair).await;
    wait_for_rows(&bot_app.app, "it was tried", was_tried).await;
    cancel(&admin, &job).await;
    bot_app.telegram.restart();
    bot_app.app.clock.advance(TimeDelta::minutes(1));
    let rows = wait_for_rows(&bot_app.app, "nothing waits", all_finished).await;
    assert!(siti.chat().texts().is_empty(), "{}", siti.transcript());
    assert!(rows.iter().all(|row| row.address.is_none() || row.status == MessageStatus::Withdrawn));
}

async fn a_replacing_response_edits_the_earlier_message(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let budi = bot_app.unknown_user("Budi");
    budi.open_chat();
    let chat = ChatId(budi.id());
    let say = |update_id: i64, words: &str, over: Option<i64>| {
        let body = text_payload(words);
        let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
            match over {
                Some(earlier) => outbox::enqueue_reply_edit(tx, chat, &body, update_id, earlier),
                None => outbox::enqueue_reply(tx, chat, &body, update_id, 0),
            }
        };
        bot_app.app.db.write(queue)
    };
    say(1, "Foto 1 diterima", None).await.unwrap();
    budi.expect("Foto 1").await;
    wait_for_rows(&bot_app.app, "it is sent", all_finished).await;
    say(2, "Foto 2 diterima", Some(1)).await.unwrap();
    budi.expect("Foto 2").await;
    assert_eq!(budi.chat().texts(), ["Foto 2 diterima"]);
    // There is no earlier message to replace.
    say(4, "Foto 3 diterima", Some(3)).await.unwrap();
    budi.expect("Foto 3").await;
    assert_eq!(budi.chat().texts(), ["Foto 2 diterima", "Foto 3 diterima"]);
}

async fn pending_messages_go_to_the_current_chat_of_the_user(backend: Backend) {
    let bot_app = TelegramApp::start(backend).await;
    let (client, old_phone) = bot_app.office_user(Role::Admin, "Siti").await;
    let user = user_id(&client).await;
    bot_app.telegram.shut_down();
    let notice = low_stock_notice(1);
    let send = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        outbox::enqueue(tx, outbox::Recipient::User(user), &notice, "1")
    };
    bot_app.app.db.write(send).await.unwrap();
    wait_for_rows(&bot_app.app, "it was tried", was_tried).await;
    // A response goes to the chat of the question.
    enqueue_replies(&bot_app.app, old_phone.id(), &["Jawaban"]).await;
    // An attempt that fails after the clock has moved would wait for a later time.
    let unreachable = |row: &OutboxRow| row.failure == Some(DeliveryFailure::Unreachable);
    let all_tried = |rows: &[OutboxRow]| rows.iter().all(unreachable);
    wait_for_rows(&bot_app.app, "the response was tried too", all_tried).await;
    let new_phone = bot_app.unknown_user("Siti, HP baru");
    bot_app.link(user, &new_phone).await;
    bot_app.telegram.restart();
    bot_app.app.clock.advance(TimeDelta::minutes(1));
    wait_for_rows(&bot_app.app, "nothing waits", all_finished).await;
    assert_eq!(old_phone.chat().texts(), ["Jawaban"]);
    assert_eq!(new_phone.chat().texts().len(), 1, "{}", new_phone.transcript());
}
