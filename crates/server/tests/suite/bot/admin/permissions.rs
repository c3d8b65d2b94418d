//! Permissions of office commands and buttons.

use shared::Role;
use shared::job_state_machine::JobStatus;
use shared::user::{User, UserUpdate};

use super::fixtures::{OfficeFixture, press_button};
use crate::harness::Backend;
use crate::harness::telegram::user_id;
use crate::on_both_databases;

on_both_databases!(
    starting: a_technician_cannot_use_office_commands,
    warehouse_staff_read_jobs_and_stock_but_change_no_job,
    buttons_of_a_demoted_admin_do_nothing,
    forged_buttons_do_nothing,
);

const NOT_PERMITTED: &str = "Peran Anda tidak mengizinkan ini.";

async fn a_technician_cannot_use_office_commands(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let (_, phone) = office.bot_app.technician(&office.admin, "Dodi").await;
    let commands = ["/admin", "/jobs_admin", "/inventory", "/technicians", "/reports"];
    for (count, command) in commands.into_iter().enumerate() {
        phone.send(command);
        let refused = |chat: &telegram_fake::Chat| {
            let texts = chat.texts();
            (texts.iter().filter(|text| **text == NOT_PERMITTED).count() == count + 1).then_some(())
        };
        phone.wait_for(command, refused).await;
    }
}

async fn warehouse_staff_read_jobs_and_stock_but_change_no_job(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let (_, phone) = office.bot_app.office_user(Role::Gudang, "Gani").await;
    phone.send("/jobs_admin");
    press_button(&phone, &office.late.number).await;
    phone.expect("🏠").await;
    for step in ["👷 Tugaskan", "❌ Batalkan", "☑️ Verifikasi pekerjaan"] {
        assert!(phone.chat().button(step).is_none(), "{step}");
    }
    phone.send("/inventory");
    phone.expect("Konektor SC (SC-UPC): 12 pcs").await;
    phone.send("/cancel");
    phone.expect("Dibatalkan.").await;
    phone.send("/reports");
    phone.expect(NOT_PERMITTED).await;
}

async fn buttons_of_a_demoted_admin_do_nothing(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let (client, phone) = office.bot_app.office_user(Role::Admin, "Ratna").await;
    phone.send("/jobs_admin");
    press_button(&phone, &office.late.number).await;
    press_button(&phone, "👷 Tugaskan").await;
    phone.expect_button("👷 Budi").await;
    let superadmin = office.bot_app.app.sign_in_as(Role::Superadmin).await;
    let path = format!("/users/{}", user_id(&client).await);
    let user: User = superadmin.get(&path).await;
    let update = UserUpdate { name: user.name, role: Role::Gudang, active: true };
    let _: User = superadmin.put(&path, user.version, &update).await;
    // A role change unlinks the chat; it is linked again, and the old buttons are still there.
    phone.tap("👷 Budi");
    phone.expect_toast("Silakan masuk dulu").await;
    office.bot_app.link(user.id, &phone).await;
    phone.tap("👷 Budi");
    phone.expect_toast(NOT_PERMITTED).await;
    assert_eq!(office.job(&office.late).await.status, JobStatus::Open);
}

async fn forged_buttons_do_nothing(backend: Backend) {
    let office = OfficeFixture::new(backend).await;
    let (_, phone) = office.bot_app.office_user(Role::Admin, "Ratna").await;
    let (_, other) = office.bot_app.office_user(Role::Admin, "Sari").await;
    phone.send("/jobs_admin");
    press_button(&phone, &office.late.number).await;
    press_button(&phone, "👷 Tugaskan").await;
    phone.expect_button("👷 Budi").await;
    // A signed button is valid for one job and one chat.
    let chat = phone.chat();
    let (message, button) = chat.button("👷 Budi").unwrap();
    let data = button.data.clone().unwrap();
    let another = data.replace(&format!("[{},", office.late.id), &format!("[{},", office.other.id));
    assert_ne!(data, another);
    for forged in [another.as_str(), "AAAAAAAA{\"a\":\"t\"}", "{\"a\":{\"v\":1}}", "…"] {
        phone.press(message.id, forged);
    }
    other.press(message.id, &data);
    let reported = |count| {
        move |chat: &telegram_fake::Chat| {
            let stale = chat.toasts.iter().filter(|toast| toast.contains("sudah tidak berlaku"));
            (stale.count() == count).then_some(())
        }
    };
    phone.wait_for("four refusals", reported(4)).await;
    other.wait_for("a refusal", reported(1)).await;
    for job in [&office.late, &office.other] {
        assert_eq!(office.job(job).await.status, JobStatus::Open);
    }
}
