//! Approval and rejection of technician registrations.

use diesel::prelude::*;
use shared::Role;
use shared::notification::MessageKind;
use shared::technician_registration::RegistrationStatus;
use shared::user::{User, UserUpdate};
use telegram_fake::TestUser;

use super::{Fixture, PHONE};
use crate::harness::telegram::user_id;
use crate::harness::{Backend, TestApp};
use crate::on_both_databases;

on_both_databases!(
    starting: of_two_concurrent_decisions_one_wins,
    a_rejected_applicant_gets_the_reason_and_may_apply_again,
    a_demoted_admin_cannot_decide,
    a_forged_button_is_rejected,
);

/// Returns the payloads of the messages of a kind.
pub async fn payloads(app: &TestApp, kind: &str) -> Vec<String> {
    use db::schema::outbox::dsl;
    let kind: MessageKind = kind.parse().unwrap();
    let read = move |conn: &mut db::Conn| {
        let rows = dsl::outbox.filter(dsl::kind.eq(kind)).select(dsl::payload);
        Ok::<Vec<String>, services::Error>(rows.load(conn)?)
    };
    app.db.read(read).await.unwrap()
}

/// Returns the message that asks for a decision.
async fn asked(office: &TestUser) -> i64 {
    office
        .wait_for("a decision", |chat| chat.button("Setujui").map(|(message, _)| message.id))
        .await
}

async fn of_two_concurrent_decisions_one_wins(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let (_, other) = fixture.bot_app.office_user(Role::Superadmin, "Bos").await;
    fixture.applicant("Budi", PHONE).await;
    let (mine, theirs) = (asked(&fixture.office).await, asked(&other).await);
    fixture.office.tap_on(mine, "Setujui");
    other.tap_on(theirs, "Setujui");
    for office in [&fixture.office, &other] {
        office.expect("diterima sebagai teknisi (budi.santoso)").await;
        office.wait_for("no buttons", |chat| chat.button("Setujui").is_none().then_some(())).await;
    }
    let reported = |office: &TestUser, word: &str| {
        office.chat().toasts.iter().any(|toast| toast.contains(word))
    };
    let both = [&fixture.office, &other];
    other.wait_for("a word", |chat| (!chat.toasts.is_empty()).then_some(())).await;
    fixture.office.wait_for("a word", |chat| (!chat.toasts.is_empty()).then_some(())).await;
    assert_eq!(both.iter().filter(|office| reported(office, "Diterima")).count(), 1);
    assert_eq!(both.iter().filter(|office| reported(office, "sudah diputuskan")).count(), 1);
    assert_eq!(fixture.registrations(RegistrationStatus::Approved).await.len(), 1);
}

async fn a_rejected_applicant_gets_the_reason_and_may_apply_again(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.applicant("Budi", PHONE).await;
    asked(&fixture.office).await;
    fixture.office.tap("Tolak");
    fixture.office.expect("Kenapa ditolak?").await;
    fixture.office.tap("Lainnya");
    fixture.office.expect("Ketik alasan menolak Budi Santoso").await;
    fixture.office.send_sticker();
    fixture.office.expect("Ketik alasannya dengan kata-kata").await;
    fixture.office.send("SIM C belum ada");
    fixture.office.expect("ditolak: SIM C belum ada").await;
    person.expect("Alasan: SIM C belum ada").await;
    let rejected = fixture.registrations(RegistrationStatus::Rejected).await;
    assert_eq!(rejected.len(), 1);

    super::answer_all_questions(&person, PHONE, false).await;
    person.tap("✅ Kirim");
    asked(&fixture.office).await;
    fixture.office.tap("Tolak");
    fixture.office.expect_button("Area belum kami layani").await;
    fixture.office.tap("Area belum kami layani");
    person.expect("Alasan: Area belum kami layani").await;
    fixture.office.expect_toast("Pelamar sudah diberi tahu").await;
}

async fn a_demoted_admin_cannot_decide(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    fixture.applicant("Budi", PHONE).await;
    let card = asked(&fixture.office).await;
    let superadmin = fixture.bot_app.app.sign_in_as(Role::Superadmin).await;
    let id = user_id(&fixture.admin).await;
    let user: User = superadmin.get(&format!("/users/{id}")).await;
    let update = UserUpdate { name: user.name, role: Role::Cs, active: true };
    let _: User = superadmin.put(&format!("/users/{id}"), user.version, &update).await;
    // The link has ended with the role. Even if it had not:
    fixture.bot_app.link(id, &fixture.office).await;
    fixture.office.tap_on(card, "Setujui");
    fixture.office.expect_toast("Peran Anda tidak mengizinkan ini").await;
    fixture.office.tap_on(card, "Tolak");
    fixture.office.wait_for("two refusals", |chat| (chat.toasts.len() == 2).then_some(())).await;
    let path = "/technician-registrations?status=pending";
    let waiting: shared::Page<shared::technician_registration::TechnicianRegistration> =
        superadmin.get(path).await;
    assert_eq!(waiting.items.len(), 1);
}

async fn a_forged_button_is_rejected(backend: Backend) {
    let fixture = Fixture::new(backend).await;
    let person = fixture.applicant("Budi", PHONE).await;
    let card = asked(&fixture.office).await;
    let genuine = fixture
        .office
        .chat()
        .button("Setujui")
        .and_then(|(_, button)| button.data.clone())
        .unwrap();
    // The applicant sends the exact data of the admin's button.
    person.press(1, &genuine);
    person.expect_toast("tidak berlaku").await;
    // And data with an invented signature.
    person.press(1, &format!("AAAAAAAA{}", &genuine[8..]));
    person.wait_for("two refusals", |chat| (chat.toasts.len() == 2).then_some(())).await;
    assert_eq!(fixture.registrations(RegistrationStatus::Pending).await.len(), 1);
    fixture.office.tap_on(card, "Setujui");
    person.expect("Selamat, Anda diterima").await;
}
