//! What a technician carries, in the chat.

use shared::Role;
use shared::job_state_machine::JobStatus;

use super::fixtures::{MODEM, World, press, shown};
use crate::harness::Backend;
use crate::on_both_databases;

on_both_databases!(
    starting: the_bag_lists_issued_items,
    a_chat_without_a_technician_has_no_bag,
);

async fn the_bag_lists_issued_items(backend: Backend) {
    let w = World::new(backend).await;
    let (_, phone) = w.technician("Budi").await;
    phone.send("/bag");
    phone.expect("Tas Anda kosong").await;
    let empty = shown(&phone, "Tas Anda kosong", "Segarkan").await;
    let job = w.installation().await;
    press(&phone, &job.number, "Ambil").await;
    phone.expect_toast("milik Anda").await;
    assert_eq!(w.job(&job).await.status, JobStatus::Accepted);
    phone.tap_on(empty, "Segarkan");
    phone.expect_toast("Diperbarui").await;
    let full = shown(&phone, "Isi tas Anda", "Segarkan").await;
    assert_eq!(full, empty, "the message that stands there is brought up to date");
    let text = phone.chat().message(full).map(|message| message.text.clone()).unwrap();
    for line in ["• 50 m Kabel dropcore", "• 1 pcs Konektor SC", "• 1 pcs Modem ONT", MODEM] {
        assert!(text.contains(line), "{line} is missing: {text}");
    }
}

async fn a_chat_without_a_technician_has_no_bag(backend: Backend) {
    let w = World::new(backend).await;
    let (_, office) = w.t.office(Role::Cs, "Dewi").await;
    office.send("/bag");
    office.expect("Peran Anda tidak mengizinkan ini").await;
}
