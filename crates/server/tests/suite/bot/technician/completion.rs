//! Completion reports: restart, pause, correction and optional parts.

use chrono::TimeDelta;
use shared::job::{DeviceCondition, Job};
use shared::job_state_machine::JobStatus;

use super::fixtures::{Fixture, MODEM, arrive, message_with_button, open_report, press_button};
use crate::harness::{Backend, sample_jpeg};
use crate::on_both_databases;

on_both_databases!(
    starting: a_server_restart_keeps_the_report,
    an_open_report_is_not_discarded_without_confirmation,
    a_repair_needs_neither_modem_nor_attenuation,
    a_repair_names_the_device_that_was_taken_back,
    a_report_can_be_paused_and_corrected,
);

async fn a_server_restart_keeps_the_report(backend: Backend) {
    let mut fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Pasang baru");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Nomor seri ONT?").await;
    fixture.bot_app.app.kill();
    phone.tap(MODEM);
    // The leases of the killed server expire.
    fixture.bot_app.app.clock.advance(TimeDelta::minutes(2));
    let again = fixture.bot_app.start_instance().await;
    phone.expect("Redaman berapa dBm?").await;
    phone.send("-19,4");
    phone.expect("Material yang dipakai").await;
    phone.tap("Material sesuai");
    phone.expect("Semua lengkap").await;
    phone.tap("Kirim & selesai");
    phone.expect("Terima kasih").await;
    let read = move |conn: &mut db::Conn| db::tables::jobs::find(conn, job.id);
    let done = again.db.read(read).await.unwrap().unwrap().row;
    assert_eq!(done.status, JobStatus::Completed);
    assert_eq!(done.report.as_deref(), Some("Pasang baru"));
}

async fn an_open_report_is_not_discarded_without_confirmation(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.send("Pekerjaan pertama");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect_button("Tanpa material").await;
    let chat = phone.chat();
    let (sheet, button) = chat.button("Tanpa material").unwrap();
    let (sheet, data) = (sheet.id, button.data.clone().unwrap());
    let second = fixture.repair().await;
    arrive(&phone, &second).await;
    press_button(&phone, &second.number, "🏁 Selesai").await;
    press_button(&phone, &format!("Laporan {} masih terbuka", job.number), "Lanjutkan").await;
    phone
        .wait_for("the first report again", |chat| {
            let sheets =
                chat.messages.iter().filter(|it| it.text.contains("Laporan: Pekerjaan pertama"));
            (sheets.count() >= 2).then_some(())
        })
        .await;
    press_button(&phone, &second.number, "🏁 Selesai").await;
    press_button(&phone, "masih terbuka", &format!("Buang, buka {}", second.number)).await;
    phone.expect(&format!("🏁 Laporan {}", second.number)).await;
    phone.press(sheet, &data);
    phone.expect_toast("Laporan ini tidak terbuka lagi").await;
    for job in [&job, &second] {
        let now: Job = fixture.job(job).await;
        assert_eq!(now.status, JobStatus::InProgress);
    }
}

async fn a_repair_needs_neither_modem_nor_attenuation(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.expect("ONT: tidak wajib").await;
    phone.send("Konektor dibersihkan");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Tas Anda kosong").await;
    phone.tap("Tanpa material");
    phone.expect("Semua lengkap").await;
    let send = message_with_button(&phone, &job.number, "Kirim & selesai").await;
    let data = phone.chat().button("Kirim & selesai").unwrap().1.data.clone().unwrap();
    phone.tap("Kirim & selesai");
    phone.press(send, &data);
    phone.expect_toast("Pekerjaan ini sudah selesai.").await;
    phone.expect("Terpakai: tanpa material").await;
    assert_eq!(fixture.job(&job).await.status, JobStatus::Completed);
    press_button(&phone, &job.number, "🏁 Selesai").await;
    phone.expect_toast("sudah selesai").await;
    phone.send("/profile");
    phone.expect("Tepat waktu 100%").await;
}

async fn a_repair_names_the_device_that_was_taken_back(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.repair().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.expect("Ditarik: tidak wajib").await;
    phone.send("Modem diganti");
    phone.expect("Kirim foto").await;
    phone.send_photo(sample_jpeg(), None);
    phone.expect("Tas Anda kosong").await;
    phone.tap("✏️ Ditarik");
    phone.expect("Perangkat mana yang ditarik?").await;
    phone.send("SN: hwtc0000ffff");
    phone.expect("Bagaimana kondisinya?").await;
    phone.tap("Rusak");
    phone.expect("Ditarik: HWTC0000FFFF (Rusak)").await;
    phone.tap("Tanpa material");
    phone.expect("Semua lengkap").await;
    phone.tap("Kirim & selesai");
    phone.expect("Terpakai: tanpa material").await;
    let returned = fixture.job(&job).await.returned_device.unwrap();
    assert_eq!(returned.serial_number, "HWTC0000FFFF");
    assert_eq!(returned.condition, DeviceCondition::Damaged);
}

async fn a_report_can_be_paused_and_corrected(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, phone) = fixture.technician("Budi").await;
    let job = fixture.installation().await;
    arrive(&phone, &job).await;
    open_report(&phone, &job).await;
    phone.tap("✏️ Redaman");
    phone.expect("Redaman berapa dBm?").await;
    phone.send("-25");
    phone.expect("Redaman: -25 dBm").await;
    phone.send("Pasang baru");
    phone.expect("Kirim foto").await;
    phone.tap("✏️ Redaman");
    phone.expect("Redaman berapa dBm?").await;
    phone.send("-18,2");
    phone.expect("Redaman: -18,2 dBm").await;
    phone.tap("Tutup dulu");
    phone.expect_toast("Laporan ditutup").await;
    phone.send("/cancel");
    phone.expect("Tidak ada yang sedang diisi").await;
    assert_eq!(fixture.job(&job).await.status, JobStatus::InProgress);
}
