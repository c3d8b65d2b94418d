//! Who may decide, and that it is decided once.

use diesel::prelude::*;
use shared::Role;
use shared::notification::MessageKind;
use shared::technician_registration::RegistrationStatus;
use shared::user::{User, UserUpdate};
use telegram_fake::TestUser;

use super::{PHONE, World};
use crate::harness::telegram::user_id;
use crate::harness::{Backend, TestApp};
use crate::on_both_databases;

on_both_databases!(
    starting: of_two_concurrent_decisions_one_wins,
    a_rejected_applicant_gets_the_reason_and_may_apply_again,
    a_demoted_admin_cannot_decide,
    a_forged_button_is_rejected,
);

/// The payloads of a kind of message.
pub async fn payloads(app: &TestApp, kind: &str) -> Vec<String> {
    use db::schema::outbox::dsl;
    let kind: MessageKind = kind.parse().unwrap();
    let read = move |conn: &mut db::Conn| {
        let rows = dsl::outbox.filter(dsl::kind.eq(kind)).select(dsl::payload);
        Ok::<Vec<String>, services::Error>(rows.load(conn)?)
    };
    app.db.read(read).await.unwrap()
}

/// The message that asks for a decision.
async fn asked(office: &TestUser) -> i64 {
    office
        .wait_for("a decision", |chat| chat.button("Setujui").map(|(message, _)| message.id))
        .await
}

async fn of_two_concurrent_decisions_one_wins(backend: Backend) {
    let w = World::new(backend).await;
    let (_, other) = w.t.office(Role::Superadmin, "Bos").await;
    w.applicant("Budi", PHONE).await;
    let (mine, theirs) = (asked(&w.office).await, asked(&other).await);
    w.office.tap_on(mine, "Setujui");
    other.tap_on(theirs, "Setujui");
    for office in [&w.office, &other] {
        office.expect("diterima sebagai teknisi (budi.santoso)").await;
        office.wait_for("no buttons", |chat| chat.button("Setujui").is_none().then_some(())).await;
    }
    let told = |office: &TestUser, word: &str| {
        office.chat().toasts.iter().any(|toast| toast.contains(word))
    };
    let both = [&w.office, &other];
    other.wait_for("a word", |chat| (!chat.toasts.is_empty()).then_some(())).await;
    w.office.wait_for("a word", |chat| (!chat.toasts.is_empty()).then_some(())).await;
    assert_eq!(both.iter().filter(|office| told(office, "Diterima")).count(), 1);
    assert_eq!(both.iter().filter(|office| told(office, "sudah diputuskan")).count(), 1);
    assert_eq!(w.registrations(RegistrationStatus::Approved).await.len(), 1);
}

async fn a_rejected_applicant_gets_the_reason_and_may_apply_again(backend: Backend) {
    let w = World::new(backend).await;
    let person = w.applicant("Budi", PHONE).await;
    asked(&w.office).await;
    w.office.tap("Tolak");
    w.office.expect("Kenapa ditolak?").await;
    w.office.tap("Lainnya");
    w.office.expect("Ketik alasan menolak Budi Santoso").await;
    w.office.send_sticker();
    w.office.expect("Ketik alasannya dengan kata-kata").await;
    w.office.send("SIM C belum ada");
    w.office.expect("ditolak: SIM C belum ada").await;
    person.expect("Alasan: SIM C belum ada").await;
    let rejected = w.registrations(RegistrationStatus::Rejected).await;
    assert_eq!(rejected.len(), 1);

    super::to_summary(&person, PHONE, false).await;
    person.tap("✅ Kirim");
    asked(&w.office).await;
    w.office.tap("Tolak");
    w.office.expect_button("Area belum kami layani").await;
    w.office.tap("Area belum kami layani");
    person.expect("Alasan: Area belum kami layani").await;
    w.office.expect_toast("Pelamar sudah diberi tahu").await;
}

async fn a_demoted_admin_cannot_decide(backend: Backend) {
    let w = World::new(backend).await;
    w.applicant("Budi", PHONE).await;
    let card = asked(&w.office).await;
    let boss = w.t.app.login(Role::Superadmin).await;
    let id = user_id(&w.admin).await;
    let user: User = boss.get(&format!("/users/{id}")).await;
    let update = UserUpdate { name: user.name, role: Role::Cs, active: true };
    let _: User = boss.put(&format!("/users/{id}"), user.version, &update).await;
    // The link has ended with the rights. Even if it had not:
    w.t.link(id, &w.office).await;
    w.office.tap_on(card, "Setujui");
    w.office.expect_toast("Peran Anda tidak mengizinkan ini").await;
    w.office.tap_on(card, "Tolak");
    w.office.wait_for("two refusals", |chat| (chat.toasts.len() == 2).then_some(())).await;
    let path = "/technician-registrations?status=pending";
    let waiting: shared::Page<shared::technician_registration::TechnicianRegistration> =
        boss.get(path).await;
    assert_eq!(waiting.items.len(), 1);
}

async fn a_forged_button_is_rejected(backend: Backend) {
    let w = World::new(backend).await;
    let person = w.applicant("Budi", PHONE).await;
    let card = asked(&w.office).await;
    let genuine =
        w.office.chat().button("Setujui").and_then(|(_, button)| button.data.clone()).unwrap();
    // The applicant has the very bytes of the administrator's button.
    person.press(1, &genuine);
    person.expect_toast("tidak berlaku").await;
    // And a proof of eight signs that somebody made up.
    person.press(1, &format!("AAAAAAAA{}", &genuine[8..]));
    person.wait_for("two refusals", |chat| (chat.toasts.len() == 2).then_some(())).await;
    assert_eq!(w.registrations(RegistrationStatus::Pending).await.len(), 1);
    w.office.tap_on(card, "Setujui");
    person.expect("Selamat, Anda diterima").await;
}
