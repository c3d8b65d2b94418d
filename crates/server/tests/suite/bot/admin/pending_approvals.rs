//! Pending registrations and bag returns in the chat.

use services::technician_registrations::{self, Applicant};
use shared::inventory::{BagReturn, BagReturnCreate, Item, MovementsResponse};
use shared::technician::SkillKind;
use shared::technician_registration::TechnicianApplication;
use shared::{ChatId, Lang, Page, Role};

use super::fixtures::{OfficeFixture, press_button};
use crate::harness::{Backend, create_technician, movement_line};
use crate::on_both_databases;

on_both_databases!(
    starting: pending_registrations_are_listed_under_technicians,
    pending_bag_returns_are_listed_under_inventory,
);

async fn apply(office: &OfficeFixture, name: &str, chat: i64, phone: &str) {
    let application = TechnicianApplication {
        name: name.into(),
        phone: phone.into(),
        area: Some("Depok".into()),
        place: None,
        skills: vec![SkillKind::Repair],
    };
    let submit = move |tx: &mut db::Tx<'_>| {
        let applicant = Applicant {
            chat: ChatId(chat),
            telegram_name: "Di HP",
            lang: Lang::Id,
            replaced_reason: |_| "diganti",
        };
        technician_registrations::submit(tx, &applicant, &application, None)
    };
    office.bot_app.app.db.write(submit).await.unwrap();
}

async fn pending_registrations_are_listed_under_technicians(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    apply(&office, "Rina Wati", 70_001, "081234500011").await;
    apply(&office, "Tono Haryo", 70_002, "081234500012").await;
    // Linked after the requests, so this chat has no notification.
    let (_, phone) = office.bot_app.office_user(Role::Admin, "Ratna").await;
    phone.send("/technicians");
    press_button(&phone, "🙋 2 pendaftaran menunggu").await;
    phone.expect("Rina Wati").await;
    phone.expect("Tono Haryo").await;
    press_button(&phone, "✅ Setujui").await;
    phone.expect("diterima sebagai teknisi").await;
    phone.send("/technicians");
    phone.expect_button("🙋 1 pendaftaran menunggu").await;
    let (_, reader) = office.bot_app.office_user(Role::Manager, "Wulan").await;
    reader.send("/technicians");
    reader.expect("Teknisi dinas").await;
    assert!(reader.chat().button("pendaftaran menunggu").is_none(), "{}", reader.transcript());
}

async fn pending_bag_returns_are_listed_under_inventory(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let items: Page<Item> = office.admin.get("/inventory?q=SC-APC").await;
    let eko = create_technician(&office.bot_app.app, &office.admin, "Eko").await;
    let lines = vec![movement_line(items.items[0].id, 10)];
    let issue = shared::inventory::IssueRequest {
        technician_id: eko.id,
        location_id: None,
        job_id: None,
        lines: lines.clone(),
    };
    let _: MovementsResponse = office.admin.post("/inventory/issues", &issue).await;
    let back = BagReturnCreate { technician_id: None, lines };
    let back: BagReturn = eko.client.post("/inventory/bag-returns", &back).await;
    let (_, phone) = office.bot_app.office_user(Role::Gudang, "Ani").await;
    phone.send("/inventory");
    press_button(&phone, "↩️ 1 pengembalian menunggu").await;
    phone.expect(&format!("Pengembalian #{} dari Eko", back.id)).await;
    press_button(&phone, "✅ Terima semua").await;
    phone.expect_toast("Diterima").await;
    press_button(&phone, "↩️ 1 pengembalian menunggu").await;
    phone.expect_toast("Tidak ada pengembalian yang menunggu").await;
}
