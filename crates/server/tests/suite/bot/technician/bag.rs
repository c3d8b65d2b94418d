//! `/bag`: stock that a technician carries.

use shared::Role;
use shared::job_state_machine::JobStatus;

use super::fixtures::{Fixture, MODEM, message_with_button, press_button};
use crate::harness::Backend;
use crate::on_both_databases;

on_both_databases!(
    starting: the_bag_lists_issued_items,
    a_chat_without_a_technician_has_no_bag,
);

async fn the_bag_lists_issued_items(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    phone.send("/bag");
    phone.expect("Tas Anda kosong").await;
    let empty = message_with_button(&phone, "Tas Anda kosong", "Segarkan").await;
    let job = fixture.installation().await;
    press_button(&phone, &job.number, "Ambil").await;
    phone.expect_toast("milik Anda").await;
    assert_eq!(fixture.job(&job).await.status, JobStatus::Accepted);
    phone.tap_on(empty, "Segarkan");
    phone.expect_toast("Diperbarui").await;
    let full = message_with_button(&phone, "Isi tas Anda", "Segarkan").await;
    assert_eq!(full, empty, "the existing message is updated");
    let text = phone.chat().message(full).map(|message| message.text.clone()).unwrap();
    for line in ["• 50 m Kabel dropcore", "• 1 pcs Konektor SC", "• 1 pcs Modem ONT", MODEM] {
        assert!(text.contains(line), "{line} is missing: {text}");
    }
}

async fn a_chat_without_a_technician_has_no_bag(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, office) = fixture.bot_app.office_user(Role::Cs, "Dewi").await;
    office.send("/bag");
    office.expect("Peran Anda tidak mengizinkan ini").await;
}
