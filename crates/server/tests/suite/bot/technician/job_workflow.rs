//! Conversation of a whole job, from the offer to the receipt.

use chrono::TimeDelta;
use shared::inventory::Stock;
use shared::job::{Job, JobMaterial};
use shared::job_state_machine::JobStatus;
use shared::{Page, Role, TechnicianId};

use super::fixtures::{Fixture, MODEM, arrive, open_report, ordered_transcript, tap_count};
use crate::delivery::fixtures::{all_finished, wait_for_rows};
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: an_installation_takes_at_most_eight_taps,
    job_lists_and_statistics_follow_the_work,
);

async fn an_installation_takes_at_most_eight_taps(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (budi, phone) = fixture.technician("Budi").await;
    phone.share_location(-7.7300, 110.4075);
    phone.expect("Lokasi Anda dicatat").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    wait_for_rows(&fixture.bot_app.app, "the card no longer changes", all_finished).await;
    fixture.bot_app.app.clock.advance(TimeDelta::minutes(85));
    open_report(&phone, &job).await;
    phone.send("Tarik kabel dari ODP, pasang modem, internet sudah jalan");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Nomor seri ONT?").await;
    phone.tap(MODEM);
    phone.expect("Redaman berapa dBm?").await;
    phone.send("-21,5");
    phone.expect("Material yang dipakai sudah sesuai?").await;
    phone.tap("Material sesuai");
    phone.expect("Semua lengkap").await;
    phone.tap("Kirim & selesai");
    phone.expect("Terima kasih").await;
    phone.expect_toast("Terkirim").await;
    assert!(tap_count(&phone) <= 8, "{}", tap_count(&phone));
    insta::assert_snapshot!("installation", ordered_transcript(&phone));

    let fixture = Fixture { admin: fixture.bot_app.app.sign_in_as(Role::Admin).await, ..fixture };
    let done: Job = fixture.job(&job).await;
    assert_eq!(done.status, JobStatus::Completed);
    assert_eq!(done.ont_serial_number.as_deref(), Some(MODEM));
    assert_eq!(done.attenuation_dbm, Some(-21.5));
    let materials: Page<JobMaterial> =
        fixture.admin.get(&format!("/jobs/{}/materials", job.id)).await;
    let used: Vec<_> = materials.items.iter().map(|row| (row.code.as_str(), row.used)).collect();
    assert_eq!(used, [("DW-1C", 50), ("ONT-ZTE", 1), ("SC-UPC", 1)]);
    assert!(bag(&fixture, budi.id).await.is_empty());
}

async fn bag(fixture: &Fixture, technician: TechnicianId) -> Vec<Stock> {
    use shared::inventory::Location;
    let path = format!("/locations?technician_id={technician}");
    let bags: Page<Location> = fixture.admin.get(&path).await;
    let stock: Page<Stock> =
        fixture.admin.get(&format!("/locations/{}/stock", bags.items[0].id)).await;
    stock.items
}

async fn job_lists_and_statistics_follow_the_work(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    phone.send("/jobs");
    phone.expect("Belum ada pekerjaan").await;
    phone.send("/myjobs");
    phone.expect("belum memegang pekerjaan").await;
    phone.send("/profile");
    phone.expect("bulan ini belum ada").await;
    for _ in 0..6 {
        fixture.repair().await;
    }
    let urgent = fixture.installation().await;
    phone.expect(&urgent.number).await;
    phone.send("/jobs");
    phone.expect("Bisa diambil (7)").await;
    let list = phone.chat().find("Bisa diambil (7)").unwrap().clone();
    let first = list.text.find(&urgent.number).unwrap();
    assert!(first < list.text.find("GGN-").unwrap(), "the most urgent first: {}", list.text);
    phone.tap_on(list.id, "Berikutnya");
    let turned = |chat: &telegram_fake::Chat| {
        chat.message(list.id).filter(|m| m.text.contains("GGN-202611-0006")).map(|_| ())
    };
    phone.wait_for("the second page", turned).await;
    phone.tap_on(list.id, "Sebelumnya");
    phone
        .wait_for("the first page", |chat| {
            chat.message(list.id)?.text.contains("PSB").then_some(())
        })
        .await;
    phone.tap_on(list.id, &urgent.number);
    phone
        .wait_for("the card at the end", |chat| {
            chat.last()?.buttons.iter().flatten().any(|b| b.label.contains("Ambil")).then_some(())
        })
        .await;
    phone.tap("Ambil");
    phone.expect("Diterima").await;
    phone.send("/myjobs");
    phone.expect("Pekerjaan saya (1)").await;

    phone.send("/profile");
    phone.expect_button("Selesai dinas").await;
    phone.tap("Selesai dinas");
    phone.expect("Tidak dinas").await;
    phone.send("/jobs");
    phone.expect("Anda sedang tidak dinas").await;
}
