//! One person with several devices: the same button twice, two messages at once.

use shared::job_state_machine::JobStatus;

use super::fixtures::{Fixture, arrive, message_count, message_with_button, open_report};
use crate::harness::Backend;
use crate::on_both_databases;

on_both_databases!(
    starting: a_button_that_is_pressed_on_two_devices_acts_once,
    the_same_answer_from_two_devices_is_taken_once,
);

async fn a_button_that_is_pressed_on_two_devices_acts_once(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    let message = message_with_button(&phone, &job.number, "Ambil").await;
    let data = phone.chat().button("Ambil").unwrap().1.data.clone().unwrap();
    phone.press(message, &data);
    phone.press(message, &data);
    phone.expect_toast("Sudah: Diterima").await;
    assert_eq!(phone.chat().toasts.len(), 2, "{}", phone.transcript());
    assert_eq!(fixture.job(&job).await.status, JobStatus::Accepted);
    let message = message_with_button(&phone, &job.number, "Berangkat").await;
    let data = phone.chat().button("Berangkat").unwrap().1.data.clone().unwrap();
    phone.press(message, &data);
    phone.press(message, &data);
    phone.expect_toast("Sudah: Di jalan").await;
    assert_eq!(fixture.job(&job).await.status, JobStatus::EnRoute);
}

async fn the_same_answer_from_two_devices_is_taken_once(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Konektor diganti");
    phone.send("Konektor diganti");
    phone.expect("Kirim fotonya: dari kamera").await;
    assert_eq!(message_count(&phone, "✅ Laporan: Konektor diganti"), 1);
}
