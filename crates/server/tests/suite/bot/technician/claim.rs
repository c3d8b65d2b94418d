//! Claiming of offered jobs.

use shared::job_state_machine::JobStatus;
use telegram_fake::TestUser;

use super::fixtures::{Fixture, message_count};
use crate::harness::{Backend, assign_job};
use crate::on_both_databases;

on_both_databases!(
    starting: of_fifty_concurrent_claims_one_wins,
    a_skipped_offer_can_be_opened_again,
    assigning_a_job_closes_the_other_offers,
);

async fn of_fifty_concurrent_claims_one_wins(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let mut people: Vec<TestUser> = Vec::new();
    for number in 1..=50 {
        people.push(fixture.technician(&format!("Teknisi {number:02}")).await.1);
    }
    let job = fixture.repair().await;
    for person in &people {
        person.expect_button("Ambil").await;
    }
    for person in &people {
        person.tap("Ambil");
    }
    let mut winners = 0;
    for person in &people {
        let decided = |chat: &telegram_fake::Chat| {
            let said = |text: &str| chat.toasts.iter().any(|toast| toast.contains(text));
            said("milik Anda").then_some(true).or(said("sudah diambil oleh").then_some(false))
        };
        winners += usize::from(person.wait_for("a word", decided).await);
    }
    assert_eq!(winners, 1);
    let job = fixture.job(&job).await;
    let winner = &job.technicians[0].name;
    assert_eq!((job.status, job.technicians.len()), (JobStatus::Accepted, 1));
    let mine = format!("{} · Gangguan", job.number);
    let theirs = format!("{} diambil oleh {winner}.", job.number);
    for person in &people {
        let right = |chat: &telegram_fake::Chat| {
            let texts = chat.texts();
            (texts == [theirs.as_str()]
                || texts[0].contains("Diterima") && texts[0].contains(&mine))
            .then_some(())
        };
        person.wait_for("the right card", right).await;
    }
}

async fn a_skipped_offer_can_be_opened_again(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    phone.expect_button("Lewati").await;
    phone.tap("Lewati");
    phone.expect("Ngaglik, Sleman dilewati").await;
    assert_eq!(message_count(&phone, &job.number), 1, "it is the same message");
    phone.tap("Lihat lagi");
    phone.expect_button("Ambil").await;
    phone.tap("Lewati");
    phone.expect("dilewati").await;
    let (_, other) = fixture.technician("Agus").await;
    other.send("/jobs");
    other.expect_button(&job.number).await;
    other.tap(&job.number);
    other.expect_button("Ambil").await;
    other.tap("Ambil");
    other.expect("Diterima").await;
    phone.expect("diambil oleh Agus").await;
}

async fn assigning_a_job_closes_the_other_offers(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (budi, phone) = fixture.technician("Budi").await;
    let (_, other) = fixture.technician("Agus").await;
    let job = fixture.repair().await;
    phone.expect_button("Ambil").await;
    other.expect_button("Ambil").await;
    let stale = other.chat().button("Ambil").unwrap().0.id;
    let data = other.chat().button("Ambil").unwrap().1.data.clone().unwrap();
    assign_job(&fixture.admin, job.id, &[budi.id]).await;
    other.expect("ditugaskan ke Budi").await;
    phone.expect("ditugaskan ke Anda").await;
    phone.expect_button("Terima").await;
    other.press(stale, &data);
    other.expect_toast("sudah diambil oleh Budi").await;
}
