//! Declining, holding and cancelling jobs in the chat.

use reqwest::Method;
use shared::job::{Job, TimelineEntry, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::notification::MessageStatus;
use shared::{Page, Role};

use super::fixtures::{Fixture, arrive, message_with_button, open_report};
use crate::delivery::fixtures::{OutboxRow, wait_for_rows};
use crate::harness::{Backend, assign_job};
use crate::on_both_databases;

on_both_databases!(
    starting: a_declined_job_is_offered_to_others,
    a_job_is_put_on_hold_with_a_typed_reason_and_resumed,
    an_outdated_button_shows_the_current_actions,
    cancelling_a_job_closes_its_report,
    an_unassigned_technician_cannot_continue_the_job,
    the_customer_location_is_sent_as_a_map_point,
);

async fn last_reason(fixture: &Fixture, job: &Job) -> Option<String> {
    let timeline: Page<TimelineEntry> =
        fixture.admin.get(&format!("/jobs/{}/timeline", job.id)).await;
    timeline.items.into_iter().rev().find_map(|entry| entry.reason)
}

async fn cancel(fixture: &Fixture, job: &Job) {
    let reason = Some("Pelanggan batal".to_owned());
    let request = TransitionRequest { reason, ..TransitionRequest::for_action(JobAction::Cancel) };
    let _: Job = fixture.admin.post(&format!("/jobs/{}/transitions", job.id), &request).await;
}

async fn a_declined_job_is_offered_to_others(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let job = fixture.repair().await;
    let (budi, phone) = fixture.technician("Budi").await;
    let (_, other) = fixture.technician("Agus").await;
    assign_job(&fixture.admin, job.id, &[budi.id]).await;
    phone.expect_button("Tolak").await;
    phone.tap("Tolak");
    phone.expect("Kenapa tidak bisa?").await;
    phone.tap("Kembali");
    phone.expect_button("Terima").await;
    phone.tap("Tolak");
    phone.expect_button("Terlalu jauh").await;
    phone.tap("Terlalu jauh");
    phone.expect("dikembalikan ke kantor: Terlalu jauh").await;
    assert_eq!(last_reason(&fixture, &job).await.as_deref(), Some("Terlalu jauh"));
    other.expect_button("Ambil").await;
    other.tap("Ambil");
    other.expect("Diterima").await;
    assert!(
        phone.chat().button("Ambil").is_none(),
        "it is not offered to the technician who declined it"
    );
}

async fn a_job_is_put_on_hold_with_a_typed_reason_and_resumed(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    phone.tap("Tunda");
    phone.expect_button("Lainnya").await;
    phone.tap("Lainnya");
    phone.expect("Ketik alasannya").await;
    phone.send_sticker();
    phone.expect("Ketik alasannya dengan satu kalimat").await;
    phone.send(&"a".repeat(501));
    phone.expect("Terlalu panjang").await;
    phone.send("Anjing <galak> di halaman");
    phone.expect("Ditunda: Anjing <galak> di halaman").await;
    assert_eq!(fixture.job(&job).await.status, JobStatus::OnHold);
    phone.tap("Lanjut");
    phone.expect_button("🏁 Selesai").await;
    assert_eq!(fixture.job(&job).await.status, JobStatus::InProgress);
}

async fn an_outdated_button_shows_the_current_actions(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    fixture.repair().await;
    phone.expect_button("Ambil").await;
    phone.tap("Ambil");
    phone.expect_button("Berangkat").await;
    let chat = phone.chat();
    let (card, button) = chat.button("Berangkat").unwrap();
    let (card, data) = (card.id, button.data.clone().unwrap());
    phone.tap("Berangkat");
    phone.expect_button("Sampai & mulai").await;
    phone.press(card, &data);
    phone.expect_toast("Sekarang yang bisa: 🔧 Sampai & mulai, ⏸ Tunda.").await;
    let forged = data.replace("\"d\"", "\"s\"");
    phone.press(card, &forged);
    phone.expect_toast("tidak berlaku").await;
}

async fn cancelling_a_job_closes_its_report(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    cancel(&fixture, &job).await;
    phone.expect("Alasan: Pelanggan batal").await;
    phone.send("Sudah beres");
    phone.expect("sudah dibatalkan. Laporannya ditutup").await;
    phone.send("halo?");
    phone.expect("Pilih dari menu").await;
}

async fn an_unassigned_technician_cannot_continue_the_job(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let (agus, other) = fixture.technician("Agus").await;
    let job = fixture.repair().await;
    phone.expect_button("Ambil").await;
    phone.tap("Ambil");
    let card = message_with_button(&phone, &job.number, "Berangkat").await;
    let data = phone.chat().button("Berangkat").unwrap().1.data.clone().unwrap();
    // A message that replaces one on its way is postponed, and the clock of this test stands still.
    let at_rest = |status| !matches!(status, MessageStatus::Pending | MessageStatus::Sending);
    let delivered = |rows: &[OutboxRow]| rows.iter().all(|row| at_rest(row.status));
    wait_for_rows(&fixture.bot_app.app, "the card is delivered", delivered).await;
    assign_job(&fixture.admin, job.id, &[agus.id]).await;
    phone.expect("dialihkan ke Agus").await;
    other.expect_button("Terima").await;
    phone.press(card, &data);
    phone.expect_toast("sudah diambil oleh Agus").await;
    phone.expect("ditugaskan ke Agus").await;
    let cs = fixture.bot_app.app.sign_in_as(Role::Cs).await;
    let response = cs.request(Method::GET, &format!("/jobs/{}", job.id)).send().await.unwrap();
    assert_eq!(response.json::<Job>().await.unwrap().status, JobStatus::Assigned);
}

async fn the_customer_location_is_sent_as_a_map_point(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    fixture.repair().await;
    phone.expect_button("Ambil").await;
    phone.tap("Ambil");
    phone.expect_button("Titik").await;
    let chat = phone.chat();
    let url = |label: &str| chat.button(label).unwrap().1.url.clone().unwrap();
    assert!(url("Peta").ends_with("destination=-7.710100,110.407500"));
    assert_eq!(url("WhatsApp"), "https://wa.me/6281234567890");
    phone.tap("Titik");
    let sent = |_: &telegram_fake::Chat| {
        let calls = fixture.bot_app.telegram.log();
        calls.iter().any(|call| call.method.eq_ignore_ascii_case("sendLocation")).then_some(())
    };
    phone.wait_for("a point", sent).await;
}
