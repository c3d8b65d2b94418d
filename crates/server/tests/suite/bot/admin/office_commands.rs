//! Conversation of an admin: jobs, stock, technicians and reports.

use shared::Role;
use shared::job_state_machine::JobStatus;
use telegram_fake::{Chat, TestUser};

use super::fixtures::{OfficeFixture, press_button};
use crate::bot::technician::fixtures::ordered_transcript;
use crate::harness::Backend;
use crate::on_both_databases;

on_both_databases!(
    starting: an_admin_manages_jobs_stock_and_reports,
    a_reason_is_asked_for_until_it_is_valid,
    a_late_decision_changes_nothing,
);

async fn an_admin_manages_jobs_stock_and_reports(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let (_, phone) = office.bot_app.office_user(Role::Admin, "Ratna").await;
    phone.send("/admin");
    press_button(&phone, "🔴 Lewat batas (1)").await;
    press_button(&phone, &office.late.number).await;
    press_button(&phone, "👷 Tugaskan").await;
    press_button(&phone, "👷 Budi").await;
    phone.expect_toast("Ditugaskan ke Budi").await;
    phone.expect_button("👷 Ganti teknisi").await;
    assert_eq!(office.job(&office.late).await.status, JobStatus::Assigned);
    phone.send("/jobs_admin");
    phone.expect("Semua aktif (2)").await;
    phone.tap("🆕 Terbuka");
    phone.expect("🆕 Terbuka (1)").await;
    phone.tap(&office.other.number);
    phone.expect(&format!("🔧 {}", office.other.number)).await;
    phone.tap("❌ Batalkan");
    press_button(&phone, "Pelanggan membatalkan").await;
    phone.expect_toast("Dibatalkan").await;
    phone.expect("Rendah\nDibatalkan").await;
    assert_eq!(office.job(&office.other).await.status, JobStatus::Cancelled);
    phone.send("/inventory");
    phone.expect("Ketik nama atau kode barang").await;
    phone.send("konektor");
    phone.expect("Yang mana?").await;
    phone.send("roket");
    phone.expect("Tidak ada barang").await;
    phone.send("dw-1c");
    phone.expect("Kabel dropcore (DW-1C)").await;
    phone.send("/technicians");
    phone.expect("Andi · tanpa pekerjaan").await;
    phone.send("/reports");
    wait_for_pictures(&phone, 1).await;
    press_button(&phone, "Hari ini").await;
    wait_for_pictures(&phone, 2).await;
    insta::assert_snapshot!("admin", ordered_transcript(&phone));
}

async fn wait_for_pictures(phone: &TestUser, count: usize) {
    let pictures = |chat: &Chat| {
        let all = chat.messages.iter().filter(|message| message.has_photo);
        (all.count() == count).then_some(())
    };
    phone.wait_for("a picture", pictures).await;
}

async fn a_reason_is_asked_for_until_it_is_valid(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let (_, phone) = office.bot_app.office_user(Role::Admin, "Ratna").await;
    phone.send("/jobs_admin");
    press_button(&phone, &office.other.number).await;
    press_button(&phone, "❌ Batalkan").await;
    press_button(&phone, "Lainnya…").await;
    phone.expect("Ketik alasannya.").await;
    phone.send_sticker();
    phone.expect("dengan satu kalimat, atau /cancel").await;
    phone.send(&"a".repeat(501));
    phone.expect("Terlalu panjang").await;
    assert_eq!(office.job(&office.other).await.status, JobStatus::Open);
    phone.send("Rumah <kosong>");
    phone.expect("Dibatalkan. Rumah <kosong>").await;
    assert_eq!(office.job(&office.other).await.status, JobStatus::Cancelled);
    phone.send("halo");
    phone.expect("ketik /help").await;
}

async fn a_late_decision_changes_nothing(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let (_, first) = office.bot_app.office_user(Role::Admin, "Ratna").await;
    let (_, second) = office.bot_app.office_user(Role::Cs, "Dewi").await;
    for phone in [&first, &second] {
        phone.send("/jobs_admin");
        press_button(phone, &office.other.number).await;
        press_button(phone, "❌ Batalkan").await;
        phone.expect_button("Pesanan ganda").await;
    }
    assert!(second.chat().button("👷 Tugaskan").is_none(), "customer service never assigns");
    first.tap("Pesanan ganda");
    first.expect_toast("Dibatalkan").await;
    second.tap("Pelanggan membatalkan");
    second.expect_toast("Tidak bisa lagi: pekerjaan ini dibatalkan").await;
    second.wait_for("no steps", |chat| chat.button("❌ Batalkan").is_none().then_some(())).await;
}
